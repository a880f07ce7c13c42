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
/// Joins a multicast group on an interface given by name, by IPv4 address, or not at all (null).
int clinux_join_group(int descriptor, const struct clinux_address *group, const char *interface);
/// Sends multicast datagrams by the interface that has this IPv4 address.
int clinux_send_group_by(int descriptor, const struct clinux_address *interface);

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

/// Slots for datagrams in one block of memory, and all that recvmmsg needs to fill them.
typedef struct clinux_receive_batch clinux_receive_batch;

/// Null when there is no memory.
clinux_receive_batch *clinux_receive_batch_create(uint32_t slot_count, size_t slot_byte_count);
void clinux_receive_batch_destroy(clinux_receive_batch *batch);
/// Takes what the socket holds, at most one datagram a slot, without waiting.
int clinux_receive_batch_fill(clinux_receive_batch *batch, int descriptor);
const void *clinux_receive_batch_bytes(const clinux_receive_batch *batch, uint32_t slot);
const struct clinux_datagram *clinux_receive_batch_datagram(const clinux_receive_batch *batch, uint32_t slot);

/// Asks for receive times and drop counts with every datagram.
int clinux_enable_receive_information(int descriptor);
/// Asks for a receive buffer, past the system's limit where that is permitted.
int clinux_set_receive_buffer(int descriptor, int byte_count);
/// The size of the receive buffer as the kernel accounts for it: twice what was granted.
int clinux_receive_buffer(int descriptor);

/// The fill of a socket's receive queue in bytes of kernel memory, and its cumulative drop count.
struct clinux_socket_memory {
  uint32_t receive_queue_byte_count;
  uint32_t drop_count;
};
int clinux_socket_memory(int descriptor, struct clinux_socket_memory *memory);

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

// --- Unix sockets and threads ---------------------------------------------------------------------------------

/// Who is at the other end of a connected Unix socket.
int clinux_peer_credentials(int descriptor, int32_t *process, uint32_t *user, uint32_t *group);
/// Accepts a connection, close-on-exec and non-blocking.
int clinux_accept(int descriptor);
/// Names the calling thread; the kernel keeps the first 15 bytes.
int clinux_set_thread_name(const char *name);

// --- Files ----------------------------------------------------------------------------------------------------

/// Has the file system set room aside, without changing what the file holds or its length.
int clinux_reserve(int descriptor, int64_t offset, int64_t byte_count);

#endif
