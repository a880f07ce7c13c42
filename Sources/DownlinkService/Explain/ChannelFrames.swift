import CCSDSLink

/// The last two accepted frames of each virtual channel: what a frame goes on with is said by the one before.
struct ChannelFrames {
  private struct Frame {
    var bytes: [UInt8]
    var name: FrameName
  }

  private struct Pair {
    var before: Frame?
    var last: Frame
  }

  /// By the index of the virtual channel: as many as a link has.
  private var pairs: [Int: Pair] = [:]

  mutating func note(_ frame: [UInt8], _ name: FrameName, ofChannel channel: Int) {
    pairs[channel] = Pair(before: pairs[channel]?.last, last: Frame(bytes: frame, name: name))
  }

  /// What there is to say of the last frame of a channel, behind the one before it.
  func dissection(ofChannel channel: Int, _ parameters: PhysicalChannelParameters) -> Dissection? {
    guard let pair = pairs[channel] else { return nil }
    var dissector = FrameDissector(parameters: parameters, showsBytes: false)
    if let before = pair.before { _ = dissector.dissect(before.bytes, before.name) }
    return dissector.dissect(pair.last.bytes, pair.last.name)
  }
}

/// The numbers that `explain` counts by are those of units.
extension FrameName {
  init(_ subject: FrameSubject) {
    let unit = subject.place.number.map { "unit \($0)" } ?? "a unit without a number"
    self.init(subject.index > 1 ? "frame \(subject.index) of \(unit)" : unit)
  }
}
