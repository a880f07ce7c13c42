#include "CReference.h"

#include <string.h>

static const uint32_t marker = 0x1ACFFC1D;

/// The 32 bits that begin at a bit of the byte at `bytes`; the four or five bytes must be there, and three more.
static uint32_t bits32(const uint8_t *bytes, unsigned bit_offset) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return (uint32_t)(__builtin_bswap64(word) << bit_offset >> 32);
}

struct creference_sync creference_sync_follow(
    const uint8_t *bytes, size_t count, size_t unit_byte_count, unsigned bit_offset) {
  struct creference_sync result = {0};
  for (size_t start = 0; start + unit_byte_count + 1 <= count; start += unit_byte_count) {
    if (__builtin_popcount(bits32(bytes + start, bit_offset) ^ marker) > 3) break;
    result.unit_count++;
    result.digest += bytes[start + 4];
  }
  return result;
}

struct creference_sync creference_sync_search(const uint8_t *bytes, size_t count, size_t unit_byte_count) {
  struct creference_sync result = {0};
  for (size_t start = 0; start + 8 <= count; start++) {
    for (unsigned bit_offset = 0; bit_offset < 8; bit_offset++) {
      int error_count = __builtin_popcount(bits32(bytes + start, bit_offset) ^ marker);
      if (error_count > 2 && error_count < 30) continue;
      size_t next = start + unit_byte_count;
      if (next + 8 > count) continue;
      int next_error_count = __builtin_popcount(bits32(bytes + next, bit_offset) ^ marker);
      if (next_error_count > 3 && next_error_count < 29) continue;
      result.unit_count++;
      result.digest += bytes[start + 4];
    }
  }
  return result;
}
