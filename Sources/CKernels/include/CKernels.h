/// The few loops that need instructions Swift cannot name. Each has a portable twin in Swift that gives the same
/// result on every input, and a question that tells whether this processor can run it.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "CRC16Constants.h"

/// Makes every question below answer 0, so that all kernels chosen from now on are the portable ones.
///
/// A choice already made stays: call it before anything else.
void ckernels_force_portable(void);

/// Whether this processor multiplies polynomials over GF(2), as `ckernels_crc16_pclmul` requires: 1 or 0.
int ckernels_has_pclmul(void);

/// The CRC-16 of the frame error control field over `count` bytes, continuing from `seed` (0xFFFF at the start).
///
/// Any count from 0 and any alignment. `bytes` may be null when `count` is 0.
/// Call it only where `ckernels_has_pclmul` answers 1.
uint16_t ckernels_crc16_pclmul(const uint8_t *bytes, size_t count, uint16_t seed);

/// Whether this processor looks up 32 nibbles at once (AVX2), as `ckernels_reed_solomon_decode` requires: 1 or 0.
int ckernels_has_avx2(void);

/// A decoder for one Reed–Solomon code of CCSDS: its tables, and room for the codewords under way.
typedef struct ckernels_reed_solomon ckernels_reed_solomon;

/// A decoder, to be destroyed; null where there is no memory.
///
/// `capability` is E, 8 or 16; `depth` is I, 1 to 5 or 8; `fill` is Q/I, at least one symbol less than the code has
/// besides its parity.
ckernels_reed_solomon *ckernels_reed_solomon_create(int capability, int depth, int fill, int is_dual);

void ckernels_reed_solomon_destroy(ckernels_reed_solomon *decoder);

/// How many codeblocks `ckernels_reed_solomon_decode` takes at a time.
size_t ckernels_reed_solomon_batch(const ckernels_reed_solomon *decoder);

/// Corrects, in place, codeblocks that begin `stride` bytes apart: at least one, at most a batch.
///
/// Byte r of `found[i]`, from the lowest on, says how many symbols of codeword r of codeblock i were corrected, or is
/// 0xFF where that could not be done. Touches nothing outside the codeblocks.
/// Call it only where `ckernels_has_avx2` answers 1.
void ckernels_reed_solomon_decode(
    ckernels_reed_solomon *decoder, uint8_t *blocks, size_t stride, size_t count, uint64_t *found);

#endif
