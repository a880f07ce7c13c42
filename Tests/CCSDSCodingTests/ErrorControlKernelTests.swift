import CCSDSCoding
import CCSDSWire
import CKernels
import TestSupport
import Testing

@Suite("Frame error control kernels, CCSDS 132.0-B-3 §4.1.6")
struct ErrorControlKernelTests {
  private static let kernels = ErrorControlKernel.allCases.filter(\.isAvailable)

  @Test("the best kernel is one that this processor can run, and the portable one always is")
  func choosesAvailableKernel() {
    #expect(ErrorControlKernel.best.isAvailable)
    #expect(ErrorControlKernel.portable.isAvailable)
    #expect((ckernels_has_pclmul() != 0) == (ErrorControlKernel.best == .carrylessMultiplication))
  }

  /// The check value of CRC-16/IBM-3740, the examples of ECSS-E-ST-70-41C annex B, and short runs of zeros.
  @Test("the published values come out of every kernel", arguments: kernels)
  func matchesPublishedValues(kernel: ErrorControlKernel) {
    let values: [([UInt8], UInt16)] = [
      ([], 0xFFFF),
      ([0x00], 0xE1F0),
      ([0x00, 0x00], 0x1D0F),
      ([0x00, 0x00, 0x00], 0xCC9C),
      ([0xAB, 0xCD, 0xEF, 0x01], 0x04A2),
      ([0x14, 0x56, 0xF8, 0x9A, 0x00, 0x01], 0x7FD5),
      ([0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39], 0x29B1),
    ]
    for (bytes, expected) in values {
      #expect(kernel.crc16(of: bytes) == expected)
      #expect(unsafe ErrorControlKernel.crc16(of: bytes.span.bytes) == expected)
    }
  }

  @Test("every length to 2100 agrees with the division done bit by bit, at every alignment", arguments: 0..<16)
  func matchesLongDivision(alignment: Int) {
    var generator = SeededGenerator(seed: 0x1021 + UInt64(alignment))
    let bytes = generator.bytes(2100 + alignment)
    var remainder: UInt16 = 0xFFFF
    for end in alignment...bytes.count {
      let part = bytes[alignment..<end]
      for kernel in Self.kernels where kernel.crc16(of: part) != remainder {
        Issue.record("\(kernel): \(end - alignment) bytes at alignment \(alignment)")
      }
      if end < bytes.count { remainder = Self.divided(remainder, bytes[end]) }
    }
  }

  @Test("the multiplying kernel continues from any check, at every length to 100")
  func continuesFromPart() {
    guard ErrorControlKernel.carrylessMultiplication.isAvailable else { return }
    var generator = SeededGenerator(seed: 0x3740)
    let bytes = generator.bytes(100)
    for seed in [0x0000, 0x0001, 0x0100, 0x8000, 0x1D0F, 0xFFFF] as [UInt16] {
      var remainder = seed
      for count in 0...bytes.count {
        let check = unsafe bytes.withUnsafeBufferPointer { buffer in
          unsafe ckernels_crc16_pclmul(buffer.baseAddress, count, seed)
        }
        #expect(check == remainder, "\(count) bytes from \(seed)")
        if count < bytes.count { remainder = Self.divided(remainder, bytes[count]) }
      }
    }
    #expect(ckernels_crc16_pclmul(nil, 0, 0x1D0F) == 0x1D0F, "no bytes need no address")
  }

  @Test(
    "the folding constants are powers of x modulo the polynomial",
    arguments: [
      (64, CKERNELS_CRC16_X64), (80, CKERNELS_CRC16_X80), (128, CKERNELS_CRC16_X128), (192, CKERNELS_CRC16_X192),
      (256, CKERNELS_CRC16_X256), (320, CKERNELS_CRC16_X320), (384, CKERNELS_CRC16_X384),
      (448, CKERNELS_CRC16_X448), (512, CKERNELS_CRC16_X512), (576, CKERNELS_CRC16_X576),
    ])
  func foldsByPowers(power: Int, constant: Int32) {
    var remainder: UInt32 = 1
    for _ in 0..<power {
      remainder <<= 1
      if remainder & 0x10000 != 0 { remainder ^= 0x11021 }
    }
    #expect(UInt32(constant) == remainder)
  }

  @Test("the inverse is the quotient of x^64 by the polynomial")
  func dividesByInverse() {
    var dividend = UInt128(1) << 64
    var quotient: Int64 = 0
    for shift in stride(from: 48, through: 0, by: -1) where dividend >> UInt128(shift + 16) & 1 == 1 {
      dividend ^= UInt128(0x11021) << UInt128(shift)
      quotient |= 1 << Int64(shift)
    }
    #expect(CKERNELS_CRC16_POLYNOMIAL == 0x11021)
    #expect(CKERNELS_CRC16_INVERSE == quotient)
  }

  @Test("a frame with its own check is intact, and any one flipped bit shows", arguments: kernels)
  func detectsEverySingleBit(kernel: ErrorControlKernel) {
    var generator = SeededGenerator(seed: 1115)
    var frame = generator.bytes(1113)
    let check = kernel.crc16(of: frame)
    frame += [UInt8(check >> 8), UInt8(check & 0xFF)]
    #expect(kernel.crc16(of: frame) == 0)
    #expect(isIntact(frame))

    var undetectedCount = 0
    for bit in 0..<frame.count * 8 {
      frame[bit / 8] ^= 0x80 >> UInt8(bit % 8)
      if kernel.crc16(of: frame) == 0 { undetectedCount += 1 }
      frame[bit / 8] ^= 0x80 >> UInt8(bit % 8)
    }
    #expect(undetectedCount == 0)
  }

  @Test("bursts of up to sixteen bits show wherever they are")
  func detectsBursts() {
    var generator = SeededGenerator(seed: 16)
    var frame = generator.bytes(221)
    let check = ErrorControlKernel.best.crc16(of: frame)
    frame += [UInt8(check >> 8), UInt8(check & 0xFF)]
    for offset in 0..<frame.count - 1 {
      let burst = UInt16.random(in: 1...0xFFFF, using: &generator)
      frame[offset] ^= UInt8(burst >> 8)
      frame[offset + 1] ^= UInt8(burst & 0xFF)
      #expect(!isIntact(frame), "burst \(burst) at byte \(offset)")
      frame[offset] ^= UInt8(burst >> 8)
      frame[offset + 1] ^= UInt8(burst & 0xFF)
    }
    #expect(isIntact(frame))
  }

  @Test("a frame too short for the field is not intact")
  func refusesShortFrames() {
    #expect(!isIntact([]))
    for byte in UInt8.min...UInt8.max {
      #expect(!isIntact([byte]))
    }
    #expect(isIntact([0xFF, 0xFF]), "the check of no bytes")
  }

  private func isIntact(_ frame: [UInt8]) -> Bool {
    ErrorControlKernel.isIntact(frame: unsafe frame.span.bytes)
  }

  /// One byte further in the division, bit by bit.
  private static func divided(_ remainder: UInt16, _ byte: UInt8) -> UInt16 {
    var remainder = remainder ^ UInt16(byte) << 8
    for _ in 0..<8 {
      remainder = remainder & 0x8000 == 0 ? remainder << 1 : remainder << 1 ^ 0x1021
    }
    return remainder
  }
}

extension ErrorControlKernel {
  fileprivate func crc16(of bytes: [UInt8]) -> UInt16 { crc16(of: unsafe bytes.span.bytes) }

  fileprivate func crc16(of bytes: ArraySlice<UInt8>) -> UInt16 { crc16(of: unsafe bytes.span.bytes) }
}
