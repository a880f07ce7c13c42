#include <string.h>

#include "CReference.h"

static uint16_t tables[16][256];

__attribute__((constructor)) static void fill_tables(void) {
  for (int byte = 0; byte < 256; byte++) {
    uint16_t remainder = (uint16_t)(byte << 8);
    for (int place = 0; place < 16; place++) {
      for (int bit = 0; bit < 8; bit++) {
        remainder = (uint16_t)(remainder << 1 ^ (remainder & 0x8000 ? 0x1021 : 0));
      }
      tables[place][byte] = remainder;
    }
  }
}

static uint16_t continue_bytewise(uint16_t crc, const uint8_t *bytes, size_t count) {
  for (size_t index = 0; index < count; index++) {
    crc = (uint16_t)(crc << 8 ^ tables[0][(crc >> 8 ^ bytes[index]) & 0xFF]);
  }
  return crc;
}

uint16_t creference_crc16_bytewise(const uint8_t *bytes, size_t count) {
  return continue_bytewise(0xFFFF, bytes, count);
}

uint16_t creference_crc16_slicing(const uint8_t *bytes, size_t count) {
  uint16_t crc = 0xFFFF;
  for (; count >= 16; bytes += 16, count -= 16) {
    uint64_t first, second;
    memcpy(&first, bytes, 8);
    memcpy(&second, bytes + 8, 8);
    // The bytes lie in the words with the first one lowest.
    uint16_t late = 0, early = 0;
    for (int index = 0; index < 8; index++) late ^= tables[7 - index][second >> (8 * index) & 0xFF];
    for (int index = 2; index < 8; index++) early ^= tables[15 - index][first >> (8 * index) & 0xFF];
    crc = (uint16_t)(late ^ early ^ tables[15][(crc >> 8 ^ first) & 0xFF] ^ tables[14][(crc ^ first >> 8) & 0xFF]);
  }
  return continue_bytewise(crc, bytes, count);
}
