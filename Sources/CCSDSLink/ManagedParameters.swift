package import CCSDSCoding
package import CCSDSWire

/// What a link carries, and all that has to be agreed beforehand to read it.
package enum LinkParameters: Sendable, Equatable {
  /// Transfer frames, one physical channel of them.
  case frames(PhysicalChannelParameters)
  /// Packets without frames around them.
  case packets(PacketStreamParameters)

  /// What stands between the bits received and the frames; absent where frames come as they are, and for packets.
  package var coding: ChannelCoding? {
    switch self {
    case .frames(let channel): channel.coding
    case .packets: nil
    }
  }

  /// What is agreed about the packets beyond their primary header.
  package var packetParameters: PacketParameters {
    switch self {
    case .frames(let channel): channel.packets
    case .packets(let stream): stream.packets
    }
  }

  /// The bounds of what the wire can make the link hold.
  package var limits: LinkLimits {
    switch self {
    case .frames(let channel): channel.limits
    case .packets(let stream): stream.limits
    }
  }
}

/// The transfer frame protocols that are understood.
package enum TransferFrameType: String, Sendable, CaseIterable {
  case tm
  case aos
  case uslp
}

/// What stands in the last bytes of a frame to prove it undamaged.
package enum FrameErrorControl: String, Sendable, CaseIterable {
  case none
  case crc16
  /// USLP products that were made before issue 3 of the standard: the polynomial of Proximity-1.
  case crc32

  /// The bytes that the field takes from the end of the frame.
  package var byteCount: Int {
    switch self {
    case .none: 0
    case .crc16: 2
    case .crc32: 4
    }
  }
}

/// The managed parameters of a physical channel: what a receiver must be told because no frame says it.
///
/// Standard: CCSDS 132.0-B-3 §5, CCSDS 732.0-B-4 §5, CCSDS 732.1-B-3 §5.
package struct PhysicalChannelParameters: Sendable, Equatable {
  /// The shortest frame that can be configured: a header and one byte.
  package static let smallestFrameByteCount = 7
  /// The longest frame that can be configured, which is the longest a UDP datagram carries.
  package static let largestFrameByteCount = 65_507

  /// The protocol of the frames.
  package var frameType: TransferFrameType
  /// Every frame has this length, with all its fields and without its sync marker; where lengths vary, the longest one.
  package var frameByteCount: Int
  /// USLP: the shortest frame, where lengths vary and each frame says its own; absent where all have the same.
  package var shortestFrameByteCount: Int?
  /// What stands between the bits received and the frames: absent where frames come as they are.
  package var coding: ChannelCoding?
  /// What proves a frame undamaged.
  package var errorControl = FrameErrorControl.none
  /// AOS: two bytes after the primary header protect the identifiers.
  package var hasHeaderErrorControl = false
  /// AOS, USLP with frames of one length: bytes between header and data field, the same in every frame.
  package var insertZoneByteCount = 0
  /// AOS: every frame ends in an Operational Control Field. A TM frame says so itself.
  package var hasOperationalControlField = false
  /// Frames of any other spacecraft are rejected; empty takes all, once each has shown itself plausible.
  package var spacecraftIDs: [SpacecraftID] = []
  /// AOS: 8, or 10 where the signaling field carries two more bits (issue 5).
  package var spacecraftIDBitCount = 8
  /// AOS: 11, or 16 where the M_PDU header has no spare bits (issue 5).
  package var firstHeaderPointerBitCount = 11
  /// The channels to expect; empty takes every channel that is seen, as packets, within the limits.
  package var virtualChannels: [VirtualChannelParameters] = []
  /// Channels that carry what was stored on board: when their packets were made says nothing of the clock now.
  package var storedVirtualChannels: [VirtualChannelID] = []
  /// Packets longer than this are not believed.
  package var maximumPacketByteCount = PacketStreamParameters.largestPacketByteCount
  /// What is agreed about the packets beyond their primary header.
  package var packets = PacketParameters()
  /// The most that the link may hold of anything.
  package var limits = LinkLimits()

  package init(frameType: TransferFrameType, frameByteCount: Int) {
    self.frameType = frameType
    self.frameByteCount = frameByteCount
  }
}

/// What the data field of a virtual channel's frames holds.
package enum VirtualChannelService: String, Sendable, CaseIterable {
  /// Space Packets and Encapsulation Packets, across frame borders.
  case packet
  /// One fixed-length service data unit of the mission's own.
  case vca
  /// A stream of bits (AOS).
  case bitstream
  /// Fill that means nothing.
  case idle
}

/// The managed parameters of one virtual channel.
package struct VirtualChannelParameters: Sendable, Equatable {
  /// The spacecraft that is meant; absent, every one.
  package var spacecraftID: SpacecraftID?
  /// The number of the channel on its spacecraft.
  package var virtualChannelID: VirtualChannelID
  /// What the data field of its frames holds.
  package var service = VirtualChannelService.packet
  /// Packets longer than this are not believed; absent, the physical channel's own limit.
  package var maximumPacketByteCount: Int?
  /// USLP: the length of its truncated frames; absent where it has none.
  package var truncatedFrameByteCount: Int?
  /// What operators call the channel.
  package var name: String?

  package init(virtualChannelID: VirtualChannelID) { self.virtualChannelID = virtualChannelID }
}

/// The managed parameters of a link that carries bare packets.
package struct PacketStreamParameters: Sendable, Equatable {
  /// The length of the longest Space Packet, its header included.
  ///
  /// Standard: CCSDS 133.0-B-2 §4.1.2.
  package static let largestPacketByteCount = 65_542

  /// Packets longer than this are not believed.
  package var maximumPacketByteCount = largestPacketByteCount
  /// What is agreed about the packets beyond their primary header.
  package var packets = PacketParameters()
  /// The most that the link may hold of anything.
  package var limits = LinkLimits()

  package init() {}
}
