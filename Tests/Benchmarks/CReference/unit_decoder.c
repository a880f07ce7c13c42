// Channel access data units to frames with libfec, as a careful C program does it: one unit and one codeword at a time.

#include <fec.h>
#include <string.h>

#include "CReference.h"

enum { codeword_bytes = 255, parity_bytes = 32, data_bytes = codeword_bytes - parity_bytes, marker_bytes = 4 };

size_t creference_decode_units(
    const uint8_t *units, size_t unit_count, size_t interleave, const uint8_t *sequence, uint8_t *frames) {
  const uint8_t marker[marker_bytes] = {0x1A, 0xCF, 0xFC, 0x1D};
  const size_t codeblock_bytes = codeword_bytes * interleave;
  size_t decoded = 0;
  for (size_t unit = 0; unit < unit_count; unit++) {
    const uint8_t *bytes = units + unit * (marker_bytes + codeblock_bytes);
    if (memcmp(bytes, marker, marker_bytes) != 0) return decoded;
    bytes += marker_bytes;
    for (size_t lane = 0; lane < interleave; lane++) {
      uint8_t codeword[codeword_bytes];
      for (size_t symbol = 0; symbol < codeword_bytes; symbol++) {
        const size_t place = symbol * interleave + lane;
        codeword[symbol] = bytes[place] ^ sequence[place];
      }
      if (decode_rs_ccsds(codeword, NULL, 0, 0) < 0) return decoded;
      for (size_t symbol = 0; symbol < data_bytes; symbol++) frames[symbol * interleave + lane] = codeword[symbol];
    }
    frames += data_bytes * interleave;
    decoded++;
  }
  return decoded;
}
