/// The few loops that need instructions Swift cannot name. Each has a portable twin in Swift that gives the same
/// result on every input, and a question that tells whether this processor can run it.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "CRC16Constants.h"

/// Whether this processor multiplies polynomials over GF(2), as `ckernels_crc16_pclmul` requires: 1 or 0.
int ckernels_has_pclmul(void);

/// The CRC-16 of the frame error control field over `count` bytes, continuing from `seed` (0xFFFF at the start).
///
/// Any count from 0 and any alignment. `bytes` may be null when `count` is 0.
/// Call it only where `ckernels_has_pclmul` answers 1.
uint16_t ckernels_crc16_pclmul(const uint8_t *bytes, size_t count, uint16_t seed);

#endif
