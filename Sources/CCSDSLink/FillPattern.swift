import CCSDSWire

/// What the fill in the idle frames of a virtual channel is.
package enum FillKind: String, Sendable, CaseIterable {
  /// The same bytes in every frame, at least in some places.
  case repeated
  /// The 32-cell sequence, which runs on from frame to frame.
  case sequence
  /// Neither: nothing can be compared.
  case irregular
}

/// Compares the fill of a virtual channel's idle frames with its own history: what differs was damaged on the way, and
/// nothing noticed.
///
/// Fill may be anything, so nothing is believed before it has proven itself, and no frame is rejected for it.
/// A word of eight bytes is known once eight idle frames in a row had the same there; differences are counted when the
/// word comes back, so that fill which has changed for good is no error. Where no word stays the same, eight frames in
/// a row that follow the sequence
///
///     s[n] = s[n−1] ⊕ s[n−2] ⊕ s[n−22] ⊕ s[n−32]
///
/// prove it. Each bit is then predicted from those before it in the same frame, so that lost frames do not matter;
/// a wrong bit shows in five predictions.
///
/// Standard: CCSDS 732.1-B-3 annex H.
package struct FillPattern: Sendable {
  /// Fill is compared up to here in each frame.
  package static let comparedByteCount = 256
  /// Idle frames in a row that prove a pattern, and that disprove it.
  package static let proofCount = 8
  /// Idle frames without any pattern after which there is none.
  package static let patienceCount = 64
  /// The predictions that one wrong bit spoils.
  private static let predictionsPerBit = 5

  /// Bits that were compared, and those of them that were wrong.
  package struct Comparison: Sendable, Equatable {
    /// Bits that were compared.
    package var bitCount: Int
    /// Bits that were wrong.
    package var errorCount: Int

    package init(bitCount: Int = 0, errorCount: Int = 0) {
      self.bitCount = bitCount
      self.errorCount = errorCount
    }
  }

  /// One word of the fill.
  private struct Word {
    var value: UInt64 = 0
    /// The frames in a row that had it, no more than prove it.
    var agreeingCount = 0
    /// The frames in a row that differed since; their bits are not counted yet.
    var differingCount = 0
    var wrongBitCount = 0
  }

  /// What the fill is; absent as long as that is open.
  package private(set) var kind: FillKind?
  private var words = Array(repeating: Word(), count: comparedByteCount / 8)
  private var frameCount = 0
  /// The frames in a row that followed the sequence, or did not.
  private var followingCount = 0
  private var strayingCount = 0
  /// Predictions that failed and make no whole wrong bit yet.
  private var remainder = 0

  /// Fill of which nothing is known.
  package init() {}

  /// Takes the fill of one idle frame. What is shorter than eight bytes is not compared.
  package mutating func compare(_ fill: RawSpan) -> Comparison {
    let wordCount = min(fill.byteCount / 8, words.count)
    guard wordCount > 0 else { return Comparison() }
    var repeated = Comparison()
    var failureCount = 0
    var knownCount = 0
    var previous: UInt64 = 0
    for index in 0..<wordCount {
      let word = fill.uint64(at: 8 * index)
      if kind != .sequence {
        note(word, at: index, &repeated)
        if words[index].agreeingCount == Self.proofCount { knownCount += 1 }
      }
      if kind != .repeated {
        let failures = Self.failures(of: word, after: previous)
        failureCount += (index == 0 ? failures & 0xFFFF_FFFF : failures).nonzeroBitCount
        previous = word
      }
    }
    let predictionCount = 64 * wordCount - 32
    judge(knownCount, failureCount, of: predictionCount)
    switch kind {
    case .repeated: return repeated
    case .sequence where followingCount > 0: return wrongBits(failureCount, of: predictionCount)
    case .sequence, .irregular, nil: return Comparison()
    }
  }

  // MARK: The same bytes

  private mutating func note(_ word: UInt64, at index: Int, _ comparison: inout Comparison) {
    let difference = word ^ words[index].value
    let isKnown = words[index].agreeingCount == Self.proofCount
    if difference == 0, words[index].agreeingCount > 0 {
      if isKnown {
        comparison.bitCount += 64 * (1 + words[index].differingCount)
        comparison.errorCount += words[index].wrongBitCount
      } else {
        words[index].agreeingCount += 1
      }
      words[index].differingCount = 0
      words[index].wrongBitCount = 0
    } else if isKnown, words[index].differingCount < Self.proofCount - 1 {
      words[index].differingCount += 1
      words[index].wrongBitCount += difference.nonzeroBitCount
    } else {
      words[index] = Word(value: word, agreeingCount: 1)
    }
  }

  // MARK: The sequence

  /// One bits where a bit of `word` is not what the 32 bits before it say. The upper 32 bits need the word before.
  private static func failures(of word: UInt64, after previous: UInt64) -> UInt64 {
    func delayed(_ count: UInt64) -> UInt64 { word >> count | previous << (64 - count) }
    return word ^ delayed(1) ^ delayed(2) ^ delayed(22) ^ delayed(32)
  }

  private mutating func wrongBits(_ failureCount: Int, of predictionCount: Int) -> Comparison {
    let (wrong, rest) = (remainder + failureCount).quotientAndRemainder(dividingBy: Self.predictionsPerBit)
    remainder = rest
    return Comparison(bitCount: predictionCount, errorCount: wrong)
  }

  // MARK: What it is

  private mutating func judge(_ knownCount: Int, _ failureCount: Int, of predictionCount: Int) {
    frameCount = min(frameCount + 1, Self.patienceCount)
    // Fill that has nothing to do with the sequence fails half of the predictions.
    let isFollowing = failureCount * 4 <= predictionCount
    followingCount = isFollowing ? min(followingCount + 1, Self.proofCount) : 0
    strayingCount = isFollowing ? 0 : min(strayingCount + 1, Self.proofCount)
    switch kind {
    case .repeated where knownCount == 0 && !knowsAnyWord, .sequence where strayingCount == Self.proofCount:
      restart()
    case .repeated, .sequence: break
    case .irregular, nil:
      if knownCount > 0 {
        kind = .repeated
      } else if followingCount == Self.proofCount {
        kind = .sequence
      } else if frameCount == Self.patienceCount {
        kind = .irregular
      }
    }
  }

  /// Frames may be shorter than those whose end is known.
  private var knowsAnyWord: Bool { words.contains { $0.agreeingCount == Self.proofCount } }

  /// The pattern has changed: what is known is worth nothing any more.
  private mutating func restart() {
    kind = nil
    frameCount = 0
    followingCount = 0
    strayingCount = 0
    remainder = 0
    for index in words.indices { words[index] = Word() }
  }
}

