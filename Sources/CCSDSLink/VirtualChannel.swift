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
  /// Looks into its packets; absent where nothing is agreed about them.
  let inspector: PacketInspector?
  /// Follows the clock on board; absent where packets have no time that is looked for, or were made long before.
  var clock: ClockCorrelation?

  init(
    index: Int, identity: VirtualChannelIdentity, counter: FrameCounter, maximumPacketByteCount: Int, pass: Int,
    inspector: PacketInspector?, isLive: Bool = true
  ) {
    self.index = index
    self.identity = identity
    self.counter = counter
    self.assembler = PacketAssembler(maximumPacketByteCount: maximumPacketByteCount)
    self.pass = pass
    self.inspector = inspector
    clock = isLive && inspector?.readsTimes == true ? ClockCorrelation() : nil
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

  /// Follows the groups of the application process that was observed last.
  func group(
    _ applicationProcess: ApplicationProcessID, _ flags: SequenceFlags, isNext: Bool, byteCount: Int
  ) -> PacketGroup.Step? {
    applicationProcesses.group(applicationProcess, flags, isNext: isNext, byteCount: byteCount)
  }
}

extension VirtualChannel {
  /// Saves or restores all but its index and its identity, which have to be right before.
  func archive(_ archive: inout StateArchive, _ limits: LinkLimits) {
    counter.archive(&archive)
    assembler.archive(&archive)
    let maximumPacketByteCount = assembler.maximumPacketByteCount
    archive.array(
      &accessPoints, atMost: Self.accessPointCapacity,
      blank: AccessPoint(
        id: MultiplexerAccessPointID(0), maximumPacketByteCount: maximumPacketByteCount, limits)
    ) { $0.archive(&$1) }
    archive.require(Set(accessPoints.map(\.id)).count == accessPoints.count)
    archive.each(of: &fingerprints) { $0.archive(&$1) }
    archive.balance(&pass)
    archive.optional(&newestTime)
    masterMark.archive(&archive)
    archive.optional(&held, blank: .blank) { $0.archive(&$1) }
    archive.optional(&fill, blank: FillPattern()) { $0.archive(&$1) }
    applicationProcesses.archive(&archive, limits)
    // Whether it is there the parameters say, which are the same.
    if var clock {
      clock.archive(&archive)
      if archive.isRestoring { self.clock = clock }
    }
  }

  private static let accessPointCapacity = 16
}

/// The application processes of one virtual channel, found by identifier without hashing.
struct ApplicationProcessTable {
  private static let none: UInt16 = .max
  private static let identifierCount = 2048

  /// By identifier: the position in `entries`.
  private var positions: [UInt16] = []
  private(set) var entries: [Entry] = []
  /// How many of them are in the middle of a group: mostly none, and then packets of no group are not looked up.
  private var openGroupCount = 0

  struct Entry {
    var applicationProcess: ApplicationProcessID
    var index: Int
    var counter: SequenceCounter
    var pass: Int
    var group = PacketGroup()
  }

  struct Observation {
    /// Absent past the limit.
    var index: Int?
    var expectedCount: UInt16
    var continuity: CountObservation
  }

  mutating func observe(
    _ applicationProcess: ApplicationProcessID, _ sequenceCount: UInt16, pass: Int, admit: () -> Int?
  ) -> Observation {
    if positions.isEmpty { positions = Array(repeating: Self.none, count: Self.identifierCount) }
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
    entries.append(
      Entry(
        applicationProcess: applicationProcess, index: index, counter: SequenceCounter(first: sequenceCount),
        pass: pass))
    return Observation(index: index, expectedCount: sequenceCount, continuity: .first)
  }

  /// Nothing for a packet that is no part of a group, and ends none.
  mutating func group(
    _ applicationProcess: ApplicationProcessID, _ flags: SequenceFlags, isNext: Bool, byteCount: Int
  ) -> PacketGroup.Step? {
    guard flags != .unsegmented || openGroupCount > 0, !positions.isEmpty else { return nil }
    let position = positions[Int(applicationProcess.rawValue & 0x7FF)]
    guard position != Self.none else { return nil }
    let wasOpen = entries[Int(position)].group.isOpen
    guard flags != .unsegmented || wasOpen else { return nil }
    let step = entries[Int(position)].group.observe(flags, isNext: isNext, byteCount: byteCount)
    openGroupCount += (entries[Int(position)].group.isOpen ? 1 : 0) - (wasOpen ? 1 : 0)
    return step
  }
}

extension ApplicationProcessTable {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive, _ limits: LinkLimits) {
    let largestIndex = limits.applicationProcessCount - 1
    archive.array(
      &entries, atMost: min(limits.applicationProcessCount, Self.identifierCount),
      blank: Entry(applicationProcess: .idle, index: 0, counter: SequenceCounter(first: 0), pass: 0)
    ) { entry, archive in
      entry.applicationProcess.archive(&archive)
      archive.item(&entry.index, in: 0...largestIndex)
      entry.counter.archive(&archive)
      archive.balance(&entry.pass)
      entry.group.archive(&archive)
    }
    if archive.isRestoring { archive.require(findsPositions()) }
  }

  /// Finds the entries anew. Returns whether no two are of one application process.
  private mutating func findsPositions() -> Bool {
    positions = entries.isEmpty ? [] : Array(repeating: Self.none, count: Self.identifierCount)
    openGroupCount = entries.count(where: \.group.isOpen)
    for (position, entry) in entries.enumerated() {
      let identifier = Int(entry.applicationProcess.rawValue & 0x7FF)
      guard positions[identifier] == Self.none else { return false }
      positions[identifier] = UInt16(position)
    }
    return true
  }
}
