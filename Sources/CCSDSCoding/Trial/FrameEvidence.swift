import CCSDSWire

/// What frames say by themselves: whether they agree on what they are, and whether their counts step.
struct FrameEvidence {
  private(set) var frameCount = 0
  /// The protocol that three quarters of them, or more, are of, all of one spacecraft.
  private(set) var version: TransferFrameVersion?
  /// Frames that end in a CRC-16 that fits.
  private(set) var intactCount = 0
  /// Of those, the ones that are not the same as another: a pattern that fits once fits always.
  private(set) var differentIntactCount = 0
  /// Frames that came right behind one another and have counts to compare.
  private(set) var pairCount = 0
  /// Of those, the ones whose count is one more.
  private(set) var stepCount = 0

  /// - Parameters:
  ///   - starts: Where frames begin in `bytes`.
  ///   - followsPrevious: By frame: whether it came right behind the one before it.
  ///   - isWhole: Whether all of each frame is there, not only its header.
  init(_ bytes: [UInt8], at starts: [Int], byteCount: Int, followsPrevious: [Bool], isWhole: Bool = true) {
    frameCount = starts.count
    for version in TransferFrameVersion.allCases {
      let headers = starts.map { FrameIdentity(bytes, at: $0, byteCount: byteCount, as: version) }
      guard Self.agree(headers) else { continue }
      self.version = version
      let steps = [Self.steps(headers, followsPrevious, \.masterCount), Self.steps(headers, followsPrevious, \.count)]
      // A spacecraft may leave one of its counts alone.
      if let best = steps.max(by: { $0.certainty < $1.certainty }) { (pairCount, stepCount) = (best.pairs, best.steps) }
    }
    guard isWhole else { return }
    let span = unsafe bytes.span.bytes
    let intact = starts.filter { ErrorControlKernel.isIntact(frame: span.extracting($0..<$0 + byteCount)) }
    intactCount = intact.count
    differentIntactCount = Set(intact.map { bytes[$0..<$0 + byteCount] }).count
  }

  /// Whether the counts speak for it: random data, and counts that a sequence was added to, step by chance only.
  var steps: Bool { pairCount >= 3 && 5 * stepCount >= 4 * pairCount }

  /// Above zero where more than two of three counts go on.
  var certainty: Int { 3 * stepCount - 2 * pairCount }

  private static func steps(
    _ headers: [FrameIdentity?], _ followsPrevious: [Bool], _ count: (FrameIdentity) -> FrameIdentity.Count?
  ) -> (pairs: Int, steps: Int, certainty: Int) {
    var last: [UInt8: UInt32] = [:]
    var (pairs, steps) = (0, 0)
    for (header, follows) in zip(headers, followsPrevious) {
      if !follows { last.removeAll() }
      guard let header, let count = count(header) else { continue }
      if let previous = last[count.channel] {
        pairs += 1
        if (count.value &- previous) & count.mask == 1 { steps += 1 }
      }
      last[count.channel] = count.value
    }
    return (pairs, steps, 3 * steps - 2 * pairs)
  }

  /// Whether most are of one protocol and one spacecraft.
  private static func agree(_ headers: [FrameIdentity?]) -> Bool {
    var counts: [UInt16: Int] = [:]
    for header in headers { if let header { counts[header.spacecraftID, default: 0] += 1 } }
    return (counts.values.max() ?? 0) * 4 >= headers.count * 3 && !headers.isEmpty
  }
}

/// What the first bytes of a frame say.
struct FrameIdentity {
  /// No frame is shorter: a header and one byte.
  static let smallestByteCount = 7

  /// A count, the channel that it is of, and the bits that it has.
  struct Count {
    var value: UInt32
    var channel: UInt8
    var mask: UInt32
  }

  let spacecraftID: UInt16
  /// Of the virtual channel. USLP frames say themselves how long theirs is, and are proven by their length.
  private(set) var count: Count?
  /// TM has one over all channels.
  private(set) var masterCount: Count?

  /// - Returns: Nothing where a frame of that protocol cannot begin like this.
  init?(_ bytes: [UInt8], at start: Int, byteCount: Int, as version: TransferFrameVersion) {
    guard byteCount >= Self.smallestByteCount, start + Self.smallestByteCount <= bytes.count else { return nil }
    let word = bytes[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    switch version {
    case .tm:
      guard word >> 30 == 0b00 else { return nil }
      spacecraftID = UInt16(word >> 20 & 0x3FF)
      count = Count(value: word & 0xFF, channel: UInt8(word >> 17 & 0b111), mask: 0xFF)
      masterCount = Count(value: word >> 8 & 0xFF, channel: 0, mask: 0xFF)
    case .aos:
      guard word >> 30 == 0b01 else { return nil }
      spacecraftID = UInt16(word >> 22 & 0xFF)
      let value = (word & 0xFFFF) << 8 | UInt32(bytes[start + 4])
      count = Count(value: value, channel: UInt8(word >> 16 & 0x3F), mask: 0xFF_FFFF)
    case .uslp:
      let length = Int(bytes[start + 4]) << 8 | Int(bytes[start + 5])
      guard word >> 28 == 0b1100, word & 1 == 0, length == byteCount - 1 else { return nil }
      spacecraftID = UInt16(word >> 12 & 0xFFFF)
    }
  }
}
