import CCSDSLink
import CCSDSWire

/// A packet that has begun and goes on in the next frame.
struct OpenPacket: Equatable {
  /// The frame and the byte in it where it begins.
  let frame: FrameName
  let byteOffset: Int
  /// Its first bytes, as many as its length takes to tell.
  private(set) var head: [UInt8] = []
  private(set) var byteCount = 0

  init(frame: FrameName, byteOffset: Int) {
    self.frame = frame
    self.byteOffset = byteOffset
  }

  mutating func append(_ bytes: ArraySlice<UInt8>) {
    head += bytes.prefix(EncapsulationPacket.largestHeaderByteCount - head.count)
    byteCount += bytes.count
  }

  /// How long it is; nil as long as too little of its header is known, or when it is no packet.
  var wholeByteCount: Int? {
    guard case .complete(let byteCount) = unsafe PacketExtent(ofPacketAt: head.span.bytes) else { return nil }
    return byteCount
  }

  /// `the packet that began in frame 3 at 210`.
  var name: String { "the packet that began in \(frame.text) at \(byteOffset)" }
}

/// What stands in a channel's packet zones before a frame.
enum PacketContext: Equatable {
  /// Nothing is known, for this reason.
  case unknown(String)
  /// The zone before ended with a whole packet.
  case betweenPackets
  case open(OpenPacket)
}

/// How far each virtual channel has got, of the last channels seen.
struct ChannelProgressTable {
  private struct Progress {
    var frame: FrameName
    /// How many frames were noted before it, of all channels.
    var age: Int
    var count: UInt64
    var bitCount: Int
    /// By the user of the channel, which is one in all frames but those of USLP.
    var contexts: [UInt8: PacketContext]
  }

  /// The channel heard least recently makes room for a new one.
  private static let capacity = 128
  private var channels: [ChannelKey: Progress] = [:]
  private var frameCount = 0

  /// What a frame may continue.
  func before(_ outline: FrameOutline) -> PacketContext {
    guard let last = channels[outline.key] else { return .unknown("none of its channel began before") }
    switch Self.step(from: last.count, to: outline.count, outline.countBitCount) {
    case 1: return last.contexts[outline.accessPoint] ?? .unknown("none of its channel began before")
    case 0: return .unknown("the frame has the same count as \(last.frame.text)")
    default: return .unknown("frames are missing after \(last.frame.text)")
    }
  }

  /// What there is to say about a count: nothing where it is in sequence.
  func remark(_ key: ChannelKey, _ count: UInt64, bitCount: Int) -> String {
    guard let last = channels[key], last.bitCount == bitCount else { return "" }
    switch Self.step(from: last.count, to: count, bitCount) {
    case 1: return ""
    case 0: return ", the same as in \(last.frame.text)"
    default:
      let expected = (last.count &+ 1) & Self.mask(bitCount)
      return ", but \(expected) follows \(last.frame.text)"
    }
  }

  /// Notes an intact frame.
  ///
  /// - Parameter context: What the next one continues; nil when the frame has no part in the packets of its channel.
  mutating func note(_ outline: FrameOutline, _ frame: FrameName, _ context: PacketContext?) {
    let last = channels[outline.key]
    let step = last.map { Self.step(from: $0.count, to: outline.count, outline.countBitCount) }
    if step == 0 { return }
    if last == nil, channels.count >= Self.capacity,
      let oldest = channels.min(by: { $0.value.age < $1.value.age })
    {
      channels[oldest.key] = nil
    }
    // What others had begun is lost with any frame of the channel.
    var contexts = step == 1 ? last?.contexts ?? [:] : [:]
    contexts[outline.accessPoint] = context ?? before(outline)
    channels[outline.key] = Progress(
      frame: frame, age: frameCount, count: outline.count, bitCount: outline.countBitCount, contexts: contexts)
    frameCount += 1
  }

  /// How many counts a frame is ahead; without a count, as if none were missing.
  private static func step(from last: UInt64, to count: UInt64, _ bitCount: Int) -> UInt64 {
    bitCount == 0 ? 1 : (count &- last) & mask(bitCount)
  }

  private static func mask(_ bitCount: Int) -> UInt64 { UInt64.max >> UInt64(64 - bitCount) }
}
