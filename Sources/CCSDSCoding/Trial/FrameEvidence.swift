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
      for (index, header) in headers.enumerated() where index > 0 && followsPrevious[index] {
        guard let header, let previous = headers[index - 1], let steps = header.steps(from: previous) else { continue }
        pairCount += 1
        if steps { stepCount += 1 }
      }
    }
    guard isWhole else { return }
    let span = unsafe bytes.span.bytes
    let intact = starts.filter { ErrorControlKernel.isIntact(frame: span.extracting($0..<$0 + byteCount)) }
    intactCount = intact.count
    differentIntactCount = Set(intact.map { bytes[$0..<$0 + byteCount] }).count
  }

  /// Whether the counts speak for it: random data, and counts that a sequence was added to, step by chance only.
  var steps: Bool { pairCount >= 3 && 5 * stepCount >= 4 * pairCount }

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

  let spacecraftID: UInt16
  private let virtualChannelID: UInt8
  /// Of the virtual channel, and modulo what. USLP frames say themselves how long theirs is, and are long proven.
  private let count: UInt32
  private let modulus: UInt32
  /// TM has a second one, over all channels.
  private let masterCount: UInt8?

  /// - Returns: Nothing where a frame of that protocol cannot begin like this.
  init?(_ bytes: [UInt8], at start: Int, byteCount: Int, as version: TransferFrameVersion) {
    guard byteCount >= Self.smallestByteCount, start + Self.smallestByteCount <= bytes.count else { return nil }
    let word =
      UInt32(bytes[start]) << 24 | UInt32(bytes[start + 1]) << 16 | UInt32(bytes[start + 2]) << 8
      | UInt32(bytes[start + 3])
    switch version {
    case .tm:
      guard word >> 30 == 0b00 else { return nil }
      spacecraftID = UInt16(word >> 20 & 0x3FF)
      virtualChannelID = UInt8(word >> 17 & 0b111)
      (count, modulus) = (word & 0xFF, 256)
      masterCount = UInt8(word >> 8 & 0xFF)
    case .aos:
      guard word >> 30 == 0b01 else { return nil }
      spacecraftID = UInt16(word >> 22 & 0xFF)
      virtualChannelID = UInt8(word >> 16 & 0x3F)
      (count, modulus) = ((word & 0xFFFF) << 8 | UInt32(bytes[start + 4]), 1 << 24)
      masterCount = nil
    case .uslp:
      let length = Int(bytes[start + 4]) << 8 | Int(bytes[start + 5])
      guard word >> 28 == 0b1100, word & 1 == 0, length == byteCount - 1 else { return nil }
      spacecraftID = UInt16(word >> 12 & 0xFFFF)
      virtualChannelID = UInt8(word >> 5 & 0x3F)
      (count, modulus) = (0, 1)
      masterCount = nil
    }
  }

  /// Whether a count is one more than in the frame before; nothing where the two have none in common.
  func steps(from previous: Self) -> Bool? {
    if let masterCount, let before = previous.masterCount, masterCount == before &+ 1 { return true }
    guard virtualChannelID == previous.virtualChannelID else { return masterCount == nil ? nil : false }
    return modulus == 1 || (count &- previous.count) & (modulus - 1) == 1
  }
}
