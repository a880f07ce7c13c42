// The Reed–Solomon codes of CCSDS 131.0-B-5 §4: the field has x^8 + x^7 + x^2 + x + 1, and the generator the roots
// β^b … β^(b + 2E - 1) with β = α^11 and b = 128 - E.

#include <stdlib.h>
#include <string.h>

#include "reed_solomon.h"

enum { primitive_step = 11, order = 255 };

static void fill_field(ckernels_reed_solomon *code) {
  unsigned element = 1;
  for (int exponent = 0; exponent < order; exponent++) {
    for (int turn = 0; turn < 3; turn++) code->powers[exponent + turn * order] = (uint8_t)element;
    code->logarithms[element] = (uint8_t)exponent;
    element <<= 1;
    if (element & 0x100) element ^= 0x187;
  }
}

/// `exponent` may be as large as it likes.
static uint8_t beta(const ckernels_reed_solomon *code, int exponent) {
  return code->powers[primitive_step * (exponent % order) % order];
}

static uint8_t multiply(const ckernels_reed_solomon *code, uint8_t left, uint8_t right) {
  return left && right ? code->powers[code->logarithms[left] + code->logarithms[right]] : 0;
}

static uint8_t map(uint8_t symbol, const uint8_t rows[8]) {
  uint8_t image = 0;
  for (int bit = 0; bit < 8; bit++) {
    if (symbol & 0x80 >> bit) image ^= rows[bit];
  }
  return image;
}

static void fill_bases(ckernels_reed_solomon *code, int is_dual) {
  static const uint8_t to_dual[8] = {0x8D, 0xEF, 0xEC, 0x86, 0xFA, 0x99, 0xAF, 0x7B};
  static const uint8_t to_conventional[8] = {0xC5, 0x42, 0x2E, 0xFD, 0xF0, 0x79, 0xAC, 0xCC};
  for (int symbol = 0; symbol < 256; symbol++) {
    code->from_channel[symbol] = is_dual ? map((uint8_t)symbol, to_conventional) : (uint8_t)symbol;
    code->to_channel[symbol] = is_dual ? map((uint8_t)symbol, to_dual) : (uint8_t)symbol;
  }
}

/// The product of all (x - β^j), of which the first half is kept.
static void fill_generator(ckernels_reed_solomon *code, int first_root) {
  uint8_t generator[2 * reed_solomon_largest_capability + 1] = {1};
  for (int degree = 0; degree < 2 * code->capability; degree++) {
    const uint8_t root = beta(code, first_root + degree);
    for (int index = degree + 1; index > 0; index--) {
      generator[index] ^= multiply(code, generator[index - 1], root);
    }
  }
  for (int index = 0; index <= code->capability; index++) {
    for (int nibble = 0; nibble < 16; nibble++) {
      const uint8_t low = multiply(code, generator[index], code->from_channel[nibble]);
      const uint8_t high = multiply(code, generator[index], code->from_channel[nibble << 4]);
      code->generator[index][0][nibble] = code->to_channel[low];
      code->generator[index][1][nibble] = code->to_channel[high];
    }
  }
}

static void fill_products(ckernels_reed_solomon *code) {
  for (int factor = 0; factor < 256; factor++) {
    for (int nibble = 0; nibble < 16; nibble++) {
      code->products[factor][0][nibble] = multiply(code, (uint8_t)factor, (uint8_t)nibble);
      code->products[factor][1][nibble] = multiply(code, (uint8_t)factor, (uint8_t)(nibble << 4));
    }
  }
}

static void fill_places(ckernels_reed_solomon *code, int first_root) {
  const int parity = 2 * code->capability;
  for (int symbol = 0; symbol < 256; symbol++) {
    for (int power = 0; power <= reed_solomon_largest_capability; power++) {
      const uint8_t place = beta(code, power * (symbol + 1));
      code->places[power][0][symbol] = place & 0xF;
      code->places[power][1][symbol] = place >> 4;
    }
    code->exponents[symbol] = code->logarithms[beta(code, (first_root + parity) * (symbol + 1))];
  }
  for (int index = 0; index < parity; index++) {
    for (int root = 0; root < parity; root++) {
      const uint8_t term = beta(code, (first_root + root) * (parity - 1 - index));
      code->syndromes[index][0][root] = term & 0xF;
      code->syndromes[index][1][root] = term >> 4;
    }
  }
}

ckernels_reed_solomon *ckernels_reed_solomon_create(int capability, int depth, int fill, int is_dual) {
  ckernels_reed_solomon *code = aligned_alloc(_Alignof(ckernels_reed_solomon), sizeof *code);
  if (!code) return NULL;
  memset(code, 0, sizeof *code);
  code->capability = capability;
  code->depth = depth;
  code->fill = fill;
  code->batch = reed_solomon_lanes / depth;
  const int first_root = 128 - capability;
  fill_field(code);
  fill_bases(code, is_dual);
  fill_generator(code, first_root);
  fill_products(code);
  fill_places(code, first_root);
  code->unit[3 * capability] = 1;
  return code;
}

void ckernels_reed_solomon_destroy(ckernels_reed_solomon *decoder) { free(decoder); }

size_t ckernels_reed_solomon_batch(const ckernels_reed_solomon *decoder) { return (size_t)decoder->batch; }
