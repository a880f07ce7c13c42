import CCSDSLink
import CCSDSWire

/// The last two accepted frames of each virtual channel: what a frame goes on with is said by the one before.
struct ChannelFrames {
  private struct Pair {
    var before: [UInt8]?
    var last: [UInt8]
  }

  /// By the index of the virtual channel: as many as a link has.
  private var pairs: [Int: Pair] = [:]

  mutating func note(_ frame: RawSpan, ofChannel channel: Int) {
    let bytes = unsafe frame.withUnsafeBytes { unsafe [UInt8]($0) }
    pairs[channel] = Pair(before: pairs[channel]?.last, last: bytes)
  }

  /// What there is to say of the last frame of a channel, behind the one before it.
  func dissection(ofChannel channel: Int, _ parameters: PhysicalChannelParameters) -> Dissection? {
    guard let pair = pairs[channel] else { return nil }
    var dissector = FrameDissector(parameters: parameters, showsBytes: false)
    if let before = pair.before { _ = dissector.dissect(before, number: 0) }
    return dissector.dissect(pair.last, number: 1)
  }

  /// The frame before the last one of a channel.
  func before(ofChannel channel: Int) -> [UInt8]? { pairs[channel]?.before }
}
