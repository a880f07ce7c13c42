import CCSDSWire
import MissionDatabase

/// A value as a test compares it.
enum Value: Equatable, CustomStringConvertible {
  case integer(Int64)
  case unsigned(UInt64)
  case number(Double)
  case text(String)
  case octets([UInt8])
  case label(String)
  case boolean(Bool)
  /// Nanoseconds since 1958.
  case time(Int64)
  case none

  var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let text): "\"\(text)\""
    case .octets(let octets): "\(octets)"
    case .label(let label): label
    case .boolean(let value): "\(value)"
    case .time(let value): "\(value) ns"
    case .none: "none"
    }
  }
}

/// One packet, decoded.
struct Decoded {
  struct Sample {
    var name: String
    var occurrence: Int
    var raw: Value
    var engineering: Value
    var validity: ParameterSample.Validity
    var bits: Range<Int>
  }

  var outcome: DecodedOutcome
  var samples: [Sample]
  /// The path of the slot at which it ended.
  var end: String?

  /// The names without the path of their space system.
  var names: [String] { samples.map(\.name) }

  /// The engineering value of the first sample of a name.
  subscript(name: String) -> Value? { samples.first { $0.name == name }?.engineering }

  func raw(_ name: String) -> Value? { samples.first { $0.name == name }?.raw }

  func all(_ name: String) -> [Value] { samples.filter { $0.name == name }.map(\.engineering) }
}

extension PacketDecoder {
  /// Decodes a packet and gives everything that came of it.
  mutating func decoded(_ packet: [UInt8]) -> Decoded {
    let bytes = unsafe packet.span.bytes
    let outcome = decode(bytes)
    let plan = self.plan
    var samples: [Decoded.Sample] = []
    let found = self.samples
    for index in 0..<found.count {
      let sample = found[index]
      samples.append(
        Decoded.Sample(
          name: Self.shortened(plan.slots[Int(sample.slot)].name), occurrence: Int(sample.occurrence),
          raw: plan.value(sample, sample.rawForm, sample.rawBits, bytes),
          engineering: plan.value(sample, sample.engineeringForm, sample.engineeringBits, bytes),
          validity: sample.validity,
          bits: Int(sample.bitOffset)..<Int(sample.bitOffset) + Int(sample.bitCount)))
    }
    let end = outcome.endSlot >= 0 ? Self.shortened(plan.slots[Int(outcome.endSlot)].name) : nil
    return Decoded(outcome: outcome, samples: samples, end: end)
  }

  private static func shortened(_ name: String) -> String {
    name.hasPrefix("/SAT/") ? String(name.dropFirst(5)) : name
  }
}

extension DecodePlan {
  fileprivate func value(
    _ sample: ParameterSample, _ form: ParameterSample.Form, _ bits: UInt64, _ packet: RawSpan
  ) -> Value {
    switch form {
    case .text: text(of: sample, in: packet).map(Value.text) ?? .none
    case .octets: .octets(octets(of: sample, in: packet))
    case .signed: .integer(Int64(bitPattern: bits))
    case .unsigned: Int64(exactly: bits).map(Value.integer) ?? .unsigned(bits)
    case .float: .number(Double(bitPattern: bits))
    case .boolean: .boolean(bits != 0)
    case .label: label(of: sample).map(Value.label) ?? .none
    case .time: .time(Int64(bitPattern: bits))
    case .none: .none
    }
  }
}

/// The bytes of hexadecimal digits.
func hex(_ digits: String) -> [UInt8] {
  let values = digits.compactMap(\.hexDigitValue)
  return stride(from: 0, to: values.count - 1, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
}
