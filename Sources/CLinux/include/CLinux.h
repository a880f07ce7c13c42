// What the C library of Linux can do and its Swift module hides. Plain C types only: a header that defined
// _GNU_SOURCE would change what every other module sees of the same system headers.
//
// Unless said otherwise a function returns a result of 0 or more, or the negated error number.
#ifndef CLINUX_H
#define CLINUX_H

#include <stddef.h>
#include <stdint.h>

// --- Addresses of sockets -------------------------------------------------------------------------------------

/// The address of an IPv4 or IPv6 socket, as the kernel wants it.
struct clinux_address {
  uint64_t storage[16];
  uint32_t byte_count;
};

/// Reads a numeric address; an empty host is any IPv4 address. EINVAL when it is none.
int clinux_address_parse(const char *host, uint16_t port, struct clinux_address *address);

/// A close-on-exec UDP socket of the address's family.
int clinux_udp_socket(const struct clinux_address *address, int nonblocking);
int clinux_bind(int descriptor, const struct clinux_address *address);
int clinux_connect(int descriptor, const struct clinux_address *address);
/// The port that the socket is bound to.
int clinux_local_port(int descriptor);
/// The address that the socket has.
int clinux_local_address(int descriptor, struct clinux_address *address);
/// Sends multicast datagrams by the interface that has this IPv4 address.
int clinux_send_group_by(int descriptor, const struct clinux_address *interface);

// --- Interfaces and groups ------------------------------------------------------------------------------------

/// The index of a network interface, and whether it is up.
int clinux_interface(const char *name, int *is_up);
/// Has a packet socket not see what this host sends.
int clinux_ignore_outgoing(int descriptor);
/// Lets other sockets have the same group and port, and has this one hear no groups but its own. Before it is bound.
int clinux_prepare_group(int descriptor, const struct clinux_address *group);
/// Joins a multicast group on an interface, 0 for the kernel's choice, for all sources (null) or one. EADDRINUSE or
/// EADDRNOTAVAIL when it has been joined already.
int clinux_join_group(
    int descriptor, const struct clinux_address *group, uint32_t interface_index, const struct clinux_address *source);
int clinux_leave_group(int descriptor, const struct clinux_address *group, uint32_t interface_index);
/// Has a socket that sends to a group send by this interface and to this host only.
int clinux_keep_on_host(int descriptor, const struct clinux_address *group, uint32_t interface_index);

// --- Receiving UDP in batches ---------------------------------------------------------------------------------

/// What the kernel said about one datagram.
struct clinux_datagram {
  /// Bytes in the slot.
  size_t byte_count;
  /// Bytes that were sent; more than `byte_count` when the slot was too small.
  size_t original_byte_count;
  /// Nanoseconds since 1970 in UTC, when `has_time`.
  int64_t time_nanoseconds;
  /// The sender: an IPv4 address fills the low 32 bits of `address_low`.
  uint64_t address_high;
  uint64_t address_low;
  /// The low 32 bits of the socket's cumulative drop count, when `has_drop_count`.
  uint32_t drop_count;
  uint16_t port;
  uint8_t is_ipv6;
  uint8_t has_time;
  uint8_t has_drop_count;
};

/// How much a block of memory for receiving holds. The same shape is laid out in the same way.
struct clinux_memory_shape {
  /// Slots for datagrams; 0 for what has none, and otherwise 64, a batch, at least.
  uint32_t slot_count;
  uint32_t slot_byte_count;
  /// The longest state, in bytes.
  uint64_t state_capacity;
};

/// Slots for datagrams, and two places for the state that was saved before they were filled, in one block of memory.
///
/// It may be kept: then it outlives the process as long as anybody holds its descriptor. Whoever takes it over finds the
/// newest state that was saved whole, and the datagrams that were received after it.
typedef struct clinux_receive_memory clinux_receive_memory;

int clinux_receive_memory_create(
    const struct clinux_memory_shape *shape, int is_kept, clinux_receive_memory **created);
/// Takes over memory that a process before this one kept, and its descriptor. EINVAL unless it is such memory and has
/// this shape; then the descriptor stays the caller's.
int clinux_receive_memory_adopt(
    int descriptor, const struct clinux_memory_shape *shape, clinux_receive_memory **adopted);
