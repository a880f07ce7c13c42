#include <string.h>

#include "CReference.h"

// The packets of `Benchmarks parameters`: a primary header of 6 bytes, and 30 values one behind the other.
enum {
  packet_size = 61,
  line_count = 14,
  cubic_count = 6,
  parabola_count = 4,
  label_count = 4,
};

static inline uint64_t word_at(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return __builtin_bswap64(word);
}

static inline uint32_t field(const uint8_t *packet, unsigned bit, unsigned count) {
  // The last field that is read like this ends 56 bits before the packet does.
  return (uint32_t)((word_at(packet + bit / 8) << (bit % 8)) >> (64 - count));
}

size_t creference_decode_parameters(const uint8_t *packets, size_t count, unsigned application, double *columns) {
  size_t row = 0;
  for (size_t packet = 0; packet < count; packet += 1) {
    const uint8_t *bytes = packets + packet * packet_size;
    if (((bytes[0] & 7u) << 8 | bytes[1]) != application) continue;
    double *out = columns + row;
    unsigned bit = 48;
    for (unsigned index = 0; index < line_count; index += 1, bit += 16, out += count)
      *out = -5.0 + 0.01 * (double)(int64_t)field(bytes, bit, 16);
    for (unsigned index = 0; index < cubic_count; index += 1, bit += 12, out += count) {
      double raw = (double)(int64_t)field(bytes, bit, 12);
      *out = ((1e-9 * raw + -2e-5) * raw + 0.25) * raw + 10.0;
    }
    for (unsigned index = 0; index < parabola_count; index += 1, bit += 16, out += count) {
      double raw = (double)(int16_t)field(bytes, bit, 16);
      *out = (1e-6 * raw + 0.5) * raw + -40.0;
    }
    // From here on a word of eight bytes would reach beyond the packet.
    uint64_t last = word_at(bytes + packet_size - 8);
    uint32_t floats[2] = {field(bytes, bit, 32), (uint32_t)(last >> 16)};
    for (unsigned index = 0; index < 2; index += 1, out += count) {
      float value;
      memcpy(&value, &floats[index], sizeof value);
      *out = 1.0 + 2.0 * (double)value;
    }
    for (unsigned index = 0; index < label_count; index += 1, out += count)
      *out = (double)(last >> (12 - 4 * index) & 15u);
    row += 1;
  }
  return row;
}
