package import CCSDSLink
import CCSDSWire
package import LinkHealth

/// One link from its units to its ledger: what runs to completion for every datagram, live and in a replay.
///
/// It knows neither where the units come from nor what time it is.
package struct LinkPipeline: ~Copyable {
  package let name: String
  package let parameters: LinkParameters
  private let framesPerDatagram: Int
  /// The managed length of a frame; absent for a link of packets. Kept here, because every unit asks.
  private let frameByteCount: Int?
  /// Whether each frame says its own length, so that a unit may hold any number of them.
  private let hasVariableLength: Bool
  /// The longest datagram that is looked into: longer than any right one, so that a wrong length can be told.
  package let acceptedDatagramByteCount: Int
  /// One of the two: what the link's units go through.
  private var channel: PhysicalChannel?
  private var stream: PacketStream?
  package var sink: PipelineSink
  private var latency = LatencyHistogram()
  /// When the units of the batch under way were received.
  private var receivedTimes: [Int64] = []

  package init(name: String, parameters: LinkParameters, framesPerDatagram: Int = 1, taps: (any LinkTaps)? = nil) {
    self.name = name
    self.parameters = parameters
    self.framesPerDatagram = framesPerDatagram
    switch parameters {
    case .frames(let parameters):
      channel = PhysicalChannel(parameters: parameters)
      frameByteCount = parameters.frameByteCount
      hasVariableLength = parameters.hasVariableLength
      acceptedDatagramByteCount = min(
        65_507, max(2 * parameters.frameByteCount * framesPerDatagram, Self.smallestSlotByteCount))
      sink = PipelineSink(ledger: LossLedger(quietAfterSeconds: parameters.limits.quietAfterSeconds), taps: taps)
    case .packets(let parameters):
      stream = PacketStream(parameters: parameters)
      frameByteCount = nil
      hasVariableLength = false
      acceptedDatagramByteCount = PacketStreamParameters.largestPacketByteCount
      sink = PipelineSink(ledger: LossLedger(quietAfterSeconds: parameters.limits.quietAfterSeconds), taps: taps)
    }
  }

  /// Takes one unit: what a datagram carries, or a frame or packet of a file.
  package mutating func receive(_ unit: RawSpan, _ about: UnitDescription) {
    sink.ledger.datagrams.received += 1
    sink.ledger.datagrams.byteCount += about.originalByteCount
    if let rejection = rejection(of: unit, about) {
      sink.ledger.datagrams.rejected[rejection] += 1
      sink.taps?.rejected(rejection, about.time)
      return
    }
    sink.ledger.datagrams.accepted += 1
    if hasVariableLength, !about.isUnparsable {
      channel?.receive(framesOf: unit, at: about.time, into: &sink)
    } else if let frameByteCount {
      receive(framesOf: unit, frameByteCount, about.time)
    } else if about.isUnparsable {
      stream?.discard(unit, into: &sink)
    } else {
      stream?.receive(unit, at: about.time, into: &sink)
    }
  }

  private func rejection(of unit: RawSpan, _ about: UnitDescription) -> DatagramRejection? {
    if let rejection = about.rejection { return rejection }
    if about.originalByteCount == 0 { return .empty }
    if about.originalByteCount > acceptedDatagramByteCount, !about.isUnparsable { return .oversize }
    return unit.byteCount < about.originalByteCount ? .truncated : nil
  }

  private mutating func receive(framesOf datagram: RawSpan, _ length: Int, _ time: ReceptionTime?) {
    let frameCount = datagram.byteCount / length
    guard framesPerDatagram > 1, !hasVariableLength, frameCount * length == datagram.byteCount,
      frameCount <= framesPerDatagram
    else {
      channel?.receive(datagram, at: time, into: &sink)
      return
    }
    for index in 0..<frameCount {
      channel?.receive(datagram.extracting(index * length..<(index + 1) * length), at: time, into: &sink)
    }
  }

  /// Notes when a unit of the batch under way was received.
  package mutating func noteReceived(at nanosecondsSince1970: Int64?) {
    if let nanosecondsSince1970 { receivedTimes.append(nanosecondsSince1970) }
  }

  /// Notes that the units of the batch are decoded by now.
  package mutating func noteDecoded(at nanosecondsSince1970: Int64) {
    for received in receivedTimes { latency.record(nanoseconds: nanosecondsSince1970 - received) }
    receivedTimes.removeAll(keepingCapacity: true)
  }

  /// Ends the reception: frames still held back are given up.
  package mutating func finish() {
    channel?.finish(into: &sink)
  }

  /// All that is known of the link now.
  package func snapshot() -> LinkSnapshot {
    switch channel {
    case .some(let channel):
      LinkSnapshot(
        name: name, ledger: sink.ledger, heldFrameCount: channel.heldFrameCount,
        pendingByteCount: channel.pendingByteCount,
        masterChannelMissing: sink.ledger.masterChannels.indices.map { channel.masterChannelMissing($0) },
        latency: latency, evidence: channel.evidence, parameters: parameters,
        pendingServiceDataByteCount: channel.pendingServiceDataByteCount)
    case .none:
      LinkSnapshot(
        name: name, ledger: sink.ledger, heldFrameCount: 0, pendingByteCount: 0, masterChannelMissing: [],
        latency: latency, evidence: RejectionEvidence(), parameters: parameters)
    }
  }
}

extension LinkPipeline {
  /// Datagrams of this length are always received whole.
  private static let smallestSlotByteCount = 2048
}

/// What is known of a unit besides its bytes.
package struct UnitDescription: Sendable, Equatable {
  package var time: ReceptionTime?
  /// How long the unit was when it was sent; more than its bytes when it was cut off since.
  package var originalByteCount: Int
  /// Why its edge already knows it to be unusable.
  package var rejection: DatagramRejection?
  /// It lies behind something that is no packet, in a file of packets, or no frame where frames say their own length.
  package var isUnparsable = false

  package init(time: ReceptionTime? = nil, originalByteCount: Int, rejection: DatagramRejection? = nil) {
    self.time = time
    self.originalByteCount = originalByteCount
    self.rejection = rejection
  }
}

/// Folds what a link finds into its ledger, and passes it on to the taps, if there are any.
package struct PipelineSink: LinkSink, ~Copyable {
  package var ledger: LossLedger
  package let taps: (any LinkTaps)?

  package mutating func observe(_ event: LinkEvent) {
    ledger.fold(event)
    taps?.observed(event, ledger)
  }

  package func take(packet: RawSpan, _ observation: PacketObservation) {
    taps?.take(packet: packet, ledger.virtualChannels[observation.virtualChannel].identity)
  }

  package func take(frame: RawSpan) { taps?.take(frame: frame) }
}

/// Whoever wants the frames, the packets or the events of a link beside its ledger. Called on the link's queue.
package protocol LinkTaps: AnyObject {
  func observed(_ event: LinkEvent, _ ledger: borrowing LossLedger)
  func rejected(_ rejection: DatagramRejection, _ time: ReceptionTime?)
  func take(packet: RawSpan, _ channel: VirtualChannelIdentity)
  func take(frame: RawSpan)
}
