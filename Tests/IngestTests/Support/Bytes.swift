import Ingest

extension [UInt8] {
  /// Hexadecimal digits; blanks are for the reader.
  init(hex: String) {
    let digits = hex.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
    self = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  init(copying bytes: RawSpan) {
    self = unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }
  }

  /// A number of so many bytes, in either byte order.
  static func number(_ value: UInt64, byteCount: Int, bigEndian: Bool) -> [UInt8] {
    let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
    return bigEndian ? bytes.reversed() : bytes
  }

  static func big16(_ value: Int) -> [UInt8] { number(UInt64(value), byteCount: 2, bigEndian: true) }
  static func big32(_ value: Int) -> [UInt8] { number(UInt64(value), byteCount: 4, bigEndian: true) }

  /// Bytes that differ from place to place and from seed to seed.
  static func pattern(_ byteCount: Int, seed: Int = 0) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &+ seed &* 17 &+ 5) }
  }

  func withRawSpan<Result, Failure: Error>(_ body: (RawSpan) throws(Failure) -> Result) throws(Failure) -> Result {
    try body(unsafe span.bytes)
  }
}
