#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int result(int value) { return value < 0 ? -errno : value; }

// --- Addresses of sockets

static const struct sockaddr *socket_address(const struct clinux_address *address) {
  return (const struct sockaddr *)(const void *)address->storage;
}

int clinux_address_parse(const char *host, uint16_t port, struct clinux_address *address) {
  memset(address, 0, sizeof *address);
  if (!strchr(host, ':')) {
    // Strictly four decimal numbers: getaddrinfo would take "1.2.3" for 1.2.0.3, and 010 for 8.
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    if (*host && inet_pton(AF_INET, host, &v4.sin_addr) != 1) return -EINVAL;
    memcpy(address->storage, &v4, sizeof v4);
    address->byte_count = sizeof v4;
    return 0;
  }
  // For IPv6 it is the one that knows scopes, as in "fe80::1%eth0".
  struct addrinfo hints = {.ai_family = AF_INET6, .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST};
  struct addrinfo *found = NULL;
  if (getaddrinfo(host, NULL, &hints, &found) != 0) return -EINVAL;
  struct sockaddr_in6 v6;
  memcpy(&v6, found->ai_addr, sizeof v6);
  freeaddrinfo(found);
  v6.sin6_port = htons(port);
  memcpy(address->storage, &v6, sizeof v6);
  address->byte_count = sizeof v6;
  return 0;
}

int clinux_udp_socket(const struct clinux_address *address, int nonblocking) {
  int type = SOCK_DGRAM | SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0);
  return result(socket(socket_address(address)->sa_family, type, IPPROTO_UDP));
}

int clinux_bind(int descriptor, const struct clinux_address *address) {
  return result(bind(descriptor, socket_address(address), address->byte_count));
}

int clinux_connect(int descriptor, const struct clinux_address *address) {
  return result(connect(descriptor, socket_address(address), address->byte_count));
}

int clinux_local_port(int descriptor) {
  struct sockaddr_storage local;
  socklen_t length = sizeof local;
  if (getsockname(descriptor, (struct sockaddr *)&local, &length) < 0) return -errno;
  if (local.ss_family == AF_INET) return ntohs(((struct sockaddr_in *)&local)->sin_port);
  if (local.ss_family == AF_INET6) return ntohs(((struct sockaddr_in6 *)&local)->sin6_port);
  return -EAFNOSUPPORT;
}

int clinux_local_address(int descriptor, struct clinux_address *address) {
  socklen_t length = sizeof address->storage;
  memset(address, 0, sizeof *address);
  if (getsockname(descriptor, (struct sockaddr *)(void *)address->storage, &length) < 0) return -errno;
  address->byte_count = length;
  return 0;
}

int clinux_send_group_by(int descriptor, const struct clinux_address *interface) {
  if (socket_address(interface)->sa_family != AF_INET) return -EAFNOSUPPORT;
  struct in_addr address = ((const struct sockaddr_in *)(const void *)interface->storage)->sin_addr;
  return result(setsockopt(descriptor, IPPROTO_IP, IP_MULTICAST_IF, &address, sizeof address));
}

// --- Options and counters of sockets

int clinux_enable_receive_information(int descriptor) {
  int on = 1;
  if (setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0) return -errno;
  return result(setsockopt(descriptor, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on));
}

int clinux_set_receive_buffer(int descriptor, int byte_count) {
  if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &byte_count, sizeof byte_count) == 0) return 0;
  return result(setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &byte_count, sizeof byte_count));
}

int clinux_grow_receive_buffer(int descriptor, int byte_count) {
  int now = clinux_receive_buffer(descriptor);
  if (now < 0) return now;
  if (now / 2 >= byte_count) return 0;
  if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &byte_count, sizeof byte_count) == 0) return 0;
  // What may be had without that permission, another socket tells: to ask with this one could take from it.
  int probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return -errno;
  int outcome = result(setsockopt(probe, SOL_SOCKET, SO_RCVBUF, &byte_count, sizeof byte_count));
  int granted = outcome < 0 ? outcome : clinux_receive_buffer(probe);
  close(probe);
  if (granted <= now) return granted < 0 ? granted : 0;
  return result(setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &byte_count, sizeof byte_count));
}

int clinux_receive_buffer(int descriptor) {
  int byte_count = 0;
  socklen_t length = sizeof byte_count;
  if (getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &byte_count, &length) < 0) return -errno;
  return byte_count;
}

int clinux_socket_memory(int descriptor, struct clinux_socket_memory *memory) {
  // The indices of linux/sock_diag.h: 0 is memory allocated by the receive queue, 8 is the drop count.
  uint32_t values[9] = {0};
  socklen_t length = sizeof values;
  if (getsockopt(descriptor, SOL_SOCKET, SO_MEMINFO, values, &length) < 0) return -errno;
  if (length < sizeof values) return -ENOPROTOOPT;
  memory->receive_queue_byte_count = values[0];
  memory->drop_count = values[8];
  return 0;
}

// --- Sending UDP in batches

int clinux_send_batch(int descriptor, const void *bytes, const ptrdiff_t *byte_counts, uint32_t datagram_count) {
  struct mmsghdr messages[CLINUX_SEND_BATCH_CAPACITY];
  struct iovec parts[CLINUX_SEND_BATCH_CAPACITY];
  const char *next = bytes;
  uint32_t count = datagram_count < CLINUX_SEND_BATCH_CAPACITY ? datagram_count : CLINUX_SEND_BATCH_CAPACITY;
  memset(messages, 0, count * sizeof messages[0]);
  for (uint32_t index = 0; index < count; index++) {
    parts[index] = (struct iovec){.iov_base = (void *)next, .iov_len = (size_t)byte_counts[index]};
    messages[index].msg_hdr.msg_iov = &parts[index];
    messages[index].msg_hdr.msg_iovlen = 1;
    next += byte_counts[index];
  }
  return result(sendmmsg(descriptor, messages, count, MSG_NOSIGNAL));
}

// --- Streams

void *clinux_open_stream(
    void *context, ptrdiff_t (*read)(void *context, char *bytes, size_t byte_count), void *buffer,
    size_t buffer_byte_count) {
  cookie_io_functions_t functions = {.read = read};
  FILE *stream = fopencookie(context, "r", functions);
  // Buffered by all means: without a buffer such a stream calls back for every single byte.
  if (stream) setvbuf(stream, buffer, _IOFBF, buffer_byte_count);
  return stream;
}

size_t clinux_stream_unread(const void *stream) {
  // There is no function for it in this direction, and ftell does not work without seeking; these fields are fixed.
  const FILE *file = stream;
  return (size_t)(file->_IO_read_end - file->_IO_read_ptr);
}

// --- Memory

int clinux_keep_one_heap(void) {
#ifdef M_ARENA_MAX
  return mallopt(M_ARENA_MAX, 1);
#else
  return 0;
#endif
}
