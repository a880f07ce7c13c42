package import CCSDSLink
import CCSDSWire
package import LinkHealth
import MissionDatabase

/// Folds what a link finds into its ledger, and passes it on to the taps, if there are any.
package struct PipelineSink: LinkSink, ~Copyable {
  package var ledger: LossLedger
  package let taps: (any LinkTaps)?
  /// What the packets go through besides; absent for a link without a mission database.
  var parameters: ParameterStage?
  /// Follows the passes; absent where nobody asks for them.
  var passes: PassRecorder?
  /// Keeps what was rejected last; absent where nobody asks for it.
  let rejected: RejectedUnits?
  private var discards = DiscardMarks()

  init(ledger: LossLedger, taps: (any LinkTaps)?, passes: PassRecorder?, rejected: RejectedUnits?) {
    self.ledger = ledger
    self.taps = taps
    self.passes = passes
    self.rejected = rejected
  }

  /// Decodes packets by a mission database from now on, or no more.
  mutating func adopt(_ mission: LoadedMission?, _ packets: PacketParameters) {
    parameters = nil
    if let mission { parameters = ParameterStage(mission, packets.errorControl) }
  }

  package mutating func observe(_ event: LinkEvent) {
    ledger.fold(event)
    passes?.observe(event, ledger)
    if rejected != nil { discards.note(event) }
    taps?.observed(event, ledger)
  }

  package mutating func take(packet: RawSpan, _ observation: PacketObservation) {
    taps?.take(packet: packet, observation, ledger.virtualChannels[observation.virtualChannel].identity)
    parameters?.take(packet, observation, ledger.virtualChannels[observation.virtualChannel].identity, taps)
    if parameters?.violations.isEmpty == false { tellViolations() }
  }

  package func take(frame: RawSpan) { taps?.take(frame: frame) }

  package func take(rejected packet: RawSpan, _ provenance: PacketProvenance, _ reason: PacketRejection) {
    taps?.take(rejected: packet, provenance, reason)
    note(.packet(reason), packet, provenance.last.time)
  }

  package func take(refused frame: RawSpan, _ refusal: FrameRefusal, at time: ReceptionTime?) {
    switch refusal {
    case .rejected(let reason): note(.frame(reason), frame, time)
    case .unlisted: note(.unlisted, frame, time)
    }
  }

  /// Keeps a unit that was rejected, if somebody may ask for it.
  func note(_ reason: RejectionReason, _ bytes: RawSpan, of byteCount: Int? = nil, _ time: ReceptionTime?) {
    rejected?.note(reason, bytes, of: byteCount, receivedAt: time?.nanosecondsSince1970)
  }

  /// Keeps the unit at hand, if something of it was discarded.
  mutating func noteDiscards(of bytes: RawSpan, _ time: ReceptionTime?, isCoding: Bool = false) {
    guard isCoding ? discards.hasCoding : discards.hasFrame else { return }
    let rejected = rejected
    discards.take(ofCoding: isCoding) { rejected?.note($0, bytes, receivedAt: time?.nanosecondsSince1970) }
  }
}
