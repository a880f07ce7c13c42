#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>

// Room for a struct timespec, a drop count and a header for each.
enum { control_capacity = 128, cache_line = 64 };

struct clinux_receive_batch {
  uint32_t slot_count;
  uint32_t used_count;
  size_t slot_stride;
  size_t slab_byte_count;
  uint8_t *slab;
  struct mmsghdr *messages;
  struct iovec *parts;
  struct sockaddr_storage *senders;
  uint8_t *controls;
  struct clinux_datagram *datagrams;
};

// The kernel has overwritten the lengths of what it filled.
static void make_ready(clinux_receive_batch *batch, uint32_t slot) {
  struct msghdr *header = &batch->messages[slot].msg_hdr;
  header->msg_namelen = sizeof(struct sockaddr_storage);
  header->msg_controllen = control_capacity;
  header->msg_flags = 0;
}

clinux_receive_batch *clinux_receive_batch_create(uint32_t slot_count, size_t slot_byte_count) {
  clinux_receive_batch *batch = calloc(1, sizeof *batch);
  if (!batch) return NULL;
  batch->slot_count = slot_count;
  // An odd number of cache lines, so that the beginnings of the slots do not all compete for the same ones.
  batch->slot_stride = ((slot_byte_count + cache_line - 1) / cache_line | 1) * cache_line;
  batch->slab_byte_count = batch->slot_stride * slot_count;
  // Mapped rather than allocated: pages that no datagram ever reaches cost nothing.
  void *slab = mmap(NULL, batch->slab_byte_count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  batch->slab = slab == MAP_FAILED ? NULL : slab;
  batch->messages = calloc(slot_count, sizeof *batch->messages);
  batch->parts = calloc(slot_count, sizeof *batch->parts);
  batch->senders = calloc(slot_count, sizeof *batch->senders);
  batch->controls = calloc(slot_count, control_capacity);
  batch->datagrams = calloc(slot_count, sizeof *batch->datagrams);
  if (!batch->slab || !batch->messages || !batch->parts || !batch->senders || !batch->controls || !batch->datagrams) {
    clinux_receive_batch_destroy(batch);
    return NULL;
  }
  for (uint32_t slot = 0; slot < slot_count; slot++) {
    batch->parts[slot] = (struct iovec){.iov_base = batch->slab + slot * batch->slot_stride, .iov_len = slot_byte_count};
    batch->messages[slot].msg_hdr = (struct msghdr){
        .msg_name = &batch->senders[slot],
        .msg_iov = &batch->parts[slot],
        .msg_iovlen = 1,
        .msg_control = batch->controls + (size_t)slot * control_capacity,
    };
    make_ready(batch, slot);
  }
  return batch;
}

void clinux_receive_batch_destroy(clinux_receive_batch *batch) {
  if (!batch) return;
  if (batch->slab) munmap(batch->slab, batch->slab_byte_count);
  free(batch->messages);
  free(batch->parts);
  free(batch->senders);
  free(batch->controls);
  free(batch->datagrams);
  free(batch);
}

static void describe_sender(const struct sockaddr_storage *sender, struct clinux_datagram *datagram) {
  if (sender->ss_family == AF_INET) {
    const struct sockaddr_in *address = (const struct sockaddr_in *)sender;
    datagram->address_low = ntohl(address->sin_addr.s_addr);
    datagram->port = ntohs(address->sin_port);
  } else if (sender->ss_family == AF_INET6) {
    const struct sockaddr_in6 *address = (const struct sockaddr_in6 *)sender;
    uint64_t halves[2];
    memcpy(halves, &address->sin6_addr, sizeof halves);
    datagram->address_high = be64toh(halves[0]);
    datagram->address_low = be64toh(halves[1]);
    datagram->port = ntohs(address->sin6_port);
    datagram->is_ipv6 = 1;
  }
}

static void describe(struct mmsghdr *message, struct clinux_datagram *datagram) {
  struct msghdr *header = &message->msg_hdr;
  size_t capacity = header->msg_iov[0].iov_len;
  *datagram = (struct clinux_datagram){
      .byte_count = message->msg_len < capacity ? message->msg_len : capacity,
      .original_byte_count = message->msg_len,
  };
  describe_sender(header->msg_name, datagram);
  for (struct cmsghdr *item = CMSG_FIRSTHDR(header); item; item = CMSG_NXTHDR(header, item)) {
    if (item->cmsg_level != SOL_SOCKET) continue;
    if (item->cmsg_type == SCM_TIMESTAMPNS) {
      struct timespec time;
      memcpy(&time, CMSG_DATA(item), sizeof time);
      datagram->time_nanoseconds = (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
      datagram->has_time = 1;
    } else if (item->cmsg_type == SO_RXQ_OVFL) {
      memcpy(&datagram->drop_count, CMSG_DATA(item), sizeof datagram->drop_count);
      datagram->has_drop_count = 1;
    }
  }
}

int clinux_receive_batch_fill(clinux_receive_batch *batch, int descriptor) {
  for (uint32_t slot = 0; slot < batch->used_count; slot++) make_ready(batch, slot);
  batch->used_count = 0;
  // MSG_TRUNC as an argument makes the kernel report the length that was sent, however small the slot is.
  int count = recvmmsg(descriptor, batch->messages, batch->slot_count, MSG_DONTWAIT | MSG_TRUNC, NULL);
  if (count < 0) return -errno;
  batch->used_count = (uint32_t)count;
  for (int slot = 0; slot < count; slot++) describe(&batch->messages[slot], &batch->datagrams[slot]);
  return count;
}

const void *clinux_receive_batch_bytes(const clinux_receive_batch *batch, uint32_t slot) {
  return batch->slab + slot * batch->slot_stride;
}

const struct clinux_datagram *clinux_receive_batch_datagram(const clinux_receive_batch *batch, uint32_t slot) {
  return &batch->datagrams[slot];
}
