import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth
import MissionDatabase

/// What a person wants to know of the way of a capture through a link: is told all that happens on it, until it has
/// its answer.
protocol LinkQuestion {
  /// Whether nothing more is needed.
  var isAnswered: Bool { get }
  /// Whether it wants to know how the next packet is decoded.
  var wantsDecisions: Bool { get }

  /// A unit, or a piece of a stream, is about to be received.
  mutating func begin(_ trail: UnitTrail)
  /// A datagram is not looked into.
  mutating func reject(_ reason: DatagramRejection, _ trail: UnitTrail)
  /// Something happened, other than that a frame was accepted.
  ///
  /// - Parameter subject: The frame that it is about: the one at hand, unless one that was held back is given up.
  mutating func observe(
    _ event: LinkEvent, about subject: FrameSubject, _ trail: UnitTrail, _ ledger: borrowing LossLedger)
  /// The codeblock at hand is beyond correction.
  mutating func giveUp(_ codeblock: CodeblockObservation, _ trail: UnitTrail)
  /// A frame was accepted: the one at hand, or one that was held back until now.
  mutating func accept(_ frame: AcceptedFrame, _ bytes: [UInt8], _ trail: UnitTrail)
  /// Nothing is said of the frame at hand: it is held back.
  mutating func hold(_ subject: FrameSubject)
  /// A packet is whole.
  mutating func take(_ packet: RawSpan, _ completion: PacketCompletion, _ trail: UnitTrail)
  /// The packet taken last was decoded.
  mutating func take(
    _ decoding: PacketDecoding, of packet: RawSpan, _ completion: PacketCompletion, _ trail: UnitTrail)
  /// There is nothing more.
  mutating func finish(_ ledger: borrowing LossLedger)
}

/// A packet that is whole, and what became of it.
struct PacketCompletion {
  /// Delivered, or not.
  enum Fate {
    case delivered(PacketObservation)
    case rejected(PacketRejection, PacketProvenance)
  }

  /// Which of all that the link completed, from 1.
  var number: Int
  var fate: Fate
  var channel: VirtualChannelIdentity
  /// The unit with its last byte.
  var unit: UnitPlace
  /// Where its bytes lie; absent where they are not found there.
  var place: PacketPlace?

  var provenance: PacketProvenance {
    switch fate {
    case .delivered(let observation): observation.provenance
    case .rejected(_, let provenance): provenance
    }
  }
}

/// What a mission database made of a packet.
struct PacketDecoding {
  let about: DecodedPacket
  /// All values, and for each how it stands with its limits; empty unless decisions are wanted.
  var samples: [ParameterSample] = []
  var standings: [AlarmStanding?] = []
  var trace = DecodeTrace()
}

/// Most questions are about little of it.
extension LinkQuestion {
  var wantsDecisions: Bool { false }
  mutating func begin(_ trail: UnitTrail) {}
  mutating func reject(_ reason: DatagramRejection, _ trail: UnitTrail) {}
  mutating func observe(
    _ event: LinkEvent, about subject: FrameSubject, _ trail: UnitTrail, _ ledger: borrowing LossLedger
  ) {}
  mutating func giveUp(_ codeblock: CodeblockObservation, _ trail: UnitTrail) {}
  mutating func accept(_ frame: AcceptedFrame, _ bytes: [UInt8], _ trail: UnitTrail) {}
  mutating func hold(_ subject: FrameSubject) {}
  mutating func take(_ packet: RawSpan, _ completion: PacketCompletion, _ trail: UnitTrail) {}
  mutating func take(
    _ decoding: PacketDecoding, of packet: RawSpan, _ completion: PacketCompletion, _ trail: UnitTrail
  ) {}
}
