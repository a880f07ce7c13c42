/// A spacecraft on the link and its virtual channels.
package struct SpacecraftPlan: Sendable, Equatable {
  package var spacecraftID: UInt16
  package var channels: [ChannelPlan]
  /// TM: the channel whose count the frames with only idle data use; one of `channels` or another. AOS has 63 for it.
  package var idleVirtualChannelID: UInt8 = 7

  package init(spacecraftID: UInt16, channels: [ChannelPlan]) {
    self.spacecraftID = spacecraftID
    self.channels = channels
  }
}

/// What the data field of a channel's frames holds.
package enum ChannelService: Sendable, Equatable {
  /// Packets across frame borders.
  case packets
  /// One fixed-length data unit of the mission's own.
  case vca
}

/// What follows the primary header of a channel's TM frames.
package enum SecondaryHeaderPlan: Sendable, Equatable {
  case none
  /// The 24 more significant bits of a virtual channel frame count of 32.
  case extendedCount
  /// Data of the mission's own, 1…63 bytes but not 3.
  case mission(byteCount: Int)

  /// The bytes of the whole field.
  package var byteCount: Int {
    switch self {
    case .none: 0
    case .extendedCount: 4
    case .mission(let byteCount): byteCount + 1
    }
  }
}

/// One virtual channel of a spacecraft.
package struct ChannelPlan: Sendable, Equatable {
  package var virtualChannelID: UInt8
  package var service = ChannelService.packets
  /// How often it is this channel's turn, compared with the others on the link.
  package var weight = 1
  package var applications: [ApplicationPlan]
  /// The share of idle packets among the channel's packets, 0…1.
  package var idlePacketShare = 0.0
  /// Encapsulation Packets between the Space Packets; absent, none.
  package var encapsulation: EncapsulationPlan?
  /// The count of the first frame.
  package var firstCount: UInt64 = 0
  /// The count never moves.
  package var isFrozen = false
  /// TM.
  package var secondaryHeader = SecondaryHeaderPlan.none
  /// AOS: four more bits of count in the signaling field.
  package var usesCountCycle = false
  /// USLP: the bytes of the count, 0…7.
  package var countByteCount = 4
  /// USLP: frames go past sequence control, and have a count of their own.
  package var isExpedited = false
  /// USLP: all frames are truncated, and have this length, 6…32. Such a channel is expedited and has no count.
  package var truncatedFrameByteCount: Int?
  /// USLP: who takes turns on the channel.
  package var accessPoints: [AccessPointPlan] = []

  package init(virtualChannelID: UInt8, applications: [ApplicationPlan] = []) {
    self.virtualChannelID = virtualChannelID
    self.applications = applications
  }
}

/// How long packets are, headers included.
package struct PacketSizePlan: Sendable, Equatable {
  package var usual: ClosedRange<Int>
  package var large: ClosedRange<Int>
  /// The share of large packets, 0…1.
  package var largeShare: Double

  package init(_ usual: ClosedRange<Int>, large: ClosedRange<Int>? = nil, largeShare: Double = 0) {
    self.usual = usual
    self.large = large ?? usual
    self.largeShare = largeShare
  }
}

/// One application process and its Space Packets.
package struct ApplicationPlan: Sendable, Equatable {
  /// 0…2046.
  package var applicationProcessID: UInt16
  /// 7…65,542 bytes.
  package var sizes: PacketSizePlan
  /// How often it is this application's turn, compared with the others of the channel.
  package var weight = 1
  package var hasSecondaryHeader = false
  package var firstSequenceCount: UInt16 = 0
  /// Its packets begin with `Housekeeping`, and not with random bytes.
  package var isHousekeeping = false

  package init(applicationProcessID: UInt16, sizes: PacketSizePlan) {
    self.applicationProcessID = applicationProcessID
    self.sizes = sizes
  }
}

/// The Encapsulation Packets of a channel: every length of header, idle packets of one byte among them.
package struct EncapsulationPlan: Sendable, Equatable {
  /// The share among the channel's packets, 0…1.
  package var share: Double
  /// The share of idle ones among these, 0…1.
  package var idleShare = 0.25
  /// 2…65,542 bytes; a header too short for the length is not used, nor a length too short for the header.
  package var sizes: PacketSizePlan

  package init(share: Double, sizes: PacketSizePlan) {
    self.share = share
    self.sizes = sizes
  }
}

/// USLP: one user of a virtual channel.
package struct AccessPointPlan: Sendable, Equatable {
  /// What it sends. Where it does not fit into one frame it is continued in the next: over zones of one length, or, in
  /// frames of any length, in segments.
  package enum Content: Sendable, Equatable {
    /// Packets of some of the channel's applications, by their indices.
    case packets(Range<Int>)
    /// Service data units of these lengths.
    case serviceData(ClosedRange<Int>)
    /// A stream of bytes without units; only in frames of any length.
    case octets
  }

  /// 0…15.
  package var id: UInt8
  package var content: Content

  package init(id: UInt8, content: Content) {
    self.id = id
    self.content = content
  }
}
