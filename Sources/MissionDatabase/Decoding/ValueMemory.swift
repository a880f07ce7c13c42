import CCSDSWire

/// A value that is kept because something else depends on it: a criterion, a size, a calibrator.
struct MemoryRule: BitwiseCopyable, Sendable {
  /// Places in the list of memories of elements, of all of the same array; none where it is no element.
  var elements = TableRange(first: 0, count: 0)
  /// Where in the memory of texts its octets are; -1 where it has none.
  var textOffset: Int32 = -1
}

/// The memory of an element of an array.
struct ElementMemory: BitwiseCopyable, Sendable {
  var occurrence: UInt32
  /// The place in `memories`.
  var place: Int32
}

/// The last known values: of this packet, as far as it is decoded, else of those before it.
struct ValueMemory: ~Copyable {
  /// A text is remembered up to so many octets; a longer one is not known.
  static let textCapacity = 256

  private let rules: [MemoryRule]
  /// Those of an array by their occurrences.
  private let elements: [ElementMemory]
  private var values: FixedBuffer<ParameterSample>
  private var isKnown: FixedBuffer<Bool>
  private var texts: FixedBuffer<UInt8>
  private var textCounts: FixedBuffer<Int32>
  /// What the packet under way has written over, each place once; nothing unless it may have to be taken back.
  private var earlier: FixedBuffer<EarlierValue>
  private var earlierCount = 0
  private var isKept: FixedBuffer<Bool>
  private var earlierTexts: FixedBuffer<UInt8>
  private let canTakeBack: Bool

  /// What was remembered before.
  private struct EarlierValue: BitwiseCopyable {
    var sample = ParameterSample(slot: 0, bitOffset: 0, bitCount: 0)
    var place: Int32 = 0
    var textCount: Int32 = 0
    var isKnown = false
  }

  /// - Parameter canTakeBack: Whether what a packet has stored may have to be taken back.
  init(_ rules: [MemoryRule], _ elements: [ElementMemory], textByteCount: Int, canTakeBack: Bool = false) {
    self.rules = rules
    self.elements = elements
    self.canTakeBack = canTakeBack
    earlier = FixedBuffer(repeating: EarlierValue(), count: canTakeBack ? rules.count : 0)
    isKept = FixedBuffer(repeating: false, count: canTakeBack ? rules.count : 0)
    earlierTexts = FixedBuffer(repeating: 0, count: canTakeBack ? textByteCount : 0)
    values = FixedBuffer(repeating: ParameterSample(slot: 0, bitOffset: 0, bitCount: 0), count: rules.count)
    isKnown = FixedBuffer(repeating: false, count: rules.count)
    texts = FixedBuffer(repeating: 0, count: textByteCount)
    textCounts = FixedBuffer(repeating: 0, count: rules.count)
  }

  /// Begins a packet: what those before it have stored stays.
  mutating func begin() {
    for index in 0..<earlierCount { isKept[Int(earlier[index].place)] = false }
    earlierCount = 0
  }

  /// Knows what it knew before the packet, if it is one that can take back.
  mutating func takeBack() {
    for index in 0..<earlierCount {
      let value = earlier[index]
      let place = Int(value.place)
      values[place] = value.sample
      isKnown[place] = value.isKnown
      textCounts[place] = value.textCount
      let text = Int(rules[place].textOffset)
      guard text >= 0 else { continue }
      for octet in text..<text + Int(value.textCount) { texts[octet] = earlierTexts[octet] }
    }
    begin()
  }

  /// Keeps what is about to be written over.
  private mutating func keep(_ place: Int, _ rule: MemoryRule) {
    guard !isKept[place] else { return }
    isKept[place] = true
    earlier[earlierCount] = EarlierValue(
      sample: values[place], place: Int32(place), textCount: textCounts[place], isKnown: isKnown[place])
    earlierCount += 1
    guard rule.textOffset >= 0 else { return }
    let text = Int(rule.textOffset)
    for octet in text..<text + Int(textCounts[place]) { earlierTexts[octet] = texts[octet] }
  }

  /// Keeps a value at its place; of an array, at those of the element that it is.
  mutating func store(_ sample: ParameterSample, at place: Int32, _ packet: RawSpan) {
    let rule = rules[Int(place)]
    guard rule.elements.count > 0 else { return store(sample, at: Int(place), rule, packet) }
    var low = Int(rule.elements.first)
    let end = low + Int(rule.elements.count)
    var high = end
    while low < high {
      let middle = (low + high) / 2
      if elements[middle].occurrence < sample.occurrence { low = middle + 1 } else { high = middle }
    }
    while low < end, elements[low].occurrence == sample.occurrence {
      let place = Int(elements[low].place)
      store(sample, at: place, rules[place], packet)
      low += 1
    }
  }

  private mutating func store(_ sample: ParameterSample, at place: Int, _ rule: MemoryRule, _ packet: RawSpan) {
    if canTakeBack { keep(place, rule) }
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
