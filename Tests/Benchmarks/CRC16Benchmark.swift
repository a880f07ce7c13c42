import CCSDSCoding
import CCSDSWire
import CKernels
import CReference

/// The frame error control field over frames of 1115 bytes, and the cost of a call as such.
enum CRC16Benchmark {
  static func contests() -> [Contest] { [frames(), calls()] }

  private static func frames() -> Contest {
    let input = BenchmarkInput.bytes(256 * 1115)
    func overFrames(_ name: String, _ check: @escaping (RawSpan) -> UInt16) -> Contender {
      Contender(name: name) {
        var sum: UInt64 = 0
        for start in stride(from: 0, to: input.count, by: 1115) {
          sum &+= UInt64(check(unsafe input.span.bytes.extracting(start..<start + 1115)))
        }
        return sum
      }
    }
    var contenders = [
      overFrames("portable, 16 bytes a step") { ErrorControlKernel.portable.crc16(of: $0) },
      overFrames("best kernel of this machine") { ErrorControlKernel.crc16(of: $0) },
      overFrames("C, a byte a step") { bytes in
        unsafe bytes.withUnsafeBytes { unsafe creference_crc16_bytewise($0.baseAddress, $0.count) }
      },
    ]
    if ErrorControlKernel.carrylessMultiplication.isAvailable {
      contenders.append(
        overFrames("carry-less multiplication") { ErrorControlKernel.carrylessMultiplication.crc16(of: $0) })
    }
    let reference = overFrames("C, 16 bytes a step") { bytes in
      unsafe bytes.withUnsafeBytes { unsafe creference_crc16_slicing($0.baseAddress, $0.count) }
    }
    return Contest(
      name: "crc16, 1115 bytes", byteCount: input.count, unit: "frame", unitCount: 256, reference: reference,
      contenders: contenders)
  }

  /// Sixteen bytes take next to nothing: what is left is the way to the kernel.
  private static func calls() -> Contest {
    let input = BenchmarkInput.bytes(16)
    let callCount = 10_000
    func repeated(_ name: String, _ check: @escaping (RawSpan) -> UInt16) -> Contender {
      Contender(name: name) {
        var sum: UInt64 = 0
        for _ in 0..<callCount { sum &+= UInt64(check(unsafe input.span.bytes)) }
        return sum
      }
    }
    return Contest(
      name: "crc16, 16 bytes", byteCount: input.count * callCount, unit: "call", unitCount: callCount,
      reference: repeated("C kernel called directly") { bytes in
        unsafe bytes.withUnsafeBytes { unsafe ckernels_crc16_pclmul($0.baseAddress, $0.count, 0xFFFF) }
      },
      contenders: [
        repeated("best kernel of this machine") { ErrorControlKernel.crc16(of: $0) },
        repeated("portable, 16 bytes a step") { ErrorControlKernel.portable.crc16(of: $0) },
      ])
  }
}
