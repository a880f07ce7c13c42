#define _GNU_SOURCE
#include "receive_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { cache_line = 64, page = 4096 };

// "dl state", and the number of this layout.
static const uint64_t magic = 0x646c207374617401;
static const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

static size_t rounded(size_t byte_count, size_t unit) { return (byte_count + unit - 1) / unit * unit; }

// An odd number of cache lines, so that the beginnings of the slots do not all compete for the same ones.
static size_t stride(const struct clinux_memory_shape *shape) {
  return (rounded(shape->slot_byte_count, cache_line) / cache_line | 1) * cache_line;
}

//     |head, one page|messages|notes|slots|state|state|
static size_t lay_out(struct clinux_receive_memory *memory, const struct clinux_memory_shape *shape, uint8_t *start) {
  size_t offset = page;
  memory->slot_stride = stride(shape);
  memory->head = (struct memory_head *)(void *)start;
  memory->messages = (struct mmsghdr *)(void *)(start + offset);
  offset += rounded(shape->slot_count * sizeof(struct mmsghdr), page);
  memory->notes = (struct slot_note *)(void *)(start + offset);
  offset += rounded(shape->slot_count * sizeof(struct slot_note), page);
  memory->slab = start + offset;
  offset += rounded(shape->slot_count * memory->slot_stride, page);
  for (int place = 0; place < 2; place++) {
    memory->states[place] = start + offset;
    offset += rounded(shape->state_capacity, page);
  }
  return offset;
}

static int map(struct clinux_receive_memory *memory, const struct clinux_memory_shape *shape) {
  int flags = memory->descriptor < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
  void *start = mmap(NULL, memory->byte_count, PROT_READ | PROT_WRITE, flags, memory->descriptor, 0);
  if (start == MAP_FAILED) return -errno;
  lay_out(memory, shape, start);
  return 0;
}

static struct clinux_receive_memory *allocate(const struct clinux_memory_shape *shape) {
  struct clinux_receive_memory *memory = calloc(1, sizeof *memory);
  if (!memory) return NULL;
  memory->descriptor = -1;
  memory->shape = *shape;
  // Laid out around nothing, to learn its length.
  memory->byte_count = lay_out(memory, shape, NULL);
  memory->head = NULL;
  return memory;
}

int clinux_receive_memory_create(
    const struct clinux_memory_shape *shape, int is_kept, clinux_receive_memory **created) {
  struct clinux_receive_memory *memory = allocate(shape);
  if (!memory) return -ENOMEM;
  int result = 0;
  if (is_kept) {
    memory->descriptor = memfd_create("downlinkd", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    // Sealed, so that no access can ever lie behind the end. Pages that nobody touches cost nothing.
    if (memory->descriptor < 0 || ftruncate(memory->descriptor, (off_t)memory->byte_count) < 0 ||
        fcntl(memory->descriptor, F_ADD_SEALS, seals) < 0)
      result = -errno;
  }
  if (result == 0) result = map(memory, shape);
  if (result < 0) {
    clinux_receive_memory_destroy(memory);
    return result;
  }
  memory->head->magic = magic;
  memory->head->shape = *shape;
  memory->first_number = 1;
  *created = memory;
  return 0;
}

int clinux_receive_memory_adopt(
    int descriptor, const struct clinux_memory_shape *shape, clinux_receive_memory **adopted) {
  struct clinux_receive_memory *memory = allocate(shape);
  if (!memory) return -ENOMEM;
  struct stat file;
  int found = fcntl(descriptor, F_GET_SEALS);
  int fits = found >= 0 && (found & F_SEAL_SHRINK) && fstat(descriptor, &file) == 0 &&
             (uint64_t)file.st_size == memory->byte_count;
  memory->descriptor = descriptor;
  int result = fits ? map(memory, shape) : -EINVAL;
  if (result == 0 &&
      (memory->head->magic != magic || memcmp(&memory->head->shape, shape, sizeof *shape) != 0))
    result = -EINVAL;
  if (result < 0) {
    // It stays the caller's.
    memory->descriptor = -1;
    clinux_receive_memory_destroy(memory);
    return result;
  }
  *adopted = memory;
  return 0;
}

void clinux_receive_memory_destroy(clinux_receive_memory *memory) {
  if (!memory) return;
  if (memory->head) munmap(memory->head, memory->byte_count);
  if (memory->descriptor >= 0) close(memory->descriptor);
  free(memory);
}

int clinux_receive_memory_descriptor(const clinux_receive_memory *memory) { return memory->descriptor; }

// Every step can be undone, so no change of a single word is ever missed.
static uint64_t mixed(uint64_t sum, uint64_t word) {
  sum = (sum ^ word) * 0x9E3779B97F4A7C15;
  return sum ^ sum >> 32;
}

static uint64_t checksum(const struct state_head *head, const uint8_t *bytes) {
  uint64_t sum = mixed(mixed(mixed(magic, head->generation), head->byte_count), head->first_number);
  uint64_t word = 0;
  size_t offset = 0;
  for (; offset + sizeof word <= head->byte_count; offset += sizeof word) {
    memcpy(&word, bytes + offset, sizeof word);
    sum = mixed(sum, word);
  }
  word = 0;
  memcpy(&word, bytes + offset, head->byte_count - offset);
  return mixed(sum, word);
}

int clinux_receive_memory_load(clinux_receive_memory *memory, const void **bytes, size_t *byte_count) {
  uint64_t generation = __atomic_load_n(&memory->head->committed, __ATOMIC_ACQUIRE);
  if (generation == 0) return -ENODATA;
  const struct state_head *place = &memory->head->states[generation & 1];
  // Copied, so that what is checked is what is used.
  struct state_head head = *place;
  if (head.generation != generation || head.byte_count > memory->shape.state_capacity) return -EBADMSG;
  if (head.checksum != checksum(&head, memory->states[generation & 1])) return -EBADMSG;
  memory->generation = generation;
  memory->first_number = head.first_number;
  *bytes = memory->states[generation & 1];
  *byte_count = head.byte_count;
  return 0;
}

int clinux_receive_memory_save(clinux_receive_memory *memory, const void *bytes, size_t byte_count) {
  if (byte_count > memory->shape.state_capacity) return -EFBIG;
  uint64_t generation = memory->generation + 1;
  struct state_head head = {
      .generation = generation,
      .byte_count = byte_count,
      // No slot has such a number yet, however many were made ready and not filled.
      .first_number = memory->first_number + memory->shape.slot_count,
  };
  memcpy(memory->states[generation & 1], bytes, byte_count);
  head.checksum = checksum(&head, memory->states[generation & 1]);
  memory->head->states[generation & 1] = head;
  __atomic_store_n(&memory->head->committed, generation, __ATOMIC_RELEASE);
  memory->generation = generation;
  memory->first_number = head.first_number;
  return 0;
}

void clinux_receive_memory_forget(clinux_receive_memory *memory) {
  __atomic_store_n(&memory->head->committed, 0, __ATOMIC_RELEASE);
  memory->first_number += memory->shape.slot_count;
}
