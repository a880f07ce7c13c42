// Reed–Solomon, 32 symbols at a time.
//
// Almost every codeword is clean, so this comes first: 32 codewords are laid side by side, one symbol of each in a row,
// and divided by the generator all at once. The remainders are zero where there is no error. The division is linear,
// and so is the change of basis: tables of products "as seen from the channel" leave nothing to convert.
//
// A codeword with a remainder is then decoded alone: syndromes from the remainder, error locator and evaluator by the
// reformulated inversionless Berlekamp–Massey algorithm (all coefficients of an iteration at once), and both evaluated
// at all places at once (Chien, Forney).

#include <string.h>

#include "reed_solomon.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
#define INLINE AVX2 static inline __attribute__((always_inline))

/// Products of one factor with sixteen nibbles, in both halves of a register.
typedef struct {
  __m256i low, high;
} factor;

/// The nibbles of 32 symbols.
typedef struct {
  __m256i low, high;
} symbols;

INLINE __m256i load(const void *bytes) { return _mm256_loadu_si256((const __m256i *)bytes); }

INLINE void store(void *bytes, __m256i value) { _mm256_storeu_si256((__m256i *)bytes, value); }

INLINE __m256i add(__m256i left, __m256i right) { return _mm256_xor_si256(left, right); }

INLINE factor load_factor(const reed_solomon_products *products) {
  return (factor){
      _mm256_broadcastsi128_si256(_mm_load_si128((const __m128i *)(*products)[0])),
      _mm256_broadcastsi128_si256(_mm_load_si128((const __m128i *)(*products)[1])),
  };
}

INLINE symbols split(__m256i bytes) {
  const __m256i nibble = _mm256_set1_epi8(0xF);
  return (symbols){_mm256_and_si256(bytes, nibble), _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble)};
}

INLINE __m256i multiply(factor factor, symbols symbols) {
  return add(_mm256_shuffle_epi8(factor.low, symbols.low), _mm256_shuffle_epi8(factor.high, symbols.high));
}

// MARK: Codewords into rows

INLINE __m128i load8(const uint8_t *bytes) { return _mm_loadl_epi64((const __m128i *)bytes); }

/// The halves of `pair` become eight bytes each of two rows.
INLINE void store_rows(reed_solomon_row *rows, int lane, __m128i pair) {
  _mm_storel_epi64((__m128i *)(rows[0] + lane), pair);
  _mm_storeh_pd((double *)(rows[1] + lane), _mm_castsi128_pd(pair));
}

/// Eight symbols, from `offset` on, of eight codewords.
INLINE void transpose_depth1(reed_solomon_row *rows, int lane, const uint8_t *const *blocks, size_t offset) {
  const __m128i pair0 = _mm_unpacklo_epi8(load8(blocks[0] + offset), load8(blocks[1] + offset));
  const __m128i pair1 = _mm_unpacklo_epi8(load8(blocks[2] + offset), load8(blocks[3] + offset));
  const __m128i pair2 = _mm_unpacklo_epi8(load8(blocks[4] + offset), load8(blocks[5] + offset));
  const __m128i pair3 = _mm_unpacklo_epi8(load8(blocks[6] + offset), load8(blocks[7] + offset));
  const __m128i early0 = _mm_unpacklo_epi16(pair0, pair1), late0 = _mm_unpackhi_epi16(pair0, pair1);
  const __m128i early1 = _mm_unpacklo_epi16(pair2, pair3), late1 = _mm_unpackhi_epi16(pair2, pair3);
  store_rows(rows, lane, _mm_unpacklo_epi32(early0, early1));
  store_rows(rows + 2, lane, _mm_unpackhi_epi32(early0, early1));
  store_rows(rows + 4, lane, _mm_unpacklo_epi32(late0, late1));
  store_rows(rows + 6, lane, _mm_unpackhi_epi32(late0, late1));
}

/// Four symbols of each codeword of four codeblocks of two.
INLINE void transpose_depth2(reed_solomon_row *rows, int lane, const uint8_t *const *blocks, size_t offset) {
  const __m128i pair0 = _mm_unpacklo_epi16(load8(blocks[0] + offset), load8(blocks[1] + offset));
  const __m128i pair1 = _mm_unpacklo_epi16(load8(blocks[2] + offset), load8(blocks[3] + offset));
  store_rows(rows, lane, _mm_unpacklo_epi32(pair0, pair1));
  store_rows(rows + 2, lane, _mm_unpackhi_epi32(pair0, pair1));
}

