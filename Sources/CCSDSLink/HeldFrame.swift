import CCSDSWire

/// A copy of a frame that waits for another one to speak for it.
struct HeldFrame {
  private(set) var key: VirtualChannelKey
  private(set) var count: UInt64
  private(set) var masterChannelCount: UInt8?
  private(set) var time: ReceptionTime?
  /// The silence-free stretch in which it was received.
  private(set) var pass: Int
  /// How many frames its master channel had taken by then.
  var masterTakenCount: Int
  /// What its master channel had lost by then; absent when there was none yet.
  var masterMark: MasterChannelMark?
  /// Whether its master channel has taken its count already.
  var isCounted: Bool
  /// What was mended in it.
  private(set) var repair: FrameRepair
  private(set) var bytes: [UInt8]

  /// How many counts a frame of its channel is ahead of it, modulo the counter.
  func distance(to header: FrameHeader) -> Int {
    Int(truncatingIfNeeded: header.count &- count) & (1 << header.countBitCount - 1)
  }
}

/// What tells the frames of one virtual channel from all others on the physical channel.
struct VirtualChannelKey: Hashable {
  private(set) var spacecraftID: SpacecraftID
  private(set) var virtualChannelID: VirtualChannelID
  /// AOS: played back from a recorder.
  private(set) var isReplay: Bool
  /// USLP: past sequence control, and counted apart from what goes through it.
  private(set) var isExpedited: Bool

  init(
    spacecraftID: SpacecraftID, virtualChannelID: VirtualChannelID, isReplay: Bool = false, isExpedited: Bool = false
  ) {
    self.spacecraftID = spacecraftID
    self.virtualChannelID = virtualChannelID
    self.isReplay = isReplay
    self.isExpedited = isExpedited
  }
}

/// The first frames of channels that were never seen before: random blocks do pass checksums now and then.
///
/// When the place is full the oldest goes; its channel has to begin again.
struct Quarantine {
  private let capacity: Int
  private var frames: [HeldFrame] = []
  /// The frames that had to go for newer ones.
  private(set) var evictionCount = 0

  init(capacity: Int) { self.capacity = capacity }

  var count: Int { frames.count }

  /// The frames held, the oldest first.
  subscript(index: Int) -> HeldFrame { frames[index] }

  /// Notes that the master channel of a frame has taken its count.
  mutating func markCounted(_ index: Int) { frames[index].isCounted = true }

  /// Takes out the frame held for this channel.
  mutating func release(_ key: VirtualChannelKey) -> HeldFrame? {
    guard let index = frames.firstIndex(where: { $0.key == key }) else { return nil }
    return frames.remove(at: index)
  }

  /// Holds a frame. Returns the one that had to go for it, if it took one.
  mutating func hold(_ frame: HeldFrame) -> HeldFrame? {
    frames.append(frame)
    guard frames.count > capacity else { return nil }
    evictionCount += 1
    return frames.removeFirst()
  }

  /// Gives up all frames. Returns how many they were.
  mutating func empty() -> Int {
    defer { frames.removeAll() }
    return frames.count
  }
}

extension HeldFrame {
  /// A frame that is yet to be restored.
  static let blank = HeldFrame(
    key: VirtualChannelKey(spacecraftID: SpacecraftID(0), virtualChannelID: VirtualChannelID(0)), count: 0,
    masterChannelCount: nil, time: nil, pass: 0, masterTakenCount: 0, masterMark: nil, isCounted: false,
    repair: FrameRepair(), bytes: [])

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    key.archive(&archive)
    archive.item(&count)
    archive.optional(&masterChannelCount)
    archive.optional(&time)
    archive.balance(&pass)
    archive.count(&masterTakenCount)
    archive.optional(&masterMark, blank: MasterChannelMark()) { $0.archive(&$1) }
    archive.item(&isCounted)
    repair.archive(&archive)
    archive.bytes(&bytes, atMost: PhysicalChannelParameters.largestFrameByteCount)
  }

  /// Whether it says of itself what the header of its bytes says.
  func fits(_ header: FrameHeader) -> Bool {
    key == header.key && count == header.count && masterChannelCount == header.masterChannelCount
  }
}

extension VirtualChannelKey {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    spacecraftID.archive(&archive)
    virtualChannelID.archive(&archive)
    archive.item(&isReplay)
    archive.item(&isExpedited)
  }
}

extension Quarantine {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.array(&frames, atMost: capacity, blank: .blank) { $0.archive(&$1) }
    archive.count(&evictionCount)
  }
}
