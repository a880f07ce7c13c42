#define _GNU_SOURCE
#include "receive_memory.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct clinux_receive_batch {
  clinux_receive_memory *memory;
  uint32_t slot_count;
  size_t slot_byte_count;
  /// The slots of the batch that is lent: `used_count` from `first_slot` on.
  uint32_t first_slot;
  uint32_t used_count;
  /// The slots before this one are filled.
  uint32_t next_slot;
  /// The slots before this one are made ready.
  uint32_t ready_count;
  /// The slots from this one on are not used before the next state is saved.
  uint32_t limit;
  struct iovec *parts;
  struct clinux_datagram datagrams[batch_capacity];
};

static int is_kept(const clinux_receive_batch *batch) { return batch->memory->descriptor >= 0; }

// The kernel has overwritten the lengths of what it filled; and what a process before this one left are its addresses.
static void make_ready(clinux_receive_batch *batch, uint32_t slot) {
  struct slot_note *note = &batch->memory->notes[slot];
  struct mmsghdr *message = &batch->memory->messages[slot];
  message->msg_len = SLOT_EMPTY;
  message->msg_hdr = (struct msghdr){
      .msg_name = &note->sender,
      .msg_namelen = sizeof note->sender,
      .msg_iov = &batch->parts[slot],
      .msg_iovlen = 1,
      .msg_control = note->control,
      .msg_controllen = sizeof note->control,
  };
  // After the length: a slot counts as filled when both are right.
  __atomic_store_n(&note->number, batch->memory->first_number + slot, __ATOMIC_RELEASE);
}

clinux_receive_batch *clinux_receive_batch_create(clinux_receive_memory *memory) {
  clinux_receive_batch *batch = calloc(1, sizeof *batch);
  if (!batch) return NULL;
  batch->memory = memory;
  batch->slot_count = memory->shape.slot_count;
  batch->slot_byte_count = memory->shape.slot_byte_count;
  batch->limit = batch->slot_count;
  batch->parts = calloc(batch->slot_count, sizeof *batch->parts);
  if (!batch->parts) {
    free(batch);
    return NULL;
  }
  for (uint32_t slot = 0; slot < batch->slot_count; slot++)
    batch->parts[slot] =
        (struct iovec){.iov_base = memory->slab + slot * memory->slot_stride, .iov_len = batch->slot_byte_count};
  return batch;
}

void clinux_receive_batch_destroy(clinux_receive_batch *batch) {
  if (!batch) return;
  free(batch->parts);
  free(batch);
}

static void describe_sender(const struct sockaddr_in6 *sender, struct clinux_datagram *datagram) {
  if (sender->sin6_family == AF_INET) {
    struct sockaddr_in address;
    memcpy(&address, sender, sizeof address);
    datagram->address_low = ntohl(address.sin_addr.s_addr);
    datagram->port = ntohs(address.sin_port);
  } else if (sender->sin6_family == AF_INET6) {
    uint64_t halves[2];
    memcpy(halves, &sender->sin6_addr, sizeof halves);
    datagram->address_high = be64toh(halves[0]);
    datagram->address_low = be64toh(halves[1]);
    datagram->port = ntohs(sender->sin6_port);
    datagram->is_ipv6 = 1;
  }
}