/// Unmaps it, and closes the descriptor.
void clinux_receive_memory_destroy(clinux_receive_memory *memory);
/// -1 for memory that is not kept.
int clinux_receive_memory_descriptor(const clinux_receive_memory *memory);
/// Lends the state that was saved last. ENODATA when there is none, EBADMSG when it is damaged.
int clinux_receive_memory_load(clinux_receive_memory *memory, const void **bytes, size_t *byte_count);
/// Saves the state of whatever has no slots; EFBIG when it is too long.
int clinux_receive_memory_save(clinux_receive_memory *memory, const void *bytes, size_t byte_count);
/// Nobody is to go on with what was saved.
void clinux_receive_memory_forget(clinux_receive_memory *memory);

/// Fills the slots of memory in batches of 64 at most, with all that recvmmsg needs for it.
typedef struct clinux_receive_batch clinux_receive_batch;

/// Null when there is no memory. The memory stays the caller's, and has to outlive the batch.
clinux_receive_batch *clinux_receive_batch_create(clinux_receive_memory *memory);
void clinux_receive_batch_destroy(clinux_receive_batch *batch);
/// Takes what the socket holds, at most one datagram a slot, without waiting. In kept memory the slots are used up until
/// the state is saved, fewer of them the shorter that is; ENOBUFS when there is none left.
int clinux_receive_batch_fill(clinux_receive_batch *batch, int descriptor);
/// Lends the next datagrams that the process before this one received and did not save; 0 when there are no more.
int clinux_receive_batch_recall(clinux_receive_batch *batch);
/// How many datagrams there is room for now, at most 64.
uint32_t clinux_receive_batch_room(const clinux_receive_batch *batch);
/// Saves the state that all datagrams so far have led to, which makes room. EFBIG when it is too long.
int clinux_receive_batch_save(clinux_receive_batch *batch, const void *bytes, size_t byte_count);
/// Makes room without a state: nobody will be able to go on from here.
void clinux_receive_batch_forget(clinux_receive_batch *batch);
const void *clinux_receive_batch_bytes(const clinux_receive_batch *batch, uint32_t index);
const struct clinux_datagram *clinux_receive_batch_datagram(const clinux_receive_batch *batch, uint32_t index);

/// Asks for receive times and drop counts with every datagram.
int clinux_enable_receive_information(int descriptor);
/// Asks for a receive buffer, past the system's limit where that is permitted.
int clinux_set_receive_buffer(int descriptor, int byte_count);
/// The same, but never takes from a buffer: a service manager that opened the socket may have been permitted more.
int clinux_grow_receive_buffer(int descriptor, int byte_count);
/// The size of the receive buffer as the kernel accounts for it: twice what was granted.
int clinux_receive_buffer(int descriptor);

/// The fill of a socket's receive queue in bytes of kernel memory, and its cumulative drop count.
struct clinux_socket_memory {
  uint32_t receive_queue_byte_count;
  uint32_t drop_count;
};
int clinux_socket_memory(int descriptor, struct clinux_socket_memory *memory);

// --- Descriptors from and to other processes -------------------------------------------------------------------

/// Whether a socket is of this type, SOCK_DGRAM or SOCK_STREAM, and bound to exactly this address; if of SOCK_STREAM,
/// whether it listens too.
int clinux_is_bound(int descriptor, int type, const struct clinux_address *address);
/// The number that tells this socket from every other since the machine was started; 0 when it is not to be had.
uint64_t clinux_socket_cookie(int descriptor);
/// Sets close-on-exec, and for a socket that it never waits.
int clinux_make_own(int descriptor);
/// Sends one datagram, and a descriptor with it, to a Unix socket.
int clinux_send_descriptor(
    int socket, const void *address, uint32_t address_byte_count, const void *bytes, size_t byte_count, int descriptor);
/// Receives one datagram without waiting, and the descriptor that came with it, or -1. Returns its length.
int clinux_receive_descriptor(int socket, void *bytes, size_t byte_count, int *descriptor);

// --- Sending UDP in batches -----------------------------------------------------------------------------------

