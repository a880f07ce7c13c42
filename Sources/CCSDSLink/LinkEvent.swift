package import CCSDSCoding
package import CCSDSWire

/// What one step of a link found out. The ledger is a fold over these, and nothing else.
package enum LinkEvent: Sendable, Equatable {
  /// A spacecraft got counters of its own; indices count up from 0.
  case masterChannelAdded(index: Int, SpacecraftID)
  /// A virtual channel got counters of its own; indices count up from 0.
  case virtualChannelAdded(index: Int, VirtualChannelIdentity)
  /// An application process on a virtual channel got counters of its own; indices count up from 0.
  case applicationProcessAdded(index: Int, virtualChannel: Int, ApplicationProcessID)

  /// The sublayer between the bits and the frames found something out.
  case coding(CodingEvent)

  /// A frame came in. It ends in one of the four cases below, or is held back for a while.
  case frameReceived(byteCount: Int, ReceptionTime?)
  case frameRejected(FrameRejection)
  /// Accepted, for a channel that is not listed or has no room left.
  case frameUnlisted
  /// Accepted, for a known channel: idle, or delivered.
  case frameAccepted(FrameObservation)

  /// What fills the idle frames of a channel is known now, or known to be unpredictable.
  case fillRecognized(virtualChannel: Int, FillKind)
  /// The fill of an idle frame was compared with what it should be.
  case fillCompared(virtualChannel: Int, bitCount: Int, errorCount: Int)

  /// A frame reported on telecommand reception.
  case operationalControlField(OperationalControlField, masterChannel: Int)

  /// A delivered frame brought this many bytes of packets.
  case zoneReceived(virtualChannel: Int, byteCount: Int)
  /// Bytes of packets that end in no packet.
  case zoneDiscarded(virtualChannel: Int, byteCount: Int, ZoneDiscard)
  /// A packet that had begun was given up; its bytes are discarded for the same reason.
  case packetAbandoned(virtualChannel: Int, ZoneDiscard)
  /// A packet is whole.
  case packetCompleted(PacketObservation)
  /// A packet is whole, and is not delivered: its bytes are discarded for the same reason.
  case packetRejected(virtualChannel: Int, byteCount: Int, PacketRejection)
  /// The packet completed last is part of a group, or the group before it ended.
  case packetGroup(applicationProcess: Int, PacketGroup.Step)
  /// There is news of the clock on board, by the packets of a channel.
  case clock(virtualChannel: Int, ClockCorrelation.Observation)
  /// USLP: data that are no packets came in, and something became of them.
  case serviceData(virtualChannel: Int, ServiceDataObservation)
}

/// Which virtual channel: of which spacecraft, live or played back, by which quality of service, and what it is called.
package struct VirtualChannelIdentity: Sendable, Equatable {
  /// The spacecraft that the channel belongs to.
  package private(set) var spacecraftID: SpacecraftID
  /// The number of the channel on its spacecraft.
  package private(set) var virtualChannelID: VirtualChannelID
  /// AOS: frames played back from a recorder are counted apart from the live ones.
  package private(set) var isReplay: Bool
  /// USLP: frames past sequence control are counted apart from those that go through it.
  package private(set) var isExpedited: Bool
  /// What the data field of its frames holds.
  package private(set) var service: VirtualChannelService
  /// What operators call the channel, if they named it.
  package private(set) var name: String?
  /// The index of its master channel.
  package private(set) var masterChannel: Int

  package init(
    spacecraftID: SpacecraftID, virtualChannelID: VirtualChannelID, isReplay: Bool = false,
    isExpedited: Bool = false, service: VirtualChannelService = .packet, name: String? = nil, masterChannel: Int = 0
  ) {
    self.spacecraftID = spacecraftID
    self.virtualChannelID = virtualChannelID
    self.isReplay = isReplay
    self.isExpedited = isExpedited
    self.service = service
    self.name = name
    self.masterChannel = masterChannel
  }
}

extension VirtualChannelIdentity {
  /// A channel that is yet to be restored.
  package static let blank = VirtualChannelIdentity(
    spacecraftID: SpacecraftID(0), virtualChannelID: VirtualChannelID(0))

  /// Saves or restores it.
  package mutating func archive(_ archive: inout StateArchive) {
    spacecraftID.archive(&archive)
    virtualChannelID.archive(&archive)
    archive.item(&isReplay)
    archive.item(&isExpedited)
    archive.choice(&service)
    archive.optional(&name, blank: "") { $1.text(&$0) }
    archive.count(&masterChannel)
  }
}

