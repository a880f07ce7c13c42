/// What a faultless receiver counts of all that was sent, told by the sender.
///
/// Every level balances: what came in is the sum of the buckets it ended in.
package struct SimulationTruth: Equatable, Sendable {
  package var datagrams = DatagramTruth()
  /// What stands between the datagrams and the frames of a coded link; absent on any other.
  package var coding: CodingTruth?
  package var frames = FrameTruth()
  package var zoneBytes = ZoneByteTruth()
  package var packets = PacketTruth()
  /// USLP.
  package var serviceData = ServiceDataTruth()
  /// In the order of spacecraft identifiers.
  package var masterChannels: [MasterChannelTruth] = []
  /// In the order of spacecraft and virtual channel identifiers, those of which a frame was accepted.
  package var virtualChannels: [VirtualChannelTruth] = []
  /// In the order of spacecraft, virtual channel and application process identifiers, those that finished a packet.
  package var applications: [ApplicationTruth] = []

  package init() {}

  /// Whether all the sums are right.
  package var isBalanced: Bool {
    let channelFrames = virtualChannels.reduce(0) { $0 + $1.frames }
    let channelPackets = virtualChannels.reduce(0) { $0 + $1.packets }
    return datagrams.received == datagrams.accepted + datagrams.rejectedEmpty
      && isCodingBalanced
      && frames.received == frames.delivered + frames.idle + frames.unlisted + frames.rejected.values.reduce(0, +)
      && channelFrames == frames.delivered + frames.idle
      && masterChannels.reduce(0) { $0 + $1.frames } == channelFrames
      && zoneBytes.received == zoneBytes.packets + zoneBytes.idlePackets + zoneBytes.pending
        + zoneBytes.discarded.values.reduce(0, +)
      && packets.completed == packets.delivered + packets.idle
      && serviceData.isBalanced
      && virtualChannels.reduce(0) { $0 + $1.serviceDataUnits } == serviceData.completed
      && channelPackets == packets.delivered
      && virtualChannels.reduce(0) { $0 + $1.packetByteCount } == zoneBytes.packets + zoneBytes.idlePackets
  }

  private var isCodingBalanced: Bool {
    guard let coding else { return datagrams.accepted == frames.received }
    return coding.isBalanced && coding.unitsReceived == frames.received + coding.unitsUncorrectable
  }
}

/// Datagrams: received = accepted + rejected.
package struct DatagramTruth: Equatable, Sendable {
  package var received = 0
  package var accepted = 0
  package var rejectedEmpty = 0

  package init() {}
}

/// Why a frame is not accepted; the raw value is the name in reports.
package enum FrameRejection: String, Sendable, CaseIterable {
  case length
  case version
  case fecf
  case scid
  case quarantined
}

/// Frames: received = delivered + idle + unlisted + rejected.
package struct FrameTruth: Equatable, Sendable {
  package var received = 0
  package var delivered = 0
  package var idle = 0
  package var unlisted = 0
  /// Only reasons that occurred.
  package var rejected: [FrameRejection: Int] = [:]

  package init() {}
}

/// Why bytes of a packet zone end in no packet; the raw value is the name in reports.
package enum DiscardReason: String, Sendable, CaseIterable {
  case gap
  case unsynchronized
  case duplicate
  case outOfOrder = "out_of_order"
}

/// Packet-zone bytes of delivered frames: received = packets + idle packets + discarded + pending.
package struct ZoneByteTruth: Equatable, Sendable {
  package var received = 0
  package var packets = 0
  package var idlePackets = 0
  package var pending = 0
  /// Only reasons that occurred.
  package var discarded: [DiscardReason: Int] = [:]

  package init() {}
}

/// Packets: completed = delivered + idle.
package struct PacketTruth: Equatable, Sendable {
  package var completed = 0
  package var delivered = 0
  package var idle = 0

  package init() {}
}

/// Bytes of frames that carry service data units: received = delivered + fill + discarded + pending.
package struct ServiceDataTruth: Equatable, Sendable {
  /// Whole units.
  package var completed = 0
  package var received = 0
  /// Of whole units, and of streams.
  package var delivered = 0
  /// Behind the end of a unit in a frame of fixed length.
  package var fill = 0
  package var pending = 0
  /// Only reasons that occurred.
  package var discarded: [DiscardReason: Int] = [:]

  package init() {}

  var isBalanced: Bool { received == delivered + fill + pending + discarded.values.reduce(0, +) }
}

/// One spacecraft. TM counts its frames over all channels; for AOS the losses are the sum of the channels'.
package struct MasterChannelTruth: Equatable, Sendable {
  package var spacecraftID: UInt16
  package var frames = 0
  package var gaps = 0
  package var missing = 0

  package init(spacecraftID: UInt16) { self.spacecraftID = spacecraftID }
}

/// One virtual channel.
package struct VirtualChannelTruth: Equatable, Sendable {
  package var name: VirtualChannelName
  /// All accepted frames, with idle ones, duplicates and late ones.
  package var frames = 0
  package var firstCount: UInt64 = 0
  /// The count of the newest frame.
  package var lastCount: UInt64 = 0
  package var gaps = 0
  /// Frames that the count says were sent between the first and the last, and never came.
  package var missing = 0
  /// The counts of those, in the order in which they were sent; no more than there is room for.
  package var missingCounts: [UInt64] = []
  package var duplicates = 0
  /// Frames that came after a newer one and were first thought missing.
  package var late = 0
  /// Times that the count started again.
  package var discontinuities = 0
  /// The count stood still between different frames.
  package var isFrozen = false
  /// USLP: its frames have no count.
  package var isUncounted = false
  /// USLP: whole service data units.
  package var serviceDataUnits = 0
  package var packets = 0
  package var idlePackets = 0
  /// The length of all completed packets, idle ones included.
  package var packetByteCount = 0
  /// FNV-1a over the bytes of all completed packets in order, idle ones included.
  package var packetHash = FowlerNollVoHash.offsetBasis

  package init(name: VirtualChannelName) { self.name = name }
}

/// One application process on one virtual channel.
package struct ApplicationTruth: Equatable, Sendable {
  package var channel: VirtualChannelName
  package var applicationProcessID: UInt16
  package var packets = 0
  package var byteCount = 0
  package var firstSequenceCount: UInt16 = 0
  package var lastSequenceCount: UInt16 = 0
  package var gaps = 0
  package var missing = 0
  /// The sequence counts of those, in the order in which they were sent; no more than there is room for.
  package var missingSequenceCounts: [UInt16] = []
  package var repeats = 0

  package init(channel: VirtualChannelName, applicationProcessID: UInt16) {
    self.channel = channel
    self.applicationProcessID = applicationProcessID
  }
}

/// How much of what is missing is listed one by one.
enum TruthLists {
  static let capacity = 1 << 16
}

/// FNV-1a of 64 bits: a hash simple enough to be written again by whoever compares.
package enum FowlerNollVoHash {
  /// The hash of nothing.
  package static let offsetBasis: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The hash of what gave `hash` with `range` of `bytes` behind it.
  package static func extend(_ hash: UInt64, with bytes: [UInt8], in range: Range<Int>) -> UInt64 {
    var hash = hash
    var offset = range.lowerBound
    while offset < range.upperBound {
      hash = (hash ^ UInt64(bytes[offset])) &* 0x0000_0100_0000_01B3
      offset += 1
    }
    return hash
  }
}
