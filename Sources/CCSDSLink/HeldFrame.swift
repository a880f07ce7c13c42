import CCSDSWire

/// A copy of a frame that waits for another one to speak for it.
struct HeldFrame {
  let key: VirtualChannelKey
  let count: UInt64
  let masterChannelCount: UInt8?
  let time: ReceptionTime?
  /// The silence-free stretch in which it was received.
  let pass: Int
  /// How many frames its master channel had taken by then.
  var masterTakenCount: Int
  /// What its master channel had lost by then; absent when there was none yet.
  var masterMark: MasterChannelMark?
  /// Whether its master channel has taken its count already.
  var isCounted: Bool
  let bytes: [UInt8]

  /// How many counts a frame of its channel is ahead of it, modulo the counter.
  func distance(to header: FrameHeader) -> Int {
    Int(truncatingIfNeeded: header.count &- count) & (1 << header.countBitCount - 1)
  }
}

/// What tells the frames of one virtual channel from all others on the physical channel.
struct VirtualChannelKey: Hashable {
  let spacecraftID: SpacecraftID
  let virtualChannelID: VirtualChannelID
  /// AOS: played back from a recorder.
  let isReplay: Bool
  /// USLP: past sequence control, and counted apart from what goes through it.
  let isExpedited: Bool

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

  /// Holds a frame. Returns false when another one had to go for it.
  mutating func hold(_ frame: HeldFrame) -> Bool {
    frames.append(frame)
    guard frames.count > capacity else { return true }
    frames.removeFirst()
    return false
  }

  /// Gives up all frames. Returns how many they were.
  mutating func empty() -> Int {
    defer { frames.removeAll() }
    return frames.count
  }
}
