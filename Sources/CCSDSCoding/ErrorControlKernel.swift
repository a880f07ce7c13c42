import CCSDSWire
import CKernels

/// The ways this machine can check the frame error control field, all with the same result.
///
/// The best one is chosen once, at first use.
package enum ErrorControlKernel: CaseIterable, Sendable {
  /// Carry-less multiplication (PCLMULQDQ), 64 bytes at a step.
  case carrylessMultiplication
  /// Table look-up in plain Swift, on every machine.
  case portable

  /// The fastest kernel that this processor can run.
  package static let best = allCases.first { $0.isAvailable } ?? .portable

  /// Whether this processor can run the kernel.
  package var isAvailable: Bool {
    switch self {
    case .carrylessMultiplication: ckernels_has_pclmul() != 0
    case .portable: true
    }
  }

  /// The CRC-16 of `bytes` by the best kernel: the value of the error control field that follows them.
  ///
  /// Standard: CCSDS 132.0-B-3 §4.1.6.
  package static func crc16(of bytes: RawSpan) -> UInt16 {
    best.crc16(of: bytes)
  }

  /// Whether `frame`, its error control field included, arrived as it was sent, as far as 16 bits can tell.
  ///
  /// A frame too short to hold the field is not intact.
  package static func isIntact(frame: RawSpan) -> Bool {
    frame.byteCount >= errorControlByteCount && crc16(of: frame) == 0
  }

  /// The CRC-16 of `bytes` by this kernel, which must be available.
  package func crc16(of bytes: RawSpan) -> UInt16 {
    switch self {
    case .carrylessMultiplication:
      unsafe bytes.withUnsafeBytes { buffer in
        unsafe ckernels_crc16_pclmul(buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count, 0xFFFF)
      }
    case .portable:
      CRC16.checksum(of: bytes)
    }
  }

  private static let errorControlByteCount = 2
}
