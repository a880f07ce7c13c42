#define _GNU_SOURCE
#include "CReference.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { slot_count = 64, coalesced_byte_count = 65536, control_byte_count = 128, buffer_byte_count = 32 << 20 };

static double seconds_of(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// --- Sending

struct sender {
  const struct creference_gro_options *options;
  struct sockaddr_in target;
  _Atomic int is_done;
  uint64_t sent_count;
};

static int open_sender(const struct sender *sender) {
  if (sender->options->sender_namespace) {
    int space = open(sender->options->sender_namespace, O_RDONLY | O_CLOEXEC);
    if (space < 0 || setns(space, CLONE_NEWNET) < 0) return -1;
    close(space);
  }
  int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  if (connect(descriptor, (const struct sockaddr *)&sender->target, sizeof sender->target) < 0) return -1;
  return descriptor;
}

static void *send_all(void *context) {
  struct sender *sender = context;
  const struct creference_gro_options *options = sender->options;
  int descriptor = open_sender(sender);
  size_t segments = options->segments_per_send;
  uint8_t *bytes = calloc(segments, options->datagram_byte_count);
  struct iovec part = {.iov_base = bytes, .iov_len = segments * options->datagram_byte_count};
  _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(uint16_t))] = {0};
  struct mmsghdr messages[slot_count] = {0};
  struct iovec parts[slot_count];
  struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
  if (segments > 1) {
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    struct cmsghdr *item = CMSG_FIRSTHDR(&header);
    item->cmsg_level = SOL_UDP;
    item->cmsg_type = UDP_SEGMENT;
    item->cmsg_len = CMSG_LEN(sizeof(uint16_t));
    uint16_t size = (uint16_t)options->datagram_byte_count;
    memcpy(CMSG_DATA(item), &size, sizeof size);
  }
  for (size_t slot = 0; slot < slot_count; slot++) {
    parts[slot] = (struct iovec){.iov_base = bytes, .iov_len = options->datagram_byte_count};
    messages[slot].msg_hdr = (struct msghdr){.msg_iov = &parts[slot], .msg_iovlen = 1};
  }
  double start = seconds_of(CLOCK_MONOTONIC);
  while (descriptor >= 0 && sender->sent_count < options->datagram_count) {
    if (options->datagrams_per_second > 0) {
      double due = start + (double)sender->sent_count / options->datagrams_per_second;
      while (seconds_of(CLOCK_MONOTONIC) < due) {
        const struct timespec pause = {.tv_nsec = 200000};
        nanosleep(&pause, NULL);
      }
    }
    if (segments > 1) {
      if (sendmsg(descriptor, &header, 0) > 0) sender->sent_count += segments;
      else if (errno != ENOBUFS && errno != EAGAIN && errno != ECONNREFUSED) break;
    } else {
      int sent = sendmmsg(descriptor, messages, slot_count, 0);
      if (sent > 0) sender->sent_count += (uint64_t)sent;
      else if (errno != ENOBUFS && errno != EAGAIN && errno != ECONNREFUSED) break;
    }
  }
  if (descriptor >= 0) close(descriptor);
  free(bytes);
  atomic_store(&sender->is_done, 1);
  return NULL;
}

// --- Receiving

struct batch {
  struct mmsghdr messages[slot_count];
  struct iovec parts[slot_count];
  _Alignas(struct cmsghdr) char controls[slot_count][control_byte_count];
  uint8_t *bytes;
  size_t slot_byte_count;
};

static void make_ready(struct batch *batch) {
  for (size_t slot = 0; slot < slot_count; slot++) {
    batch->parts[slot] = (struct iovec){batch->bytes + slot * batch->slot_byte_count, batch->slot_byte_count};
    batch->messages[slot].msg_hdr = (struct msghdr){
        .msg_iov = &batch->parts[slot], .msg_iovlen = 1, .msg_control = batch->controls[slot],
        .msg_controllen = control_byte_count};
  }
}

// What the kernel cut a coalesced message from; its length when it is a single datagram.
static size_t segment_size(struct msghdr *header, size_t byte_count) {
  for (struct cmsghdr *item = CMSG_FIRSTHDR(header); item; item = CMSG_NXTHDR(header, item)) {
    if (item->cmsg_level == SOL_UDP && item->cmsg_type == UDP_GRO) {
      int size;
      memcpy(&size, CMSG_DATA(item), sizeof size);
      return size > 0 ? (size_t)size : byte_count;
    }
  }
  return byte_count;
}

static int take(struct batch *batch, int descriptor, struct creference_gro_result *result) {
  make_ready(batch);
  int count = recvmmsg(descriptor, batch->messages, slot_count, MSG_DONTWAIT, NULL);
  for (int slot = 0; slot < count; slot++) {
    size_t byte_count = batch->messages[slot].msg_len;
    size_t size = segment_size(&batch->messages[slot].msg_hdr, byte_count);
    const uint8_t *bytes = batch->bytes + (size_t)slot * batch->slot_byte_count;
    for (size_t offset = 0; offset < byte_count; offset += size) {
      result->digest += bytes[offset];
      result->datagram_count++;
    }
    result->message_count++;
  }
  return count;
}

static int open_receiver(const struct creference_gro_options *options, struct sockaddr_in *address) {
  int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return -1;
  int on = 1, size = buffer_byte_count;
  if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  setsockopt(descriptor, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
  if (options->is_coalescing) setsockopt(descriptor, SOL_UDP, UDP_GRO, &on, sizeof on);
  *address = (struct sockaddr_in){.sin_family = AF_INET};
  inet_pton(AF_INET, options->address, &address->sin_addr);
  socklen_t length = sizeof *address;
  if (bind(descriptor, (struct sockaddr *)address, sizeof *address) < 0
      || getsockname(descriptor, (struct sockaddr *)address, &length) < 0) {
    close(descriptor);
    return -1;
  }
  return descriptor;
}

struct creference_gro_result creference_gro_measure(const struct creference_gro_options *options) {
  struct creference_gro_result result = {0};
  struct sender sender = {.options = options};
  struct batch *batch = calloc(1, sizeof *batch);
  int descriptor = open_receiver(options, &sender.target);
  if (!batch || descriptor < 0) {
    free(batch);
    return result;
  }
  batch->slot_byte_count = options->is_coalescing ? coalesced_byte_count : 2240;
  batch->bytes = calloc(slot_count, batch->slot_byte_count);
  pthread_t thread;
  pthread_create(&thread, NULL, send_all, &sender);
  double start = seconds_of(CLOCK_THREAD_CPUTIME_ID), all = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  double begun = seconds_of(CLOCK_MONOTONIC);
  const struct timespec pause = {.tv_nsec = 1000000};
  for (int quiet = 0; quiet < 100;) {
    // As the daemon does while a link is busy: everything there is, once a millisecond.
    nanosleep(&pause, NULL);
    int count, total = 0;
    while ((count = take(batch, descriptor, &result)) > 0) total += count;
    quiet = total == 0 && atomic_load(&sender.is_done) ? quiet + 1 : 0;
  }
  result.receiver_seconds = seconds_of(CLOCK_THREAD_CPUTIME_ID) - start;
  result.process_seconds = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - all;
  result.wall_seconds = seconds_of(CLOCK_MONOTONIC) - begun;
  pthread_join(thread, NULL);
  result.sent_count = sender.sent_count;
  close(descriptor);
  free(batch->bytes);
  free(batch);
  return result;
}