extension FillPattern {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.optional(&kind, blank: .repeated) { $1.choice(&$0) }
    archive.item(&frameCount, in: 0...Self.patienceCount)
    archive.item(&followingCount, in: 0...Self.proofCount)
    archive.item(&strayingCount, in: 0...Self.proofCount)
    archive.item(&remainder, in: 0...Self.predictionsPerBit - 1)
    archive.each(of: &words) { word, archive in
      archive.item(&word.value)
      archive.item(&word.agreeingCount, in: 0...Self.proofCount)
      archive.item(&word.differingCount, in: 0...Self.proofCount - 1)
      archive.item(&word.wrongBitCount, in: 0...64 * Self.proofCount)
    }
  }
}

extension PhysicalChannel {
  /// Compares the fill of an idle frame with what it should be. A repeated frame says nothing new.
  func compareFill<Sink: LinkSink & ~Copyable>(
    of frame: RawSpan, _ header: FrameHeader, _ continuity: CountObservation, _ channel: VirtualChannel,
    _ sink: inout Sink
  ) {
    // The longest header that may stand before the fill: of an M_PDU or B_PDU, of a Transfer Frame Data Field.
    let start =
      switch parameters.frameType {
      case .tm: header.dataField.lowerBound
      case .aos: header.dataField.lowerBound + 2
      case .uslp: header.dataField.lowerBound + 3
      }
    guard continuity != .duplicate, start < header.dataField.upperBound else { return }
    if channel.fill == nil { channel.fill = FillPattern() }
    let kind = channel.fill?.kind
    guard let comparison = channel.fill?.compare(frame.extracting(start..<header.dataField.upperBound)) else { return }
    if let newKind = channel.fill?.kind, newKind != kind {
      sink.observe(.fillRecognized(virtualChannel: channel.index, newKind))
    }
    guard comparison.bitCount > 0 else { return }
    sink.observe(
      .fillCompared(
        virtualChannel: channel.index, bitCount: comparison.bitCount, errorCount: comparison.errorCount))
  }
}
