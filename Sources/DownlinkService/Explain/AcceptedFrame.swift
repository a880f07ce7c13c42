import CCSDSLink

/// A frame that was accepted, and the unit that it was in: where it was held back, that is an earlier one than the unit
/// at hand.
struct AcceptedFrame {
  let observation: FrameObservation
  let channel: VirtualChannelIdentity
  /// Whether its channel got its counters with it.
  let opensChannel: Bool
  /// Whether it has reported on telecommand reception.
  let hasOperationalControlField: Bool
  let subject: FrameSubject
}

/// What is said of a frame before it is shown, and therefore before it is known which one it is.
struct AcceptanceInProgress {
  private var observation: FrameObservation?
  private var channel: VirtualChannelIdentity?
  private var opensChannel = false
  private var hasOperationalControlField = false

  mutating func noteChannel() { opensChannel = true }
  mutating func noteOperationalControlField() { hasOperationalControlField = true }

  mutating func note(_ observation: FrameObservation, _ channel: VirtualChannelIdentity) {
    self.observation = observation
    self.channel = channel
  }

  /// The frame is shown now, and this is what it is.
  mutating func conclude(with subject: FrameSubject) -> AcceptedFrame? {
    defer { self = AcceptanceInProgress() }
    guard let observation, let channel else { return nil }
    return AcceptedFrame(
      observation: observation, channel: channel, opensChannel: opensChannel,
      hasOperationalControlField: hasOperationalControlField, subject: subject)
  }
}
