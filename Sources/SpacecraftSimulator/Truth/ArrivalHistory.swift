/// Which frames of a channel have arrived, by their places in it and not by their counts.
struct ArrivalHistory: Sendable {
  /// How a frame stands to those before it.
  enum Relation: Sendable, Equatable {
    case first
    case next
    case gap(missingFrameCount: Int)
    /// The count started again.
    case jump
    /// It is older than the newest, and was missing if `fillsGap`.
    case late(fillsGap: Bool)
    case duplicate
  }

  private static let rememberedFrameCount = UInt64.bitWidth
  private(set) var epoch = 0
  private var oldest = 0
  private(set) var newest: Int?
  /// Bit k: the frame k places before the newest has arrived.
  private var arrived: UInt64 = 0

  /// Takes note of a frame.
  mutating func note(_ ordinal: Int, epoch: Int) -> Relation {
    guard let newest else {
      restart(at: ordinal, epoch: epoch)
      return .first
    }
    guard epoch == self.epoch else {
      restart(at: ordinal, epoch: epoch)
      return .jump
    }
    let step = ordinal - newest
    guard step <= 0 else {
      arrived = step < Self.rememberedFrameCount ? arrived << UInt64(step) | 1 : 1
      self.newest = ordinal
      return step == 1 ? .next : .gap(missingFrameCount: step - 1)
    }
    if -step < Self.rememberedFrameCount {
      let bit: UInt64 = 1 << UInt64(-step)
      if arrived & bit != 0 { return .duplicate }
      arrived |= bit
    }
    return .late(fillsGap: ordinal > oldest)
  }

  private mutating func restart(at ordinal: Int, epoch: Int) {
    self.epoch = epoch
    oldest = ordinal
    newest = ordinal
    arrived = 1
  }
}