/// The most datagrams that one call of `clinux_send_batch` sends.
#define CLINUX_SEND_BATCH_CAPACITY 64

/// Sends datagrams that lie one behind the other, from a connected socket. Returns how many were sent.
int clinux_send_batch(int descriptor, const void *bytes, const ptrdiff_t *byte_counts, uint32_t datagram_count);

// --- TCP ------------------------------------------------------------------------------------------------------

/// One end of a connection: an IPv4 address fills the low 32 bits of `address_low`.
struct clinux_peer {
  uint64_t address_high;
  uint64_t address_low;
  uint16_t port;
  uint8_t is_ipv6;
};

/// Who an address is.
void clinux_describe_address(const struct clinux_address *address, struct clinux_peer *peer);
/// Looks a name up, which may take as long as it takes. Returns how many addresses there are, or an EAI error number,
/// which is negative.
int clinux_resolve(const char *name, uint16_t port, struct clinux_address *addresses, uint32_t capacity);
/// What an EAI error number means.
const char *clinux_resolve_error(int code);
/// A close-on-exec, non-blocking TCP socket of the address's family.
int clinux_tcp_socket(const struct clinux_address *address);
/// Binds and listens; a connection of an earlier run that lingers is no hindrance.
int clinux_tcp_listen(int descriptor, const struct clinux_address *address, int backlog);
/// Accepts a connection, close-on-exec and non-blocking.
int clinux_tcp_accept(int descriptor, struct clinux_peer *peer);
/// Has the kernel ask a silent peer whether it is there, and give the connection up when nothing answers.
int clinux_tcp_watch(int descriptor, int idle_seconds, int interval_seconds, int probe_count);
/// The error that a connection has come to, or 0; a positive error number.
int clinux_socket_error(int descriptor);
/// Whether both ends are the same socket: what may come of connecting to a free port of this machine.
int clinux_is_self_connected(int descriptor);
/// Takes what the connection holds, without waiting. 0 is the end.
ptrdiff_t clinux_receive(int descriptor, void *bytes, size_t byte_count);
/// Bytes that the connection holds.
int clinux_readable_byte_count(int descriptor);

// --- Streams --------------------------------------------------------------------------------------------------

/// A `FILE *` for reading whose bytes come from a function that returns their count, 0 at the end, or -1 with errno set.
/// The buffer stays the caller's, who frees it after the stream is closed. Null when there is no memory.
void *clinux_open_stream(
    void *context, ptrdiff_t (*read)(void *context, char *bytes, size_t byte_count), void *buffer, size_t buffer_byte_count);
/// Bytes in the buffer of a `FILE *` that nobody has taken out yet.
size_t clinux_stream_unread(const void *stream);

// --- Memory ---------------------------------------------------------------------------------------------------

/// Has all threads allocate from one heap, so that what one frees another can use. To be called before there are many.
/// Gives 0 where the C library has no such choice.
int clinux_keep_one_heap(void);

// --- Confinement ----------------------------------------------------------------------------------------------

/// What a confined process may not reach outside of its confinement; from version 6 of Landlock on.
#define CLINUX_LANDLOCK_SCOPE_ABSTRACT_SOCKETS 1
#define CLINUX_LANDLOCK_SCOPE_SIGNALS 2

/// The version of Landlock, from 1. ENOSYS or EOPNOTSUPP when the kernel has it not, or not switched on.
int clinux_landlock_version(void);
/// The descriptor of a set of rules, under which no file can be touched but those that are allowed.
int clinux_landlock_create(int version, uint32_t scopes);
/// Allows to read a file, or all below a directory; and to write, make, rename and remove them. Never to run them.
int clinux_landlock_allow(int ruleset, int version, const char *path, int may_write);
/// Confines the calling thread, and all threads and processes that come from it, for good.
int clinux_landlock_enforce(int ruleset);
/// No program that this process may ever start has more privileges than it has.
int clinux_forbid_new_privileges(void);
/// No core dump, and no look into the memory of this process by its own user.
int clinux_forbid_inspection(void);

// --- Files ----------------------------------------------------------------------------------------------------

/// Has the file system set room aside, without changing what the file holds or its length.
int clinux_reserve(int descriptor, int64_t offset, int64_t byte_count);

#endif
