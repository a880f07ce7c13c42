package import CCSDSLink
import CCSDSWire
package import LinkHealth
package import MissionDatabase

/// Whoever wants the frames, the packets or the events of a link beside its ledger. Called on the link's queue.
package protocol LinkTaps: AnyObject {
  func observed(_ event: LinkEvent, _ ledger: borrowing LossLedger)
  func rejected(_ rejection: DatagramRejection, _ time: ReceptionTime?)
  /// Packets come without frames, which would say when they were received.
  func received(at time: ReceptionTime?)
  /// A whole packet, and what is known of it: when it was received, and when it was made by the clock on board.
  func take(packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity)
  func take(frame: RawSpan)
  /// A codeblock beyond correction, derandomized, with its parity.
  func take(uncorrectable codeblock: RawSpan)
  /// A frame that came out of a codeblock, before it is looked into.
  func take(decoded frame: RawSpan)
  /// A whole packet that is not delivered.
  func take(rejected packet: RawSpan, _ provenance: PacketProvenance, _ reason: PacketRejection)
  /// The values of a packet, and the alarms that they have changed.
  func take(values: Span<ParameterSample>, of packet: RawSpan, _ about: DecodedPacket, _ alarms: [AlarmEvent])
}

extension LinkTaps {
  package func received(at time: ReceptionTime?) {}

  package func take(decoded frame: RawSpan) {}

  package func take(rejected packet: RawSpan, _ provenance: PacketProvenance, _ reason: PacketRejection) {}

  package func take(
    values: Span<ParameterSample>, of packet: RawSpan, _ about: DecodedPacket, _ alarms: [AlarmEvent]
  ) {}
}
