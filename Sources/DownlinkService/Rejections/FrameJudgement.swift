import CCSDSLink
import CCSDSWire

/// What a physical channel with certain parameters makes of a frame by itself.
struct FrameJudgement {
  /// Why it is not accepted; absent for one that is, or that waits for a second one.
  private(set) var refusal: FrameRefusal?
  /// It waits for a second frame to speak for it.
  private(set) var isHeld = true
  /// Whether it is idle.
  private(set) var isIdle = false
  /// Packets that are whole in it, but for those that are rejected.
  private(set) var packetCount = 0
  /// Bytes of it are no packets, or not where they have to be.
  private(set) var hasStrangeZone = false

  /// Whether it is accepted by itself.
  var isAccepted: Bool { refusal == nil && !isHeld }

  init(of frame: [UInt8], _ parameters: PhysicalChannelParameters) {
    var parameters = parameters
    // The judgement is about one frame: what waits for a second one goes by the identifiers alone.
    parameters.limits.quarantinedFrameCount = max(1, parameters.limits.quarantinedFrameCount)
    var channel = PhysicalChannel(parameters: parameters)
    var witness = Witness()
    channel.receive(framesOf: unsafe frame.span.bytes, at: nil, into: &witness)
    self = witness.judgement
  }

  private init() {}

  /// Notes what happens to the frame.
  private struct Witness: LinkSink {
    var judgement = FrameJudgement()

    mutating func observe(_ event: LinkEvent) {
      switch event {
      case .frameAccepted(let frame):
        judgement.isHeld = false
        judgement.isIdle = frame.isIdle
      case .packetCompleted: judgement.packetCount += 1
      case .zoneDiscarded(_, _, let reason), .serviceData(_, .discarded(_, let reason)):
        if reason.isStrange { judgement.hasStrangeZone = true }
      default: break
      }
    }

    mutating func take(packet: RawSpan, _ observation: PacketObservation) {}
    mutating func take(frame: RawSpan) {}

    mutating func take(refused frame: RawSpan, _ refusal: FrameRefusal, at time: ReceptionTime?) {
      judgement.refusal = refusal
      judgement.isHeld = false
    }
  }
}

extension ZoneDiscard {
  /// Whether what was agreed on may be the reason, and not what was lost on the way.
  var isStrange: Bool {
    switch self {
    case .firstHeaderPointer, .version, .length, .dataField, .segmentOrder: true
    case .gap, .unsynchronized, .duplicate, .outOfOrder, .unlisted, .secondaryHeader, .packetErrorControl,
      .packetChecksum:
      false
    }
  }
}