/// A closed set of reasons, numbered from 0, with the names that operators see.
package protocol LedgerReason: CaseIterable, Hashable, Sendable, RawRepresentable where RawValue == Int {
  var name: String { get }
}

/// Why a frame was not accepted. The order is that of the checks.
package enum FrameRejection: Int, Error, Sendable, LedgerReason {
  /// Not the managed length, or its fields do not fit into it.
  case length
  /// Header error control found more errors than it can correct.
  case headerErrorControl
  /// Another transfer frame protocol.
  case version
  /// The error control field says it is damaged.
  case errorControl
  /// A spacecraft that is not configured.
  case spacecraft
  /// Nothing but this one frame speaks for its channel or its count.
  case quarantined

  /// The name in the report.
  package var name: String {
    switch self {
    case .length: "length"
    case .headerErrorControl: "header_ec"
    case .version: "version"
    case .errorControl: "fecf"
    case .spacecraft: "scid"
    case .quarantined: "quarantined"
    }
  }
}

/// What a counter said when it was seen again.
package enum CountObservation: Sendable, Equatable {
  /// Nothing to compare with: the first at all, or after a silence.
  case first
  case inSequence
  /// At least `missing` were lost, and at most `atMost`: more where the counter may have wrapped in between.
  case gap(missing: Int, atMost: Int)
  /// The same unit again.
  case duplicate
  /// Behind the newest by a few. `fillsGap` when it had been counted as missing.
  case late(fillsGap: Bool)
  /// The counter did not move, and has never moved: it proves nothing.
  case frozen
  /// The unit carries no count at all.
  case uncounted
  /// A jump that no loss explains: a reset, or a recorder dump.
  case discontinuity
}

/// One accepted frame.
package struct FrameObservation: Sendable, Equatable {
  /// The index of its virtual channel.
  package let virtualChannel: Int
  /// The index of its master channel.
  package let masterChannel: Int
  /// Its virtual channel frame count.
  package let count: UInt64
  /// The count that would have been in sequence.
  package let expectedCount: UInt64
  /// What the count of its virtual channel said.
  package let continuity: CountObservation
  /// What the count over all channels of the spacecraft said; TM only.
  package let masterContinuity: CountObservation?
  /// Whether it carries fill and nothing else.
  package let isIdle: Bool
  /// When it was received, if the input says.
  package let time: ReceptionTime?
  /// Its virtual channel frame count has so many bits; 0 where nobody says.
  package let countBitCount: Int

  package init(
    virtualChannel: Int, masterChannel: Int, count: UInt64, expectedCount: UInt64, continuity: CountObservation,
    masterContinuity: CountObservation?, isIdle: Bool, time: ReceptionTime?, countBitCount: Int = 0
  ) {
    self.virtualChannel = virtualChannel
    self.masterChannel = masterChannel
    self.count = count
    self.expectedCount = expectedCount
    self.continuity = continuity
    self.masterContinuity = masterContinuity
    self.isIdle = isIdle
    self.time = time
    self.countBitCount = countBitCount
  }
}

/// Why bytes of packets end in no packet, or bytes of a service data unit in none.
package enum ZoneDiscard: Int, Sendable, LedgerReason {
  /// The rest of the packet was lost with a frame.
  case gap
  /// The end of a packet whose beginning was never seen.
  case unsynchronized
  /// Data of a frame that had been received before.
  case duplicate
  /// Data of a frame that came after its successors.
  case outOfOrder
  /// The pointer to the first packet lies outside, or contradicts the packet before it.
  case firstHeaderPointer
  /// Neither a Space Packet nor an Encapsulation Packet.
  case version
  /// A length that no packet has, or longer than is believed.
  case length
  /// The frame's data field has no room for what it should hold, or says what cannot be.
  case dataField
  /// A segment came where another one had to come first.
  case segmentOrder
  /// Of an access point that has no room of its own.
  case unlisted
  /// A packet too short for the secondary header that it says it has.
  case secondaryHeader
  /// A packet that is damaged by its cyclic redundancy check.
  case packetErrorControl
  /// A packet that is damaged by its checksum.
  case packetChecksum

  /// The name in the report.
  package var name: String {
    switch self {
    case .gap: "gap"
    case .unsynchronized: "unsynchronized"
    case .duplicate: "duplicate"
    case .outOfOrder: "out_of_order"
    case .firstHeaderPointer: "first_header_pointer"
    case .version: "version"
    case .length: "length"
    case .dataField: "data_field"
    case .segmentOrder: "segment_order"
    case .unlisted: "unlisted"
    case .secondaryHeader: PacketRejection.secondaryHeader.name
    case .packetErrorControl: PacketRejection.errorControl.name
    case .packetChecksum: PacketRejection.checksum.name
    }
  }
}

