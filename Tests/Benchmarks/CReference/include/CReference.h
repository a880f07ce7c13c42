// What the benchmarks are measured against: the same work in plain C, as short and as fast as it gets.
#ifndef CREFERENCE_H
#define CREFERENCE_H

#include <stddef.h>
#include <stdint.h>

// --- CRC-16 ---------------------------------------------------------------------------------------------------

/// A byte at a time by one table of 256.
uint16_t creference_crc16_bytewise(const uint8_t *bytes, size_t count);
/// Sixteen bytes at a time by sixteen tables of 256.
uint16_t creference_crc16_slicing(const uint8_t *bytes, size_t count);

// --- Packets to calibrated values -----------------------------------------------------------------------------

/// Writes the 30 values of each packet of 61 bytes of one application process into columns of `count` numbers, each
/// calibrated; labels as their places. Returns how many packets there were of it.
size_t creference_decode_parameters(const uint8_t *packets, size_t count, unsigned application, double *columns);

// --- Sync markers ---------------------------------------------------------------------------------------------

/// What a look for the marker 1ACFFC1D found.
struct creference_sync {
  uint64_t unit_count;
  /// Of the first byte behind each marker.
  uint64_t digest;
};

/// Follows markers that lie one unit apart, the first at a bit of the first byte, in one polarity.
struct creference_sync creference_sync_follow(
    const uint8_t *bytes, size_t count, size_t unit_byte_count, unsigned bit_offset);

/// Compares the marker with what lies at every bit, in both polarities, and looks for the next one unit later.
struct creference_sync creference_sync_search(const uint8_t *bytes, size_t count, size_t unit_byte_count);

// --- AOS frames to packets ------------------------------------------------------------------------------------

/// What a walk over frames found.
struct creference_walk {
  uint64_t frame_count;
  uint64_t damaged_frame_count;
  uint64_t frame_gap_count;
  uint64_t packet_count;
  uint64_t packet_byte_count;
  uint64_t sequence_gap_count;
  /// Of the packets handed out, so that none of the work can be left out.
  uint64_t digest;
};

/// Per-channel state of a walk: counters, and the packets that have begun. About 4 MiB.
typedef struct creference_walker creference_walker;

/// Null when there is no memory.
creference_walker *creference_walker_create(void);
void creference_walker_destroy(creference_walker *walker);

/// Walks over AOS frames of Space Packets that lie one behind the other: checks the error control field, if they have
/// one, follows the frame counters and the sequence counts, and hands out every packet. Packets that lie in one frame
/// are handed out where they are; only those that straddle frames are copied.
struct creference_walk creference_walk_aos(
    creference_walker *walker, const uint8_t *frames, size_t frame_count, size_t frame_byte_count,
    int has_error_control);

/// The same over a capture of UDP datagrams of one frame each, on Ethernet and IPv4, as libpcap reads it. No frames at
/// all when it cannot be opened.
struct creference_walk creference_walk_capture(
    creference_walker *walker, const char *path, size_t frame_byte_count, int has_error_control);

// --- Channel access data units to frames ----------------------------------------------------------------------

/// Takes markers off, takes the randomizing sequence away, and corrects every codeword of an RS(255, 223) code with
/// libfec's `decode_rs_ccsds`.
///
/// Writes the frames one behind the other. Returns how many it has written: all, or those before the first unit that
/// has no marker or is beyond correction.
size_t creference_decode_units(
    const uint8_t *units, size_t unit_count, size_t interleave, const uint8_t *sequence, uint8_t *frames);

// --- UDP ------------------------------------------------------------------------------------------------------

/// A socket on the loopback interface, 64 slots for datagrams, and a loop of recvmmsg. Nothing else.
typedef struct creference_sink creference_sink;

/// Asks for a receive buffer of 8 MiB. Null, with errno set, when there is no socket or no memory.
creference_sink *creference_sink_open(uint16_t port, size_t largest_datagram_byte_count);
void creference_sink_close(creference_sink *sink);
uint16_t creference_sink_port(const creference_sink *sink);
/// The receive buffer as the kernel accounts for it, in bytes of kernel memory.
size_t creference_sink_buffer(const creference_sink *sink);
/// Datagrams that the kernel has dropped for want of room in the buffer.
uint32_t creference_sink_drops(const creference_sink *sink);

/// What a sink received.
struct creference_reception {
  uint64_t datagram_count;
  uint64_t byte_count;
};

/// Takes what the socket holds, without waiting for more.
struct creference_reception creference_sink_drain(creference_sink *sink);
/// Waits for datagrams and takes them, as many at a time as there are, until none has come for `idle_seconds` after
/// the first, or `*stop` is not 0.
struct creference_reception creference_sink_run(creference_sink *sink, double idle_seconds, const volatile int *stop);

/// Receives like `creference_sink_run`, but sleeps for so many microseconds between two looks: the batches are large.
struct creference_reception creference_sink_poll(
    creference_sink *sink, double idle_seconds, unsigned microseconds);

/// How to measure what receiving coalesced datagrams (UDP_GRO) costs.
struct creference_gro_options {
  /// The IPv4 address to receive at.
  const char *address;
  /// The file of the network namespace to send from, such as /run/netns/a; null for this one.
  const char *sender_namespace;
  size_t datagram_byte_count;
  uint64_t datagram_count;
  /// 0 for as fast as it goes.
  double datagrams_per_second;
  /// More than 1: so many datagrams by each call, cut up by the kernel (UDP_SEGMENT). 1: batches of single ones.
  size_t segments_per_send;
  int is_coalescing;
};

struct creference_gro_result {
  uint64_t sent_count;
  uint64_t datagram_count;
  /// What the kernel handed over: fewer than datagrams where it coalesced some.
  uint64_t message_count;
  /// Of the first byte of each datagram.
  uint64_t digest;
  /// Processor time of the receiving thread, and of both.
  double receiver_seconds;
  double process_seconds;
  double wall_seconds;
};

/// Receives in batches of 64 once a millisecond, as the daemon does while a link is busy, what another thread sends.
struct creference_gro_result creference_gro_measure(const struct creference_gro_options *options);

#endif
