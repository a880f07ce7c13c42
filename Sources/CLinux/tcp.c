#define _GNU_SOURCE
#include "CLinux.h"

#include <endian.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static int result(int value) { return value < 0 ? -errno : value; }

static const struct sockaddr *socket_address(const struct clinux_address *address) {
  return (const struct sockaddr *)(const void *)address->storage;
}

static int set(int descriptor, int level, int option, int value) {
  return result(setsockopt(descriptor, level, option, &value, sizeof value));
}

// --- Addresses

static void describe(const struct sockaddr *address, struct clinux_peer *peer) {
  memset(peer, 0, sizeof *peer);
  if (address->sa_family == AF_INET) {
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)address;
    peer->address_low = ntohl(v4->sin_addr.s_addr);
    peer->port = ntohs(v4->sin_port);
  } else if (address->sa_family == AF_INET6) {
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;
    uint64_t halves[2];
    memcpy(halves, &v6->sin6_addr, sizeof halves);
    peer->address_high = be64toh(halves[0]);
    peer->address_low = be64toh(halves[1]);
    peer->port = ntohs(v6->sin6_port);
    peer->is_ipv6 = 1;
  }
}

void clinux_describe_address(const struct clinux_address *address, struct clinux_peer *peer) {
  describe(socket_address(address), peer);
}

int clinux_resolve(const char *name, uint16_t port, struct clinux_address *addresses, uint32_t capacity) {
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
  struct addrinfo *found = NULL;
  int code = getaddrinfo(name, NULL, &hints, &found);
  if (code != 0) return code;
  uint32_t count = 0;
  for (struct addrinfo *item = found; item && count < capacity; item = item->ai_next) {
    if (item->ai_addrlen > sizeof addresses->storage) continue;
    struct clinux_address *address = &addresses[count];
    memset(address, 0, sizeof *address);
    memcpy(address->storage, item->ai_addr, item->ai_addrlen);
    address->byte_count = item->ai_addrlen;
    if (item->ai_family == AF_INET) {
      ((struct sockaddr_in *)(void *)address->storage)->sin_port = htons(port);
    } else if (item->ai_family == AF_INET6) {
      ((struct sockaddr_in6 *)(void *)address->storage)->sin6_port = htons(port);
    } else {
      continue;
    }
    count++;
  }
  freeaddrinfo(found);
  return count > 0 ? (int)count : EAI_NONAME;
}

const char *clinux_resolve_error(int code) { return gai_strerror(code); }

// --- Sockets

int clinux_tcp_socket(const struct clinux_address *address) {
  return result(socket(socket_address(address)->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
}

int clinux_tcp_listen(int descriptor, const struct clinux_address *address, int backlog) {
  int outcome = set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
  if (outcome < 0) return outcome;
  if (bind(descriptor, socket_address(address), address->byte_count) < 0) return -errno;
  return result(listen(descriptor, backlog));
}

int clinux_tcp_accept(int descriptor, struct clinux_peer *peer) {
  struct sockaddr_storage address = {0};
  socklen_t length = sizeof address;
  int accepted = accept4(descriptor, (struct sockaddr *)&address, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (accepted < 0) return -errno;
  describe((const struct sockaddr *)&address, peer);
  return accepted;
}

int clinux_tcp_watch(int descriptor, int idle_seconds, int interval_seconds, int probe_count) {
  const int options[][3] = {
      {SOL_SOCKET, SO_KEEPALIVE, 1},
      {IPPROTO_TCP, TCP_KEEPIDLE, idle_seconds},
      {IPPROTO_TCP, TCP_KEEPINTVL, interval_seconds},
      {IPPROTO_TCP, TCP_KEEPCNT, probe_count},
      // Where it is set it decides instead of the number of probes.
      {IPPROTO_TCP, TCP_USER_TIMEOUT, (idle_seconds + interval_seconds * probe_count) * 1000},
  };
  for (size_t index = 0; index < sizeof options / sizeof options[0]; index++) {
    int outcome = set(descriptor, options[index][0], options[index][1], options[index][2]);
    if (outcome < 0) return outcome;
  }
  return 0;
}

int clinux_socket_error(int descriptor) {
  int error = 0;
  socklen_t length = sizeof error;
  return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) < 0 ? errno : error;
}

int clinux_is_self_connected(int descriptor) {
  struct sockaddr_storage local = {0}, remote = {0};
  socklen_t local_length = sizeof local, remote_length = sizeof remote;
  if (getsockname(descriptor, (struct sockaddr *)&local, &local_length) < 0) return 0;
  if (getpeername(descriptor, (struct sockaddr *)&remote, &remote_length) < 0) return 0;
  return local_length == remote_length && memcmp(&local, &remote, local_length) == 0;
}

ptrdiff_t clinux_receive(int descriptor, void *bytes, size_t byte_count) {
  ptrdiff_t received = recv(descriptor, bytes, byte_count, MSG_DONTWAIT);
  return received < 0 ? -errno : received;
}

int clinux_readable_byte_count(int descriptor) {
  int byte_count = 0;
  return ioctl(descriptor, FIONREAD, &byte_count) < 0 ? -errno : byte_count;
}