/// Two symbols of each codeword of two codeblocks of four.
INLINE void transpose_depth4(reed_solomon_row *rows, int lane, const uint8_t *const *blocks, size_t offset) {
  store_rows(rows, lane, _mm_unpacklo_epi32(load8(blocks[0] + offset), load8(blocks[1] + offset)));
}

/// Depths 1, 2 and 4, whose symbols fill eight bytes: squares of them are turned. Gives the number of rows done.
INLINE size_t fill_rows_by_squares(
    reed_solomon_row *rows, const uint8_t *const *blocks, size_t count, size_t depth, size_t row_count) {
  const size_t side = 8 / depth;
  const size_t last = row_count - row_count % side;
  for (size_t row = 0; row < last; row += side) {
    for (size_t block = 0; block < count; block += side) {
      const int lane = (int)(block * depth);
      if (depth == 1) transpose_depth1(rows + row, lane, blocks + block, row * depth);
      if (depth == 2) transpose_depth2(rows + row, lane, blocks + block, row * depth);
      if (depth == 4) transpose_depth4(rows + row, lane, blocks + block, row * depth);
    }
  }
  return last;
}

/// Depths 3, 5 and 8: eight bytes are taken, of which `depth` count. The next codeblock, or the next row, is written
/// over the others. Gives the number of rows done, all but those where eight bytes would be too many.
INLINE size_t fill_rows_overlapping(
    reed_solomon_row *rows, const uint8_t *const *blocks, size_t count, size_t depth, size_t row_count) {
  const size_t last = depth == 8 ? row_count : row_count - (8 / depth + 1);
  for (size_t row = 0; row < last; row++) {
    for (size_t block = 0; block < count; block++) {
      memcpy(&rows[0][0] + row * reed_solomon_lanes + block * depth, blocks[block] + row * depth, 8);
    }
  }
  return last;
}

/// Lays the codewords of `count` codeblocks side by side. The other lanes hold anything.
AVX2 static void fill_rows(
    reed_solomon_row *rows, const uint8_t *first, size_t stride, size_t count, size_t depth, size_t row_count) {
  // A square may want more codeblocks than there are: it gets the last one again.
  const uint8_t *blocks[reed_solomon_lanes];
  for (size_t block = 0; block < reed_solomon_lanes; block++) {
    blocks[block] = first + (block < count ? block : count - 1) * stride;
  }
  size_t done = 0;
  switch (depth) {
    case 1: done = fill_rows_by_squares(rows, blocks, count, 1, row_count); break;
    case 2: done = fill_rows_by_squares(rows, blocks, count, 2, row_count); break;
    case 3: done = fill_rows_overlapping(rows, blocks, count, 3, row_count); break;
    case 4: done = fill_rows_by_squares(rows, blocks, count, 4, row_count); break;
    case 5: done = fill_rows_overlapping(rows, blocks, count, 5, row_count); break;
    case 8: done = fill_rows_overlapping(rows, blocks, count, 8, row_count); break;
  }
  for (size_t row = done; row < row_count; row++) {
    for (size_t block = 0; block < count; block++) {
      memcpy(rows[row] + block * depth, blocks[block] + row * depth, depth);
    }
  }
}

// MARK: Division

/// Divides by the generator in place, two symbols a step; the last 2E rows are then the remainder.
///
/// With feedbacks f and h, and products a_i = g_i f and b_i = g_i h, two steps add a_i + b_(i - 1) to row i, and since
/// g_i = g_(2E - i) also a_(i - 1) + b_i to row 2E + 1 - i.
INLINE void divide(
    const reed_solomon_products *generator, reed_solomon_row *rows, int step_count, const int capability) {
  for (int step = 0; step < step_count; step += 2, rows += 2) {
    const __m256i first = load(rows[0]);
    const symbols f = split(first);
    __m256i product_f = multiply(load_factor(&generator[1]), f);
    const __m256i second = add(load(rows[1]), product_f);
    const symbols h = split(second);
    __m256i product_h = multiply(load_factor(&generator[1]), h);

    store(rows[2 * capability + 1], add(load(rows[2 * capability + 1]), second));
    store(rows[2 * capability], add(load(rows[2 * capability]), add(first, product_h)));
#pragma clang loop unroll(full)
    for (int index = 2; index <= capability; index++) {
      const factor factor = load_factor(&generator[index]);
      const __m256i next_f = multiply(factor, f), next_h = multiply(factor, h);
      const int mirror = 2 * capability + 1 - index;
      store(rows[index], add(load(rows[index]), add(next_f, product_h)));
      store(rows[mirror], add(load(rows[mirror]), add(next_h, product_f)));
      product_f = next_f;
      product_h = next_h;
    }
  }
}

