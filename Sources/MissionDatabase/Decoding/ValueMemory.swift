import CCSDSWire

/// A value that is kept because something else depends on it: a criterion, a size, a calibrator.
struct MemoryRule: BitwiseCopyable, Sendable {
  /// Only this occurrence in a packet, or any.
  var occurrence: UInt32?
  /// Another memory of the same value; -1 without.
  var next: Int32 = -1
  /// Where in the memory of texts its octets are; -1 where it has none.
  var textOffset: Int32 = -1
}

/// The last known values: of this packet, as far as it is decoded, else of those before it.
struct ValueMemory: ~Copyable {
  /// A text is remembered up to so many octets; a longer one is not known.
  static let textCapacity = 256

  private let rules: [MemoryRule]
  private var values: FixedBuffer<ParameterSample>
  private var isKnown: FixedBuffer<Bool>
  private var texts: FixedBuffer<UInt8>
  private var textCounts: FixedBuffer<Int32>

  init(_ rules: [MemoryRule], textByteCount: Int) {
    self.rules = rules
    values = FixedBuffer(repeating: ParameterSample(slot: 0, bitOffset: 0, bitCount: 0), count: rules.count)
    isKnown = FixedBuffer(repeating: false, count: rules.count)
    texts = FixedBuffer(repeating: 0, count: textByteCount)
    textCounts = FixedBuffer(repeating: 0, count: rules.count)
  }

  /// Knows nothing any more.
  mutating func forget() {
    for place in 0..<isKnown.count { isKnown[place] = false }
  }

  /// Keeps a value, at a place and at those that follow it.
  mutating func store(_ sample: ParameterSample, at first: Int32, _ packet: RawSpan) {
    var place = first
    while place >= 0 {
      let rule = rules[Int(place)]
      if rule.occurrence == nil || rule.occurrence == sample.occurrence { store(sample, at: Int(place), rule, packet) }
      place = rule.next
    }
  }

  private mutating func store(_ sample: ParameterSample, at place: Int, _ rule: MemoryRule, _ packet: RawSpan) {
    values[place] = sample
    isKnown[place] = true
    guard rule.textOffset >= 0 else { return }
    let count = Int(sample.bitCount) / 8
    guard count <= Self.textCapacity else {
      isKnown[place] = false
      return
    }
    textCounts[place] = Int32(count)
    for index in 0..<count {
      texts[Int(rule.textOffset) + index] = packet.octet(atBit: Int(sample.bitOffset) + 8 * index)
    }
  }

  /// The value, where it is known.
  func value(_ place: Int32) -> ParameterSample? {
    guard place >= 0, isKnown[Int(place)] else { return nil }
    return values[Int(place)]
  }

  /// The number, where it is known and is one; the number behind a label where its engineering value is one.
  func number(_ place: Int32, usesCalibrated: Bool) -> RawNumber? {
    guard let sample = value(place) else { return nil }
    let raw = RawNumber(form: sample.rawForm, bits: sample.rawBits)
    let found =
      usesCalibrated && sample.engineeringForm != .label
      ? RawNumber(form: sample.engineeringForm, bits: sample.engineeringBits) : raw
    return found.form.isNumber ? found : nil
  }

  /// How the octets of a text compare with others, as `RawNumber.compare` says it; nil where they are not known.
  func compare(_ place: Int32, with octets: Span<UInt8>) -> Int? {
    guard value(place) != nil, rules[Int(place)].textOffset >= 0 else { return nil }
    let count = Int(textCounts[Int(place)])
    let start = Int(rules[Int(place)].textOffset)
    for index in 0..<min(count, octets.count) where texts[start + index] != octets[index] {
      return texts[start + index] < octets[index] ? -1 : 1
    }
    return count < octets.count ? -1 : count == octets.count ? 0 : 1
  }

  /// How the octets of two texts compare.
  func compare(_ place: Int32, withPlace other: Int32) -> Int? {
    guard value(other) != nil, rules[Int(other)].textOffset >= 0 else { return nil }
    let start = Int(rules[Int(other)].textOffset)
    return compare(place, with: texts.span.extracting(start..<start + Int(textCounts[Int(other)])))
  }
}

extension ParameterSample.Form {
  /// Whether there is a number.
  var isNumber: Bool {
    switch self {
    case .signed, .unsigned, .float, .boolean, .time: true
    case .text, .octets, .label, .none: false
    }
  }
}
