import CCSDSWire
import LinkHealth
import MissionDatabase

/// A raw or engineering value as people and programs read it.
enum RenderedValue: Equatable {
  case integer(Int64)
  case unsigned(UInt64)
  case number(Double)
  /// A number that was sent as a float of 32 bits or fewer: it has no more digits than those that tell it from its
  /// neighbours among such floats.
  case single(Float)
  case flag(Bool)
  case text(String)
  /// There is none, or none that JSON can write.
  case absent

  /// The raw value of a sample.
  ///
  /// - Parameter octets: Where its text or octets lie, if it has some.
  static func raw(_ sample: ParameterSample, _ octets: borrowing PlacedOctets, _ context: RenderingContext) -> Self {
    value(sample.rawForm, sample.rawBits, sample, octets, context)
  }

  /// The engineering value of a sample.
  static func engineering(
    _ sample: ParameterSample, _ octets: borrowing PlacedOctets, _ context: RenderingContext
  ) -> Self {
    switch sample.validity {
    case .valid, .outOfRange:
      value(sample.engineeringForm, sample.engineeringBits, sample, octets, context)
    case .notCalibrated, .noLabel: .absent
    }
  }

  private static func value(
    _ form: ParameterSample.Form, _ bits: UInt64, _ sample: ParameterSample, _ octets: borrowing PlacedOctets,
    _ context: RenderingContext
  ) -> Self {
    switch form {
    case .signed: .integer(Int64(bitPattern: bits))
    case .unsigned: .unsigned(bits)
    case .float: number(Double(bitPattern: bits), asSent: sample.isSentAsSingle && bits == sample.rawBits)
    case .boolean: .flag(bits != 0)
    case .label: label(bits, context.catalog.labels[Int(sample.slot)])
    case .time: .text(context.text(ofTime: Int64(bitPattern: bits)))
    case .text: .text(octets.text(context.catalog.characters[Int(sample.slot)] ?? .utf8))
    case .octets: .text(octets.hexadecimal)
    case .none: .absent
    }
  }

  private static func number(_ number: Double, asSent isSingle: Bool) -> Self {
    guard number.isFinite else { return .absent }
    return isSingle ? Float(exactly: number).map { .single($0) } ?? .number(number) : .number(number)
  }

  private static func label(_ index: UInt64, _ labels: [String]) -> Self {
    index < UInt64(labels.count) ? .text(labels[Int(index)]) : .absent
  }
}

/// What values are rendered with.
struct RenderingContext: Sendable {
  let catalog: ParameterCatalog
  let leapSeconds: LeapSecondTable

  /// A time in UTC, to the nanosecond.
  func text(ofTime nanosecondsSince1958: Int64) -> String {
    leapSeconds.utc(of: TAIInstant(nanosecondsSince1958: nanosecondsSince1958)).iso8601
  }

  /// A time in UTC, to the microsecond, as times of events are.
  func timestamp(_ nanosecondsSince1958: Int64) -> String {
    leapSeconds.utc(of: TAIInstant(nanosecondsSince1958: nanosecondsSince1958)).iso8601(fractionDigitCount: 6)
  }
}

/// The place of a text or of octets: in a packet, or in what a table has kept of one.
struct PlacedOctets: ~Escapable {
  private let bytes: RawSpan
  private let bitOffset: Int
  private let bitCount: Int

  /// In the packet that a sample is of.
  @_lifetime(copy packet)
  init(_ sample: ParameterSample, in packet: RawSpan) {
    bytes = packet
    bitOffset = Int(sample.bitOffset)
    bitCount = max(0, min(Int(sample.bitCount), packet.byteCount * 8 - Int(sample.bitOffset)))
  }

  /// All octets that were kept of a sample.
  @_lifetime(copy kept)
  init(_ sample: ParameterSample, kept: RawSpan) {
    bytes = kept
    bitOffset = 0
    bitCount = min(Int(sample.bitCount), kept.byteCount * 8)
  }

  func text(_ characters: StringEncoding.CharacterSet) -> String {
    var cursor = CharacterCursor(bytes, bitOffset: bitOffset, bitCount: bitCount, characters)
    var text = String.UnicodeScalarView()
    while let scalar = cursor.next() { text.append(scalar) }
    return String(text)
  }

  /// Two digits for each eight bits; the last ones are filled up with zeros.
  var hexadecimal: String {
    var text: [UInt8] = []
    text.reserveCapacity((bitCount + 7) / 8 * 2)
    for bit in stride(from: 0, to: bitCount, by: 8) {
      let octet = octet(at: bit)
      text.append(Self.digits[Int(octet >> 4)])
      text.append(Self.digits[Int(octet & 0xF)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  private func octet(at bit: Int) -> UInt8 {
    let place = bitOffset + bit
    let shift = place & 7
    let index = place >> 3
    let next = shift > 0 && index + 1 < bytes.byteCount ? bytes.byte(at: index + 1) >> UInt8(8 - shift) : 0
    let octet = bytes.byte(at: index) << UInt8(shift) | next
    let rest = bitCount - bit
    return rest >= 8 ? octet : octet & ~(0xFF >> UInt8(rest))
  }

  private static let digits = Array("0123456789abcdef".utf8)
}

extension JSONWriter {
  /// A value under a name; what there is not is left out.
  mutating func member(_ name: String, _ value: RenderedValue) {
    switch value {
    case .integer(let number): member(name, number)
    case .unsigned(let number): member(name, number)
    case .number(let number): member(name, number)
    case .single(let number): member(name, json: String(describing: number))
    case .flag(let flag): member(name, flag)
    case .text(let text): member(name, text)
    case .absent: break
    }
  }

  /// The same; what there is not is `null`, for tables in which every value has its place.
  mutating func place(_ name: String, _ value: RenderedValue) {
    if value == .absent { member(name, json: "null") } else { member(name, value) }
  }

  /// A value of a list.
  mutating func element(_ value: RenderedValue) {
    switch value {
    case .integer(let number): element(number)
    case .unsigned(let number): element(number)
    case .number(let number): element(json: String(describing: number))
    case .single(let number): element(json: String(describing: number))
    case .flag(let flag): element(json: flag ? "true" : "false")
    case .text(let text): element(text)
    case .absent: element(json: "null")
    }
  }
}

extension ParameterSample {
  /// Whether its raw value is a float of 32 bits or fewer.
  fileprivate var isSentAsSingle: Bool { rawForm == .float && bitCount <= 32 }

  /// What is wrong with the value, in the word for it; nothing for one that is as it should be.
  var fault: String? {
    switch validity {
    case .valid:
      engineeringForm == .float && !Double(bitPattern: engineeringBits).isFinite ? "not_finite" : nil
    case .outOfRange: "out_of_range"
    case .notCalibrated: "not_calibrated"
    case .noLabel: "no_label"
    }
  }
}
