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
  /// One of the two: what the link's units go through.
  private var channel: PhysicalChannel?
  private var stream: PacketStream?
  package var sink: PipelineSink
  package var latency = LatencyHistogram()

  package init(name: String, parameters: LinkParameters, framesPerDatagram: Int = 1, taps: (any LinkTaps)? = nil) {
    self.name = name
    self.parameters = parameters
    self.framesPerDatagram = framesPerDatagram
    switch parameters {
    case .frames(let parameters):
      channel = PhysicalChannel(parameters: parameters)
      sink = PipelineSink(ledger: LossLedger(quietAfterSeconds: parameters.limits.quietAfterSeconds), taps: taps)
    case .packets(let parameters):
      stream = PacketStream(parameters: parameters)
      sink = PipelineSink(ledger: LossLedger(quietAfterSeconds: parameters.limits.quietAfterSeconds), taps: taps)
    }
  }

  /// The longest datagram that can be right.
  package var largestDatagramByteCount: Int {
    switch parameters {
    case .frames(let parameters): parameters.frameByteCount * framesPerDatagram
    case .packets: 65_507
    }
  }

  /// Takes one datagram.
  ///
  /// - Parameter rejection: Why its edge already knows it to be unusable.
  package mutating func receive(
    _ datagram: RawSpan, at time: ReceptionTime?, rejection: DatagramRejection? = nil
  ) {
    sink.ledger.datagrams.received += 1
    sink.ledger.datagrams.byteCount += datagram.byteCount
    if let rejection = rejection ?? (datagram.byteCount == 0 ? .empty : nil) {
      sink.ledger.datagrams.rejected[rejection] += 1
      sink.taps?.rejected(rejection, time)
      return
    }
    sink.ledger.datagrams.accepted += 1
    switch parameters {
    case .frames: receive(framesOf: datagram, time)
    case .packets: stream?.receive(datagram, at: time, into: &sink)
    }
  }

  private mutating func receive(framesOf datagram: RawSpan, _ time: ReceptionTime?) {
    let length = largestDatagramByteCount / framesPerDatagram
    let frameCount = datagram.byteCount / length
    guard framesPerDatagram > 1, frameCount * length == datagram.byteCount, frameCount <= framesPerDatagram else {
      channel?.receive(datagram, at: time, into: &sink)
      return
    }
    for index in 0..<frameCount {
      channel?.receive(datagram.extracting(index * length..<(index + 1) * length), at: time, into: &sink)
    }
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
        latency: latency, evidence: channel.evidence, parameters: parameters)
    case .none:
      LinkSnapshot(
        name: name, ledger: sink.ledger, heldFrameCount: 0, pendingByteCount: 0, masterChannelMissing: [],
        latency: latency, evidence: RejectionEvidence(), parameters: parameters)
    }
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