/// A bit for each lane whose remainder is not zero.
INLINE uint32_t find_dirty(const reed_solomon_row *remainder, int row_count) {
  __m256i sum = _mm256_setzero_si256();
  for (int row = 0; row < row_count; row++) sum = _mm256_or_si256(sum, load(remainder[row]));
  return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(sum, _mm256_setzero_si256()));
}

// MARK: Correction of one codeword

/// Locator Λ and evaluator of the errors, lowest coefficient first, up to a common factor.
typedef struct {
  const uint8_t *locator;
  /// The high half of S(x)Λ(x), of which the low half is Ω: at the roots of Λ, Ω = x^(2E) times this.
  const uint8_t *evaluator;
  int error_count;
} key_solution;

INLINE __m256i find_syndromes(const ckernels_reed_solomon *code, const reed_solomon_row *remainder, int lane) {
  __m256i even = _mm256_setzero_si256(), odd = even;
  for (int index = 0; index < 2 * code->capability; index += 2) {
    const reed_solomon_products *products = code->products;
    const factor first = load_factor(&products[code->from_channel[remainder[index][lane]]]);
    const factor second = load_factor(&products[code->from_channel[remainder[index + 1][lane]]]);
    const uint8_t(*terms)[2][32] = code->syndromes + index;
    even = add(even, multiply(first, (symbols){load(terms[0][0]), load(terms[0][1])}));
    odd = add(odd, multiply(second, (symbols){load(terms[1][0]), load(terms[1][1])}));
  }
  return add(even, odd);
}

/// Whether the first `count` bytes are zero, at most 32.
INLINE int is_zero(__m256i bytes, int count) {
  const uint32_t zeros = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_setzero_si256()));
  return (uint64_t)~zeros << (64 - count) == 0;
}

/// Solves the key equation in `room`; answers 0 when there are more than E errors.
///
/// One row of 3E + 1 elements holds the discrepancies to come at its beginning, and the locator at place 3E, from where
/// both move down by one a step. What the discrepancies leave behind in between is the evaluator.
INLINE int solve_key_equation(
    const ckernels_reed_solomon *code, __m256i syndromes, uint8_t room[128], key_solution *solution) {
  const int capability = code->capability, step_count = 2 * capability;
  __m256i low = add(syndromes, load(code->unit)), high = load(code->unit + 32);
  symbols kept_low = split(low), kept_high = split(high);
  factor scale = load_factor(&code->products[1]);
  int error_count = 0, step = 0;
  for (; step < step_count; step++) {
    const unsigned discrepancy = (unsigned)_mm256_cvtsi256_si32(low) & 0xFF;
    const __m256i next_low = _mm256_alignr_epi8(_mm256_permute2x128_si256(low, high, 0x21), low, 1);
    const __m256i next_high = _mm256_alignr_epi8(_mm256_permute2x128_si256(high, high, 0x81), high, 1);
    if (discrepancy == 0) {
      if (is_zero(low, step_count - step)) break;
      low = next_low;
      high = next_high;
      continue;
    }
    const factor factor = load_factor(&code->products[discrepancy]);
    const symbols split_low = split(next_low), split_high = split(next_high);
    low = add(multiply(scale, split_low), multiply(factor, kept_low));
    high = add(multiply(scale, split_high), multiply(factor, kept_high));
    if (2 * error_count <= step) {
      error_count = step + 1 - error_count;
      if (error_count > capability) return 0;
      kept_low = split_low;
      kept_high = split_high;
      scale = factor;
    }
  }
  store(room, low);
  store(room + 32, high);
  solution->locator = room + 3 * capability - step;
  solution->evaluator = room + 2 * capability - step;
  solution->error_count = error_count;
  return 1;
}

/// The polynomials at X^-1 for each place X of a symbol.
typedef struct {
  /// The odd part of the locator, which is X^-1 Λ'(X^-1).
  _Alignas(32) uint8_t odd_locator[256];
  _Alignas(32) uint8_t evaluator[256];
  /// A bit for each root of the locator.
  uint32_t roots[8];
} evaluation;

