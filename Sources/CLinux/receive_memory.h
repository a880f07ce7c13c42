// How the memory that datagrams are received into is laid out.
#ifndef RECEIVE_MEMORY_H
#define RECEIVE_MEMORY_H

#include "CLinux.h"

#include <netinet/in.h>
#include <sys/socket.h>

// Room for a struct timespec, a drop count and a header for each, and as much again.
enum { control_capacity = 128, batch_capacity = 64 };

/// No datagram is that long: a slot with this length has not been filled.
#define SLOT_EMPTY UINT32_MAX

/// What stands beside the `struct mmsghdr` of a slot. Slots are numbered on for ever; a slot that has another number than
/// its place asks for is left over from earlier.
struct slot_note {
  _Alignas(64) uint64_t number;
  struct sockaddr_in6 sender;
  _Alignas(64) uint8_t control[control_capacity];
};

/// One of the two places for a state.
struct state_head {
  uint64_t generation;
  uint64_t byte_count;
  /// The number that the first slot after this state has.
  uint64_t first_number;
  uint64_t checksum;
};

/// The beginning of the memory.
struct memory_head {
  uint64_t magic;
  struct clinux_memory_shape shape;
  /// The generation of the newest state; 0 when there is none. Its lowest bit tells which of the two it is.
  _Alignas(64) uint64_t committed;
  _Alignas(64) struct state_head states[2];
};

struct clinux_receive_memory {
  /// -1 for memory that ends with the process.
  int descriptor;
  size_t byte_count;
  size_t slot_stride;
  /// Of our own: what stands in the memory is only ever compared with it.
  struct clinux_memory_shape shape;
  struct memory_head *head;
  struct mmsghdr *messages;
  struct slot_note *notes;
  uint8_t *slab;
  uint8_t *states[2];
  uint64_t generation;
  uint64_t first_number;
};

#endif