/// What became of data that are no packets. Every byte received is delivered, fill, discarded or pending.
package enum ServiceDataObservation: Sendable, Equatable {
  /// A delivered frame brought this many bytes.
  case received(byteCount: Int)
  /// A service data unit is whole.
  case completed(byteCount: Int)
  /// Bytes of a stream, which has no units.
  case streamed(byteCount: Int)
  /// Bytes behind the end of a unit, up to the end of a frame of fixed length.
  case fill(byteCount: Int)
  /// Bytes that end in no unit.
  case discarded(byteCount: Int, ZoneDiscard)
  /// A unit that had begun was given up; its bytes are discarded for the same reason.
  case abandoned(ZoneDiscard)
}

/// The two kinds of packet that frames carry.
package enum PacketKind: Sendable, Equatable {
  case space
  case encapsulation
}

/// One whole packet.
package struct PacketObservation: Sendable, Equatable {
  /// The index of its virtual channel.
  package let virtualChannel: Int
  /// The index of its application process; absent for idle and encapsulation packets, and past the limit.
  package let applicationProcess: Int?
  /// Which of the two kinds of packet it is.
  package let kind: PacketKind
  /// Whether it is fill.
  package let isIdle: Bool
  /// Its length, header included.
  package let byteCount: Int
  /// Space Packets only.
  package let sequenceCount: UInt16
  /// The sequence count that would have been next.
  package let expectedSequenceCount: UInt16
  /// What its sequence count said.
  package let continuity: CountObservation
  /// The frames that it was in.
  package let provenance: PacketProvenance
  /// When the frame with its first byte was received.
  package var time: ReceptionTime? { provenance.first.time }
  /// When it was made, by the clock on board.
  package internal(set) var onboardTime: OnboardTime

  package init(
    virtualChannel: Int, applicationProcess: Int?, kind: PacketKind, isIdle: Bool, byteCount: Int,
    sequenceCount: UInt16, expectedSequenceCount: UInt16, continuity: CountObservation, provenance: PacketProvenance,
    onboardTime: OnboardTime = .absent
  ) {
    self.virtualChannel = virtualChannel
    self.applicationProcess = applicationProcess
    self.kind = kind
    self.isIdle = isIdle
    self.byteCount = byteCount
    self.sequenceCount = sequenceCount
    self.expectedSequenceCount = expectedSequenceCount
    self.continuity = continuity
    self.provenance = provenance
    self.onboardTime = onboardTime
  }
}

/// Where a link sends what it finds: observations to be counted, and borrowed bytes to be used at once or not at all.
package protocol LinkSink: ~Copyable {
  mutating func observe(_ event: LinkEvent)
  /// A whole packet, idle and encapsulation packets included. `observe` has seen it before.
  mutating func take(packet: RawSpan, _ observation: PacketObservation)
  /// An accepted frame, as it was received, its error control field included.
  mutating func take(frame: RawSpan)
  /// A whole packet that is not delivered. `observe` has seen why before.
  mutating func take(rejected packet: RawSpan, _ provenance: PacketProvenance, _ reason: PacketRejection)
  /// A frame that is not accepted, or accepted for a channel without counters. `observe` has seen why before.
  mutating func take(refused frame: RawSpan, _ refusal: FrameRefusal, at time: ReceptionTime?)
}

/// Why a frame goes no further.
package enum FrameRefusal: Sendable, Equatable {
  case rejected(FrameRejection)
  /// Its channel is not listed, or has no room left.
  case unlisted
}

extension LinkSink where Self: ~Copyable {
  /// Most have no use for it.
  package mutating func take(rejected packet: RawSpan, _ provenance: PacketProvenance, _ reason: PacketRejection) {}

  /// Most have no use for it.
  package mutating func take(refused frame: RawSpan, _ refusal: FrameRefusal, at time: ReceptionTime?) {}
}
