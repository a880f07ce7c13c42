import CCSDSLink

/// The frames that a link holds back, to tell which one it is that becomes something later.
///
/// Events say that a frame that was held back is accepted or given up, but not which. An accepted one is known by its
/// bytes; one that is given up is the last of the same channel, as that is what makes room for the next, or else the
/// oldest.
struct HeldFrames {
  private let frameType: TransferFrameType?
  private let capacity: Int
  private var frames: [FrameSubject] = []
  /// Whether a frame was received of which nothing was said yet.
  private var isOpen = false

  init(_ parameters: LinkParameters) {
    capacity = parameters.limits.quarantinedFrameCount + parameters.limits.virtualChannelCount + 1
    if case .frames(let channel) = parameters { frameType = channel.frameType } else { frameType = nil }
  }

  /// A frame comes in.
  mutating func open() { isOpen = true }

  /// The frame at hand was accepted or refused.
  mutating func settle() { isOpen = false }

  /// Nothing more is said of the frame at hand now. Returns whether it is held back.
  mutating func close(_ subject: FrameSubject) -> Bool {
    guard isOpen else { return false }
    isOpen = false
    frames.append(subject)
    if frames.count > capacity { frames.removeFirst() }
    return true
  }

  /// Takes out the one that was given up while this one was at hand.
  mutating func giveUp(for current: FrameSubject) -> FrameSubject? {
    let channel = channel(of: current)
    if let index = frames.lastIndex(where: { self.channel(of: $0) == channel }) { return frames.remove(at: index) }
    return frames.isEmpty ? nil : frames.removeFirst()
  }

  /// Takes out the one that has these bytes.
  mutating func accept(head: ArraySlice<UInt8>, byteCount: Int) -> FrameSubject? {
    guard let index = frames.firstIndex(where: { $0.byteCount == byteCount && $0.head[...] == head }) else {
      return nil
    }
    return frames.remove(at: index)
  }

  /// What tells its channel from others in the header of a frame.
  private func channel(of frame: FrameSubject) -> [UInt8] {
    var bytes = Array(frame.head.prefix(4))
    guard bytes.count == 4 else { return bytes }
    switch frameType {
    case .tm: return [bytes[0], bytes[1] & 0xFE]
    case .aos: return [bytes[0], bytes[1]]
    case .uslp:
      bytes[2] &= 0xF7
      bytes[3] &= 0xE0
      return bytes
    case nil: return []
    }
  }
}
