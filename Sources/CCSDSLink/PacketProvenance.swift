import CCSDSWire

/// What had to be mended in a frame: by the decoder in its codeblock, by the error control of its header in that.
package struct FrameRepair: Hashable, Sendable {
  /// Symbols corrected in all its codewords together.
  package var correctedSymbolCount: UInt32 = 0
  /// Symbols corrected in the worst of its codewords.
  package var worstCodewordCount: UInt8 = 0
  /// How many symbols of a codeword can be corrected; zero without a Reed–Solomon code.
  package var capacity: UInt8 = 0
  /// AOS: the header had errors that its error control could correct; more of them look the same.
  package var isHeaderMended = false

  /// Nothing, or nothing that is known of.
  package init() {}

  package init(correctedSymbolCount: Int, worstCodewordCount: Int, capacity: Int) {
    self.correctedSymbolCount = UInt32(clamping: correctedSymbolCount)
    self.worstCodewordCount = UInt8(clamping: worstCodewordCount)
    self.capacity = UInt8(clamping: capacity)
  }

  /// Whether a codeword came near to what can be corrected: more than three quarters of it were needed.
  package var isBare: Bool { 4 * Int(worstCodewordCount) > 3 * Int(capacity) }

  /// Whether what is in the frame may be wrong: too much had to be mended.
  package var isDoubtful: Bool { isBare || isHeaderMended }

  /// Adds what was mended in another frame.
  mutating func add(_ other: FrameRepair) {
    correctedSymbolCount &+= other.correctedSymbolCount
    worstCodewordCount = max(worstCodewordCount, other.worstCodewordCount)
    capacity = max(capacity, other.capacity)
    isHeaderMended = isHeaderMended || other.isHeaderMended
  }

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    // No packet has so many symbols that their number would need the highest bit.
    let mark: UInt32 = 1 << 31
    var count = correctedSymbolCount & ~mark | (isHeaderMended ? mark : 0)
    archive.item(&count)
    correctedSymbolCount = count & ~mark
    isHeaderMended = count & mark != 0
    archive.item(&worstCodewordCount)
    archive.item(&capacity)
  }
}

/// One accepted frame, as far as the packets in it are concerned.
package struct FrameOrigin: Hashable, Sendable {
  /// When it was received.
  package var time: ReceptionTime?
  /// Its virtual channel frame count; zero where frames have none, and for packets without frames.
  package var count: UInt64 = 0
  /// What was mended in it.
  package var repair = FrameRepair()
  /// Whether frames of its channel are missing before it, or may be.
  package var followsGap = false

  package init(time: ReceptionTime? = nil) { self.time = time }

  init(_ header: FrameHeader, _ continuity: CountObservation, time: ReceptionTime?, _ repair: FrameRepair) {
    self.time = time
    self.repair = repair
    count = header.count
    switch continuity {
    case .gap, .discontinuity: followsGap = true
    case .first, .inSequence, .frozen, .uncounted, .duplicate, .late: followsGap = false
    }
  }

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.optional(&time)
    archive.item(&count)
    repair.archive(&archive)
    archive.item(&followsGap)
  }
}

/// Where a packet comes from: the frames that its bytes were in.
package struct PacketProvenance: Hashable, Sendable {
  /// The frame with its first byte.
  package var first: FrameOrigin
  /// The frame with its last byte.
  package var last: FrameOrigin
  /// How many frames hold bytes of it, the first and the last included.
  package var frameCount: Int
  /// What was mended in all of them together, and the worst codeword.
  package var repair: FrameRepair

  /// A packet that begins in this frame.
  package init(beginningIn frame: FrameOrigin) {
    first = frame
    last = frame
    frameCount = 1
    repair = frame.repair
  }

  /// More of it came in this frame.
  mutating func extend(into frame: FrameOrigin) {
    last = frame
    frameCount += 1
    repair.add(frame.repair)
  }

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    first.archive(&archive)
    last.archive(&archive)
    archive.count(&frameCount)
    repair.archive(&archive)
  }
}
