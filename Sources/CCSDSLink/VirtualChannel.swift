import CCSDSWire

/// One virtual channel: its counter, the packet it is in, and its application processes.
///
/// A class because a physical channel holds many and changes one at a time in place; it never leaves its owner.
final class VirtualChannel {
  let index: Int
  let identity: VirtualChannelIdentity
  var counter: FrameCounter
  var assembler: PacketAssembler
  /// USLP: the users of the channel that were seen, at most 16.
  var accessPoints: [AccessPoint] = []
  /// By the low bits of the count: tells a repeated frame from another one with the same count.
  private var fingerprints = Array(repeating: Fingerprint(), count: FrameCounter.reorderDepth + 1)
  /// The silence-free stretch that the counter belongs to.
  var pass: Int
  var newestTime: ReceptionTime?
  /// What the master channel had lost when the newest frame came.
  var masterMark = MasterChannelMark()
  /// A frame whose count is too far off to be believed before another one continues it.
  var held: HeldFrame?
  /// What its idle frames are filled with; absent before the first.
  var fill: FillPattern?
  private(set) var applicationProcesses = ApplicationProcessTable()

  init(
    index: Int, identity: VirtualChannelIdentity, counter: FrameCounter, maximumPacketByteCount: Int, pass: Int
  ) {
    self.index = index
    self.identity = identity
    self.counter = counter
    self.assembler = PacketAssembler(maximumPacketByteCount: maximumPacketByteCount)
    self.pass = pass
  }

  /// Where the count of a frame lies. It is behind the newest only where a frame is missing, or was this very one:
  /// other content with a count that was there proves that the counter came round again, or was set back.
  func step(to count: UInt64, _ fingerprint: Fingerprint, allowsReordering: Bool) -> FrameCounter.Step {
    let step = counter.step(to: count, allowsReordering: allowsReordering)
    guard case .behind(let behind) = step, counter.isKnown(behind: behind), !isRepetition(count, fingerprint) else {
      return step
    }
    return counter.step(to: count, allowsReordering: false)
  }

  /// Whether the last frame with this count, or with one that shares its low bits, was the same.
  func isRepetition(_ count: UInt64, _ fingerprint: Fingerprint) -> Bool {
    fingerprints[Self.place(of: count)].fits(fingerprint)
  }

  func remember(_ count: UInt64, _ fingerprint: Fingerprint) { fingerprints[Self.place(of: count)] = fingerprint }

  private static func place(of count: UInt64) -> Int { Int(truncatingIfNeeded: count) & FrameCounter.reorderDepth }

  /// Follows the sequence count of a packet. `admit` gives the application process an index, or none past the limit.
  func observe(
    applicationProcess: ApplicationProcessID, sequenceCount: UInt16, admit: () -> Int?
  ) -> ApplicationProcessTable.Observation {
    applicationProcesses.observe(applicationProcess, sequenceCount, pass: pass, admit: admit)
  }
}

/// The application processes of one virtual channel, found by identifier without hashing.
struct ApplicationProcessTable {
  private static let none: UInt16 = .max

  /// By identifier: the position in `entries`.
  private var positions: [UInt16] = []
  private var entries: [(index: Int, counter: SequenceCounter, pass: Int)] = []

  struct Observation {
    /// Absent past the limit.
    var index: Int?
    var expectedCount: UInt16
    var continuity: CountObservation
  }

  mutating func observe(
    _ applicationProcess: ApplicationProcessID, _ sequenceCount: UInt16, pass: Int, admit: () -> Int?
  ) -> Observation {
    if positions.isEmpty { positions = Array(repeating: Self.none, count: 2048) }
    let identifier = Int(applicationProcess.rawValue & 0x7FF)
    let position = positions[identifier]
    if position != Self.none {
      let expected = entries[Int(position)].counter.next
      guard entries[Int(position)].pass == pass else {
        entries[Int(position)].pass = pass
        entries[Int(position)].counter.restart(at: sequenceCount)
        return Observation(index: entries[Int(position)].index, expectedCount: sequenceCount, continuity: .first)
      }
      return Observation(
        index: entries[Int(position)].index, expectedCount: expected,
        continuity: entries[Int(position)].counter.observe(sequenceCount))
    }
    guard let index = admit() else {
      return Observation(index: nil, expectedCount: sequenceCount, continuity: .first)
    }
    positions[identifier] = UInt16(entries.count)
    entries.append((index, SequenceCounter(first: sequenceCount), pass))
    return Observation(index: index, expectedCount: sequenceCount, continuity: .first)
  }
}