static void describe_control(const struct cmsghdr *item, const uint8_t *bytes, struct clinux_datagram *datagram) {
  size_t byte_count = item->cmsg_len - CMSG_LEN(0);
  if (item->cmsg_level != SOL_SOCKET) return;
  if (item->cmsg_type == SCM_TIMESTAMPNS && byte_count >= sizeof(struct timespec)) {
    struct timespec time;
    memcpy(&time, bytes, sizeof time);
    // Unsigned, because what an earlier process left may be anything.
    datagram->time_nanoseconds = (int64_t)((uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec);
    datagram->has_time = 1;
  } else if (item->cmsg_type == SO_RXQ_OVFL && byte_count >= sizeof datagram->drop_count) {
    memcpy(&datagram->drop_count, bytes, sizeof datagram->drop_count);
    datagram->has_drop_count = 1;
  }
}

// Believes nothing of what stands in the slot: it may have been written by a process that is no more.
static void describe(const clinux_receive_batch *batch, uint32_t slot, struct clinux_datagram *datagram) {
  const struct mmsghdr *message = &batch->memory->messages[slot];
  const struct slot_note *note = &batch->memory->notes[slot];
  size_t length = message->msg_len;
  *datagram = (struct clinux_datagram){
      .byte_count = length < batch->slot_byte_count ? length : batch->slot_byte_count,
      .original_byte_count = length,
  };
  describe_sender(&note->sender, datagram);
  size_t capacity = message->msg_hdr.msg_controllen;
  if (capacity > sizeof note->control) capacity = sizeof note->control;
  for (size_t offset = 0; offset + sizeof(struct cmsghdr) <= capacity;) {
    struct cmsghdr item;
    memcpy(&item, note->control + offset, sizeof item);
    if (item.cmsg_len < CMSG_LEN(0) || item.cmsg_len > capacity - offset) break;
    describe_control(&item, note->control + offset + CMSG_LEN(0), datagram);
    offset += CMSG_ALIGN(item.cmsg_len);
  }
}

static int lend(clinux_receive_batch *batch, uint32_t count) {
  batch->first_slot = batch->next_slot;
  batch->used_count = count;
  batch->next_slot += count;
  for (uint32_t index = 0; index < count; index++)
    describe(batch, batch->first_slot + index, &batch->datagrams[index]);
  return (int)count;
}

static uint32_t room_below(const clinux_receive_batch *batch, uint32_t limit) {
  uint32_t free_count = batch->next_slot < limit ? limit - batch->next_slot : 0;
  return free_count < batch_capacity ? free_count : batch_capacity;
}

uint32_t clinux_receive_batch_room(const clinux_receive_batch *batch) {
  return is_kept(batch) ? room_below(batch, batch->limit) : batch_capacity;
}

// Few slots stay in the cache, many spare saving the state: what the one and the other cost is the least together at
// about four times the root of the state's length.
static uint32_t limit_for(const clinux_receive_batch *batch, size_t state_byte_count) {
  size_t limit = 2 * batch_capacity;
  while (limit < batch->slot_count && limit * limit / 16 < state_byte_count) limit += batch_capacity;
  return limit < batch->slot_count ? (uint32_t)limit : batch->slot_count;
}

static void start_over(clinux_receive_batch *batch) {
  batch->next_slot = 0;
  batch->ready_count = 0;
  batch->used_count = 0;
}

int clinux_receive_batch_fill(clinux_receive_batch *batch, int descriptor) {
  if (!is_kept(batch)) {
    for (uint32_t slot = 0; slot < batch->used_count; slot++) make_ready(batch, slot);
    batch->next_slot = 0;
    batch->used_count = 0;
  }
  uint32_t room = clinux_receive_batch_room(batch);
  if (room == 0) return -ENOBUFS;
  for (; batch->ready_count < batch->next_slot + room; batch->ready_count++) make_ready(batch, batch->ready_count);
  // MSG_TRUNC as an argument makes the kernel report the length that was sent, however small the slot is. It writes the
  // length of each datagram last, and a process that is killed meanwhile ends after the call.
  int count = recvmmsg(descriptor, &batch->memory->messages[batch->next_slot], room, MSG_DONTWAIT | MSG_TRUNC, NULL);
  return count < 0 ? -errno : lend(batch, (uint32_t)count);
}

int clinux_receive_batch_recall(clinux_receive_batch *batch) {
  const clinux_receive_memory *memory = batch->memory;
  uint32_t room = room_below(batch, batch->slot_count);
  uint32_t count = 0;
  for (uint32_t slot = batch->next_slot; count < room; slot++, count++) {
    if (memory->notes[slot].number != memory->first_number + slot) break;
    if (memory->messages[slot].msg_len == SLOT_EMPTY) break;
  }
  lend(batch, count);
  batch->ready_count = batch->next_slot;
  return (int)count;
}

int clinux_receive_batch_save(clinux_receive_batch *batch, const void *bytes, size_t byte_count) {
  int result = clinux_receive_memory_save(batch->memory, bytes, byte_count);
  if (result < 0) return result;
  batch->limit = limit_for(batch, byte_count);
  start_over(batch);
  return 0;
}

void clinux_receive_batch_forget(clinux_receive_batch *batch) {
  clinux_receive_memory_forget(batch->memory);
  start_over(batch);
}

const void *clinux_receive_batch_bytes(const clinux_receive_batch *batch, uint32_t index) {
  return batch->memory->slab + (batch->first_slot + index) * batch->memory->slot_stride;
}

const struct clinux_datagram *clinux_receive_batch_datagram(const clinux_receive_batch *batch, uint32_t index) {
  return &batch->datagrams[index];
}
