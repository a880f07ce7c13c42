import CCSDSLink
import CCSDSWire
import DownlinkService
import Testing

/// Units that are dissected one after another, as from a file.
enum Inspection {
  /// The lines for units given in hexadecimal; `-` in them only separates.
  static func lines(
    _ parameters: LinkParameters, _ units: [String], _ configure: (inout Inspector.Options) -> Void = { _ in }
  ) -> [String] {
    lines(parameters, units.map(bytes(hexadecimal:)), configure)
  }

  static func lines(
    _ parameters: LinkParameters, _ units: [[UInt8]], _ configure: (inout Inspector.Options) -> Void = { _ in }
  ) -> [String] {
    var options = Inspector.Options()
    configure(&options)
    var session = InspectionSession(parameters: parameters, options: options)
    var lines: [String] = []
    var offset = 0
    for unit in units {
      session.take(unit, UnitDescription(originalByteCount: unit.count), at: .byte(offset)) { lines.append($0) }
      offset += unit.count
    }
    return lines
  }

  /// The lines as one text.
  static func text(
    _ parameters: LinkParameters, _ units: [String], _ configure: (inout Inspector.Options) -> Void = { _ in }
  ) -> String {
    lines(parameters, units, configure).joined(separator: "\n")
  }

  static func bytes(hexadecimal text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  /// TM frames with error control.
  static func tm(_ byteCount: Int, _ configure: (inout PhysicalChannelParameters) -> Void = { _ in }) -> LinkParameters
  {
    var parameters = PhysicalChannelParameters(frameType: .tm, frameByteCount: byteCount)
    parameters.errorControl = .crc16
    configure(&parameters)
    return .frames(parameters)
  }

  /// AOS frames with error control.
  static func aos(_ byteCount: Int, _ configure: (inout PhysicalChannelParameters) -> Void = { _ in }) -> LinkParameters
  {
    var parameters = PhysicalChannelParameters(frameType: .aos, frameByteCount: byteCount)
    parameters.errorControl = .crc16
    configure(&parameters)
    return .frames(parameters)
  }

  /// USLP frames with error control.
  static func uslp(
    _ byteCount: Int, _ configure: (inout PhysicalChannelParameters) -> Void = { _ in }
  ) -> LinkParameters {
    var parameters = PhysicalChannelParameters(frameType: .uslp, frameByteCount: byteCount)
    parameters.errorControl = .crc16
    configure(&parameters)
    return .frames(parameters)
  }

  /// The frame with its error control field right.
  static func sealed(_ text: String) -> String {
    let bytes = bytes(hexadecimal: text)
    var check: UInt16 = 0xFFFF
    for byte in bytes {
      check ^= UInt16(byte) << 8
      for _ in 0..<8 { check = check << 1 ^ (check & 0x8000 == 0 ? 0 : 0x1021) }
    }
    let digits = String(check, radix: 16)
    return text + String(repeating: "0", count: 4 - digits.count) + digits
  }
}

// MARK: Parts of what is told

extension Inspection {
  /// The first lines.
  static func head(
    _ parameters: LinkParameters, _ units: [String], _ count: Int,
    _ configure: (inout Inspector.Options) -> Void = { _ in }
  ) -> String {
    lines(parameters, units.map(bytes(hexadecimal:)), configure).prefix(count).joined(separator: "\n")
  }

  /// The lines from one on, from 0, without the last few.
  static func tail(_ parameters: LinkParameters, _ units: [String], from first: Int, dropping last: Int = 0) -> String {
    lines(parameters, units).dropFirst(first).dropLast(last).joined(separator: "\n")
  }

  /// The lines without those of fields, and without empty ones.
  static func notes(_ parameters: LinkParameters, _ units: [String]) -> String {
    lines(parameters, units).filter { !$0.hasPrefix("      ") && !$0.isEmpty }.joined(separator: "\n")
  }
}

/// Compares line by line, to show the first one that differs.
func expectLines(_ actual: String, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation) {
  let actual = actual.split(separator: "\n", omittingEmptySubsequences: false)
  let expected = expected.split(separator: "\n", omittingEmptySubsequences: false)
  let difference = zip(actual, expected).first { $0 != $1 }
  #expect(difference == nil, sourceLocation: sourceLocation)
  #expect(actual.count == expected.count, "\(actual)", sourceLocation: sourceLocation)
}
