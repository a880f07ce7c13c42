#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"
#include "CReference.h"

enum {
  channel_count = 64,
  application_count = 2048,
  idle_application = 2047,
  idle_channel = 63,
  packet_header_size = 6,
  largest_packet_size = 65542,
  primary_header_size = 6,
  data_unit_header_size = 2,
  error_control_size = 2,
  no_packet_starts = 0x7FF,
  only_idle_data = 0x7FE,
  udp_payload_offset = 14 + 20 + 8,
};

static const uint16_t no_sequence_count = 0xFFFF;

struct channel {
  uint32_t next_frame_count;
  int has_frame_count;
  /// Bytes of the packet that has begun; 0 when none has.
  size_t pending;
  uint16_t next_sequence_counts[application_count];
  uint8_t packet[largest_packet_size];
};

struct creference_walker {
  int has_kernel;
  struct channel channels[channel_count];
};

creference_walker *creference_walker_create(void) { return malloc(sizeof(creference_walker)); }

void creference_walker_destroy(creference_walker *walker) { free(walker); }

static void reset(creference_walker *walker) {
  walker->has_kernel = ckernels_has_pclmul();
  for (int index = 0; index < channel_count; index++) {
    struct channel *channel = &walker->channels[index];
    channel->has_frame_count = 0;
    channel->pending = 0;
    memset(channel->next_sequence_counts, 0xFF, sizeof channel->next_sequence_counts);
  }
}

static inline size_t packet_size(const uint8_t *header) { return (size_t)(header[4] << 8 | header[5]) + 7; }

static inline void hand_out(
    struct channel *channel, const uint8_t *packet, size_t size, struct creference_walk *walk) {
  const int application = (packet[0] << 8 | packet[1]) & 0x7FF;
  const uint16_t sequence_count = (uint16_t)((packet[2] << 8 | packet[3]) & 0x3FFF);
  if (application != idle_application) {
    uint16_t *next = &channel->next_sequence_counts[application];
    if (*next != sequence_count && *next != no_sequence_count) walk->sequence_gap_count++;
    *next = (uint16_t)((sequence_count + 1) & 0x3FFF);
  }
  walk->packet_count++;
  walk->packet_byte_count += size;
  walk->digest += packet[size - 1];
}

/// Continues the packet that has begun by at most `count` bytes.
static void continue_packet(
    struct channel *channel, const uint8_t *bytes, size_t count, struct creference_walk *walk) {
  if (channel->pending < packet_header_size) {
    size_t missing = packet_header_size - channel->pending;
    if (missing > count) missing = count;
    memcpy(channel->packet + channel->pending, bytes, missing);
    channel->pending += missing;
    bytes += missing;
    count -= missing;
    if (channel->pending < packet_header_size) return;
  }
  const size_t size = packet_size(channel->packet);
  size_t missing = size - channel->pending;
  if (missing > count) missing = count;
  memcpy(channel->packet + channel->pending, bytes, missing);
  channel->pending += missing;
  if (channel->pending < size) return;
  hand_out(channel, channel->packet, size, walk);
  channel->pending = 0;
}

static inline void walk_zone(
    struct channel *channel, const uint8_t *zone, size_t size, size_t first_header, struct creference_walk *walk) {
  if (first_header == only_idle_data) return;
  const int starts_none = first_header == no_packet_starts;
  if (channel->pending) continue_packet(channel, zone, starts_none ? size : first_header, walk);
  if (starts_none) return;
  channel->pending = 0;
  size_t offset = first_header;
  while (offset < size) {
    const size_t rest = size - offset;
    const size_t length = rest >= packet_header_size ? packet_size(zone + offset) : largest_packet_size;
    if (length > rest) {
      memcpy(channel->packet, zone + offset, rest);
      channel->pending = rest;
      return;
    }
    hand_out(channel, zone + offset, length, walk);
    offset += length;
  }
}

static inline void walk_frame(
    creference_walker *walker, const uint8_t *frame, size_t frame_byte_count, int has_error_control,
    struct creference_walk *walk) {
  const size_t zone_offset = primary_header_size + data_unit_header_size;
  const size_t zone_size = frame_byte_count - zone_offset - (has_error_control ? error_control_size : 0);
  walk->frame_count++;
  if (frame[0] >> 6 != 1) return;
  if (has_error_control) {
    const uint16_t check = walker->has_kernel ? ckernels_crc16_pclmul(frame, frame_byte_count, 0xFFFF)
                                              : creference_crc16_slicing(frame, frame_byte_count);
    if (check != 0) {
      walk->damaged_frame_count++;
      return;
    }
  }
  const int channel_index = frame[1] & 0x3F;
  if (channel_index == idle_channel) return;
  struct channel *channel = &walker->channels[channel_index];
  const uint32_t count = (uint32_t)(frame[2] << 16 | frame[3] << 8 | frame[4]);
  if (channel->has_frame_count && count != channel->next_frame_count) {
    walk->frame_gap_count++;
    channel->pending = 0;
  }
  channel->has_frame_count = 1;
  channel->next_frame_count = (count + 1) & 0xFFFFFF;
  const size_t first_header = (size_t)((frame[6] << 8 | frame[7]) & 0x7FF);
  walk_zone(channel, frame + zone_offset, zone_size, first_header, walk);
}

struct creference_walk creference_walk_aos(
    creference_walker *walker, const uint8_t *frames, size_t frame_count, size_t frame_byte_count,
    int has_error_control) {
  struct creference_walk walk = {0};
  reset(walker);
  for (size_t index = 0; index < frame_count; index++) {
    walk_frame(walker, frames + index * frame_byte_count, frame_byte_count, has_error_control, &walk);
  }
  return walk;
}

struct creference_walk creference_walk_capture(
    creference_walker *walker, const char *path, size_t frame_byte_count, int has_error_control) {
  struct creference_walk walk = {0};
  char message[PCAP_ERRBUF_SIZE];
  pcap_t *capture = pcap_open_offline(path, message);
  if (!capture) return walk;
  reset(walker);
  struct pcap_pkthdr *record;
  const uint8_t *bytes;
  while (pcap_next_ex(capture, &record, &bytes) == 1) {
    // Ethernet, IPv4 without options, UDP.
    if (record->caplen != udp_payload_offset + frame_byte_count || bytes[12] != 8 || bytes[23] != 17) continue;
    walk_frame(walker, bytes + udp_payload_offset, frame_byte_count, has_error_control, &walk);
  }
  pcap_close(capture);
  return walk;
}
