/// The constants of CRC-16 by folding, here for the tests to work out again by long division, bit by bit.
///
/// P(x) = x^16 + x^12 + x^5 + 1. The working, by squaring and multiplying by x modulo P:
///
///     x^16 ≡ x^12 + x^5 + 1                                                     = 0x1021
///     x^32 ≡ (x^12 + x^5 + 1)^2 = x^24 + x^10 + 1
///            with x^20 = x^16 * x^4 ≡ x^16 + x^9 + x^4 ≡ x^12 + x^9 + x^5 + x^4 + 1
///            and  x^24 = x^16 * x^8 ≡ x^20 + x^13 + x^8 ≡ x^13 + x^12 + x^9 + x^8 + x^5 + x^4 + 1
///          ≡ x^13 + x^12 + x^10 + x^9 + x^8 + x^5 + x^4                         = 0x3730
///     x^64 ≡ (x^32)^2, x^80 = x^64 * x^16, x^128 = (x^64)^2, x^192 = x^128 * x^64, ... each reduced in the same way.
#ifndef CKERNELS_CRC16_CONSTANTS_H
#define CKERNELS_CRC16_CONSTANTS_H

/// P(x).
#define CKERNELS_CRC16_POLYNOMIAL 0x11021
/// The quotient of x^64 by P(x), 49 bits.
#define CKERNELS_CRC16_INVERSE 0x111303471A041

/// x^64 and x^80 mod P: from 128 bits to 80, from 80 to 64.
#define CKERNELS_CRC16_X64 0xB861
#define CKERNELS_CRC16_X80 0xEB23
/// Both halves of a lane, 128 bits up.
#define CKERNELS_CRC16_X128 0xAEFC
#define CKERNELS_CRC16_X192 0x650B
/// 256 bits up.
#define CKERNELS_CRC16_X256 0x8E29
#define CKERNELS_CRC16_X320 0x26AA
/// 384 bits up.
#define CKERNELS_CRC16_X384 0xCDE2
#define CKERNELS_CRC16_X448 0x2535
/// 512 bits up.
#define CKERNELS_CRC16_X512 0x13FC
#define CKERNELS_CRC16_X576 0x8832

#endif
