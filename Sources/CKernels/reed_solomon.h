/// The tables of a Reed–Solomon decoder, shared by those who fill and those who use them.
///
/// A nibble table holds the products of one factor with 0…15, and with 0, 16, … 240: two look-ups and an addition
/// multiply any symbol by that factor. Symbols of a codeword are indexed from 0, fill included; symbol s is the
/// coefficient of x^(254 - s).
#ifndef CKERNELS_REED_SOLOMON_H
#define CKERNELS_REED_SOLOMON_H

#include <stdint.h>

#include "CKernels.h"

enum {
  reed_solomon_symbols = 255,
  reed_solomon_largest_capability = 16,
  reed_solomon_lanes = 32,
};

typedef uint8_t reed_solomon_row[reed_solomon_lanes];
typedef uint8_t reed_solomon_products[2][16];

struct ckernels_reed_solomon {
  /// Symbols of 32 codewords side by side; one row of zeros may come first, and the last is only written to.
  _Alignas(64) reed_solomon_row rows[1 + reed_solomon_symbols + 1];
  /// By coefficient of the generator, x^(2E - 1) at 1: products in the basis of the channel. It is a palindrome.
  _Alignas(64) reed_solomon_products generator[reed_solomon_largest_capability + 1];
  /// By element of the field, in the conventional basis.
  _Alignas(64) reed_solomon_products products[256];
  /// The low and the high nibbles of X^-k by the symbol that X is the place of, β^(k(s + 1)).
  _Alignas(64) uint8_t places[reed_solomon_largest_capability + 1][2][256];
  /// The low and the high nibbles of what remainder symbol i adds to the syndromes, β^((b + j)(2E - 1 - i)).
  _Alignas(64) uint8_t syndromes[2 * reed_solomon_largest_capability][2][32];
  /// A one in place 3E.
  _Alignas(64) uint8_t unit[64];
  uint8_t from_channel[256];
  uint8_t to_channel[256];
  uint8_t logarithms[256];
  /// Powers of α; long enough for the sum of three logarithms.
  uint8_t powers[3 * 255];
  /// The logarithm of X^-(b + 2E) by the symbol that X is the place of.
  uint8_t exponents[256];
  int capability;
  int depth;
  int fill;
  /// Codeblocks whose codewords fill the lanes.
  int batch;
};

#endif
