// CRC-16 by folding: the message is a polynomial over GF(2), and PCLMULQDQ multiplies such polynomials.
//
//   P(x) = x^16 + x^12 + x^5 + 1 = 0x11021, most significant bit first, no reflection, no final XOR.
//   crc(M, seed) = (M(x) with seed added to its first 16 bits) * x^16 mod P(x).
//
// The state is the last 128 bits A = H * x^64 + L of what was read so far, known only modulo P. When d more bits
// follow, A moves up by d places, and
//
//   A * x^d  =  H * x^(d+64) + L * x^d  ≡  H * (x^(d+64) mod P) + L * (x^d mod P)   (mod P).
//
// Both constants have 16 bits, so the sum has at most 80: it fits the register and is added to the next 128 bits.
// Four such lanes run side by side, 512 bits apart, to hide the latency of the multiplier.
//
// The constants and their working are in CRC16Constants.h.

#include "CKernels.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define PCLMUL __attribute__((target("pclmul,sse4.1,ssse3")))

/// Two constants side by side, as a multiplier for the high and the low half of a register.
#define PAIR(high, low) _mm_set_epi64x(CKERNELS_CRC16_##high, CKERNELS_CRC16_##low)

/// Sixteen bytes at `bytes`, the first of them most significant.
PCLMUL static inline __m128i load(const uint8_t *bytes) {
  const __m128i reversed = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)bytes), reversed);
}

/// `state` moved up by the distance that `constants` holds: x^(d+64) mod P in the high half, x^d mod P in the low.
PCLMUL static inline __m128i fold(__m128i state, __m128i constants) {
  return _mm_xor_si128(_mm_clmulepi64_si128(state, constants, 0x11), _mm_clmulepi64_si128(state, constants, 0x00));
}

/// `state` * x^16 mod P.
///
/// H * x^80 + L * x^16 brings 128 bits to 80, H' * x^64 + L' those to 64. The rest is Barrett's division, exact over
/// GF(2): with U of at most 64 bits, U / P = (U / x^16) * (x^64 / P) / x^48, all quotients whole.
PCLMUL static inline uint16_t reduce(__m128i state) {
  const __m128i to80 = PAIR(X64, X80);
  const __m128i low = _mm_slli_si128(_mm_move_epi64(state), 2);
  const __m128i bits80 = _mm_xor_si128(_mm_clmulepi64_si128(state, to80, 0x01), low);
  const __m128i bits64 = _mm_xor_si128(_mm_clmulepi64_si128(bits80, to80, 0x11), bits80);

  const __m128i division = PAIR(POLYNOMIAL, INVERSE);
  const __m128i product = _mm_clmulepi64_si128(_mm_srli_epi64(bits64, 16), division, 0x00);
  const __m128i quotient = _mm_srli_si128(product, 6);
  const __m128i multiple = _mm_clmulepi64_si128(quotient, division, 0x10);
  return (uint16_t)_mm_cvtsi128_si32(_mm_xor_si128(bits64, multiple));
}

/// Fewer than sixteen bytes: they are the low end of one register.
PCLMUL static uint16_t crc16_short(const uint8_t *bytes, size_t count, uint16_t seed) {
  if (count == 0) return seed;
  if (count == 1) {
    // The low byte of the seed lies beyond the only byte: x^8 of the x^16 that `reduce` multiplies by.
    const int high = bytes[0] ^ (seed >> 8);
    return (uint16_t)(reduce(_mm_cvtsi32_si128(high)) ^ (seed << 8));
  }
  uint8_t padded[16] = {0};
  memcpy(padded + 16 - count, bytes, count);
  padded[16 - count] ^= (uint8_t)(seed >> 8);
  padded[17 - count] ^= (uint8_t)seed;
  return reduce(load(padded));
}

/// The state after the last `count` bytes, 1 to 15 of them, that end at `end`; at least sixteen bytes lie before it.
///
/// The state moves up by `count` bytes. What falls off its top is folded by 128 bits onto the bytes that move in.
PCLMUL static inline __m128i absorb_tail(__m128i state, const uint8_t *end, size_t count) {
  // A window of sixteen indices into this row moves a register up by `count` bytes or down by 16 - `count`.
  // Indices with the top bit set give zero bytes.
  static const uint8_t indices[48] = {
      0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
      0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F,
      0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
  };
  const __m128i up = _mm_loadu_si128((const __m128i *)(indices + 16 - count));
  const __m128i down = _mm_loadu_si128((const __m128i *)(indices + 32 - count));
  const __m128i moved = _mm_shuffle_epi8(state, up);
  const __m128i fallen = _mm_shuffle_epi8(state, down);

  // The last sixteen bytes of the message hold the tail in their low `count` bytes; the rest was read before.
  const __m128i window = load(end - 16);
  const __m128i fresh = _mm_cmpgt_epi8(_mm_setzero_si128(), up);
  const __m128i block = _mm_blendv_epi8(moved, window, fresh);
  return _mm_xor_si128(fold(fallen, PAIR(X192, X128)), block);
}

PCLMUL uint16_t ckernels_crc16_pclmul(const uint8_t *bytes, size_t count, uint16_t seed) {
  if (count < 16) return crc16_short(bytes, count, seed);

  const uint8_t *const end = bytes + count;
  const __m128i by128 = PAIR(X192, X128);
  __m128i state = _mm_xor_si128(load(bytes), _mm_set_epi64x((long long)((uint64_t)seed << 48), 0));
  if (count >= 64) {
    const __m128i by512 = PAIR(X576, X512);
    __m128i second = load(bytes + 16), third = load(bytes + 32), fourth = load(bytes + 48);
    for (bytes += 64; (size_t)(end - bytes) >= 64; bytes += 64) {
      state = _mm_xor_si128(fold(state, by512), load(bytes));
      second = _mm_xor_si128(fold(second, by512), load(bytes + 16));
      third = _mm_xor_si128(fold(third, by512), load(bytes + 32));
      fourth = _mm_xor_si128(fold(fourth, by512), load(bytes + 48));
    }
    const __m128i by256 = PAIR(X320, X256);
    const __m128i by384 = PAIR(X448, X384);
    state = _mm_xor_si128(_mm_xor_si128(fold(state, by384), fold(second, by256)),
                          _mm_xor_si128(fold(third, by128), fourth));
  } else {
    bytes += 16;
  }
  for (; end - bytes >= 16; bytes += 16) state = _mm_xor_si128(fold(state, by128), load(bytes));
  if (bytes != end) state = absorb_tail(state, end, (size_t)(end - bytes));
  return reduce(state);
}

#else

// Never chosen here; kept so that every machine links and gives the same answer.
uint16_t ckernels_crc16_pclmul(const uint8_t *bytes, size_t count, uint16_t seed) {
  uint16_t crc = seed;
  for (size_t index = 0; index < count; index++) {
    crc ^= (uint16_t)(bytes[index] << 8);
    for (int bit = 0; bit < 8; bit++) crc = (uint16_t)(crc << 1 ^ (crc & 0x8000 ? 0x1021 : 0));
  }
  return crc;
}

#endif
