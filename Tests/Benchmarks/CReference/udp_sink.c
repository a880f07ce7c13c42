#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "CReference.h"

enum { slot_count = 64, buffer_size = 8 << 20 };

struct creference_sink {
  int descriptor;
  struct mmsghdr messages[slot_count];
  struct iovec vectors[slot_count];
  uint8_t *bytes;
};

static struct sockaddr_in loopback(uint16_t port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

creference_sink *creference_sink_open(uint16_t port, size_t largest_datagram_byte_count) {
  creference_sink *sink = calloc(1, sizeof *sink);
  if (!sink) return NULL;
  sink->bytes = calloc(slot_count, largest_datagram_byte_count);
  sink->descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const struct sockaddr_in address = loopback(port);
  if (!sink->bytes || sink->descriptor < 0
      || bind(sink->descriptor, (const struct sockaddr *)&address, sizeof address) < 0) {
    creference_sink_close(sink);
    return NULL;
  }
  const int size = buffer_size;
  if (setsockopt(sink->descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0) {
    setsockopt(sink->descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  }
  for (size_t slot = 0; slot < slot_count; slot++) {
    sink->vectors[slot].iov_base = sink->bytes + slot * largest_datagram_byte_count;
    sink->vectors[slot].iov_len = largest_datagram_byte_count;
    sink->messages[slot].msg_hdr.msg_iov = &sink->vectors[slot];
    sink->messages[slot].msg_hdr.msg_iovlen = 1;
  }
  return sink;
}

void creference_sink_close(creference_sink *sink) {
  const int error = errno;
  if (sink->descriptor >= 0) close(sink->descriptor);
  free(sink->bytes);
  free(sink);
  errno = error;
}

uint16_t creference_sink_port(const creference_sink *sink) {
  struct sockaddr_in address;
  socklen_t size = sizeof address;
  return getsockname(sink->descriptor, (struct sockaddr *)&address, &size) < 0 ? 0 : ntohs(address.sin_port);
}

size_t creference_sink_buffer(const creference_sink *sink) {
  int size = 0;
  socklen_t length = sizeof size;
  return getsockopt(sink->descriptor, SOL_SOCKET, SO_RCVBUF, &size, &length) < 0 ? 0 : (size_t)size;
}

uint32_t creference_sink_drops(const creference_sink *sink) {
  uint32_t memory[SK_MEMINFO_VARS] = {0};
  socklen_t length = sizeof memory;
  return getsockopt(sink->descriptor, SOL_SOCKET, SO_MEMINFO, memory, &length) < 0 ? 0 : memory[SK_MEMINFO_DROPS];
}

static inline int receive(creference_sink *sink, int flags, struct creference_reception *reception) {
  const int count = recvmmsg(sink->descriptor, sink->messages, slot_count, flags, NULL);
  for (int slot = 0; slot < count; slot++) reception->byte_count += sink->messages[slot].msg_len;
  if (count > 0) reception->datagram_count += (uint64_t)count;
  return count;
}

struct creference_reception creference_sink_drain(creference_sink *sink) {
  struct creference_reception reception = {0};
  while (receive(sink, MSG_DONTWAIT, &reception) > 0) continue;
  return reception;
}

struct creference_reception creference_sink_run(creference_sink *sink, double idle_seconds, const volatile int *stop) {
  struct creference_reception reception = {0};
  // Wakes up to look at `stop`, and gives up after as many wake-ups without a datagram as make `idle_seconds`.
  const struct timeval patience = {.tv_usec = 100000};
  setsockopt(sink->descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const int idle_limit = (int)(idle_seconds * 10) + 1;
  int idle_count = 0;
  while (!*stop && idle_count < idle_limit) {
    const int count = receive(sink, MSG_WAITFORONE, &reception);
    if (count > 0) {
      idle_count = 0;
    } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
      break;
    } else if (reception.datagram_count > 0) {
      idle_count++;
    }
  }
  return reception;
}

struct creference_reception creference_sink_poll(creference_sink *sink, double idle_seconds, unsigned microseconds) {
  struct creference_reception reception = {0};
  const uint64_t idle_limit = (uint64_t)(idle_seconds * 1e6 / microseconds) + 1;
  const struct timespec pause = {.tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000};
  for (uint64_t idle_count = 0; idle_count < idle_limit;) {
    nanosleep(&pause, NULL);
    const uint64_t before = reception.datagram_count;
    while (receive(sink, MSG_DONTWAIT, &reception) == slot_count) continue;
    if (reception.datagram_count > before) {
      idle_count = 0;
    } else if (before > 0) {
      idle_count++;
    }
  }
  return reception;
}