/// Evaluates 64 places from symbol `first` on.
INLINE void evaluate_places(
    const ckernels_reed_solomon *code, const key_solution *solution, int first, evaluation *evaluation) {
  __m256i even[2], odd[2], evaluator[2];
  for (int half = 0; half < 2; half++) {
    even[half] = _mm256_set1_epi8((char)solution->locator[0]);
    evaluator[half] = _mm256_set1_epi8((char)solution->evaluator[0]);
    odd[half] = _mm256_setzero_si256();
  }
  for (int power = 1; power <= solution->error_count; power++) {
    const factor locator = load_factor(&code->products[solution->locator[power]]);
    const int has_evaluator = power < solution->error_count;
    const factor numerator = load_factor(&code->products[has_evaluator ? solution->evaluator[power] : 0]);
    for (int half = 0; half < 2; half++) {
      const symbols places = {
          load(code->places[power][0] + first + 32 * half), load(code->places[power][1] + first + 32 * half)};
      const __m256i product = multiply(locator, places);
      if (power & 1) {
        odd[half] = add(odd[half], product);
      } else {
        even[half] = add(even[half], product);
      }
      evaluator[half] = add(evaluator[half], multiply(numerator, places));
    }
  }
  for (int half = 0; half < 2; half++) {
    const int begin = first + 32 * half;
    store(evaluation->odd_locator + begin, odd[half]);
    store(evaluation->evaluator + begin, evaluator[half]);
    evaluation->roots[begin / 32] = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(even[half], odd[half]));
  }
}

/// Corrects the codeword whose first sent symbol is `word[0]`; gives the number of errors, or 0xFF.
AVX2 static uint8_t correct(
    const ckernels_reed_solomon *code, const reed_solomon_row *remainder, int lane, uint8_t *word) {
  uint8_t room[128] = {0};
  key_solution solution;
  if (!solve_key_equation(code, find_syndromes(code, remainder, lane), room, &solution)) return 0xFF;

  evaluation evaluation;
  for (int first = 0; first < 256; first += 64) evaluate_places(code, &solution, first, &evaluation);
  evaluation.roots[7] &= 0x7FFFFFFF;  // there is no symbol 255
  int root_count = 0;
  for (int group = 0; group < 8; group++) {
    const int fill = code->fill - 32 * group;
    if (fill > 0) evaluation.roots[group] &= fill < 32 ? ~0u << fill : 0;
    root_count += __builtin_popcount(evaluation.roots[group]);
  }
  if (root_count != solution.error_count) return 0xFF;

  // With b the first root of the generator, a symbol is wrong by X^(1 - b) Ω(X^-1) / Λ'(X^-1).
  for (int group = 0; group < 8; group++) {
    for (uint32_t roots = evaluation.roots[group]; roots; roots &= roots - 1) {
      const int symbol = 32 * group + __builtin_ctz(roots);
      const int exponent = code->exponents[symbol] + code->logarithms[evaluation.evaluator[symbol]] + 255
                           - code->logarithms[evaluation.odd_locator[symbol]];
      word[(symbol - code->fill) * code->depth] ^= code->to_channel[code->powers[exponent]];
    }
  }
  return (uint8_t)root_count;
}

AVX2 void ckernels_reed_solomon_decode(
    ckernels_reed_solomon *code, uint8_t *blocks, size_t stride, size_t count, uint64_t *found) {
  const int sent = reed_solomon_symbols - code->fill, parity = 2 * code->capability;
  // An odd number of steps gets a symbol of fill in front: row 0, which is always zero.
  reed_solomon_row *const rows = code->rows + ((sent - parity) & 1);
  fill_rows(rows, blocks, stride, count, (size_t)code->depth, (size_t)sent);
  if (code->capability == 16) {
    divide(code->generator, code->rows, sent - parity, 16);
  } else {
    divide(code->generator, code->rows, sent - parity, 8);
  }

  memset(found, 0, count * sizeof *found);
  const reed_solomon_row *const remainder = (const reed_solomon_row *)rows + (sent - parity);
  const int lane_count = (int)count * code->depth;
  uint32_t dirty = find_dirty(remainder, parity) & (uint32_t)((UINT64_C(1) << lane_count) - 1);
  for (; dirty; dirty &= dirty - 1) {
    const int lane = __builtin_ctz(dirty);
    const size_t block = (size_t)(lane / code->depth), codeword = (size_t)(lane % code->depth);
    const uint8_t errors = correct(code, remainder, lane, blocks + block * stride + codeword);
    found[block] |= (uint64_t)errors << (8 * codeword);
  }
}

#else

void ckernels_reed_solomon_decode(
    ckernels_reed_solomon *code, uint8_t *blocks, size_t stride, size_t count, uint64_t *found) {
  // Never chosen here.
  (void)code, (void)blocks, (void)stride, (void)count, (void)found;
}

#endif
