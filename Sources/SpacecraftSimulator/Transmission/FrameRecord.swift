/// What the spacecraft knows of one packet.
struct PacketKnowledge: Sendable {
  enum Kind: Sendable {
    /// A Space Packet: which of its channel's applications sent it, and the how-manieth it is, not wrapped.
    case space(application: Int, ordinal: Int)
    case encapsulation
    case idle
    /// USLP: a service data unit.
    case serviceData
    /// USLP: bytes of a stream, which has no units.
    case octets
  }

  let kind: Kind
  let byteCount: Int
}

/// The bytes of one packet in one frame.
struct PacketSegment: Sendable {
  let packet: PacketKnowledge
  /// Where the bytes are in the packet.
  let packetOffset: Int
  /// Where they are in the frame.
  let frameOffset: Int
  let byteCount: Int

  var isFirst: Bool { packetOffset == 0 }
  var isLast: Bool { packetOffset + byteCount == packet.byteCount }
}

/// What the sender knows of one datagram: the ground on which the truth is counted.
struct FrameRecord: Sendable {
  enum Content: Sendable {
    case packets
    case vca
    /// USLP: service data units, or a stream of bytes.
    case serviceData
    case onlyIdleData
  }

  /// How the datagram differs from what the spacecraft sent.
  enum Condition: Sendable {
    case intact
    case empty
    case wrongLength
    case wrongVersion
    case damaged
    /// A frame of a spacecraft that is not in the plan.
    case foreign
  }

  /// The channel's place in the list of all channels of the link.
  var channel = 0
  /// The frame's place in the channel: the count as it would be if it never wrapped.
  var ordinal = 0
  /// How often the channel's count has started again.
  var epoch = 0
  /// The count as it is written.
  var count: UInt64 = 0
  /// TM: the frame's place in its master channel, not wrapped.
  var masterOrdinal = 0
  var content = Content.packets
  var condition = Condition.intact
  /// No impairment may touch the frame.
  var isSpared = false
  /// Losses of the channel could not be seen.
  var isFrozen = false
  /// USLP: the place of the access point among those of the channel.
  var accessPoint = 0
  /// USLP: bytes behind the end of a service data unit.
  var fillByteCount = 0
  /// USLP: the frame has no count.
  var isUncounted = false
  /// The packet zone, or what there is of service data, byte for byte, in order; empty without one.
  var segments: [PacketSegment] = []
}
