import CCSDSLink
import CCSDSWire

/// What a physical channel with certain parameters makes of frames that came one after the other, or of one by itself.
struct FrameJudgement {
  /// Why the first of those is not accepted that are not; absent where all are, or wait for a second one.
  private(set) var refusal: FrameRefusal?
  /// They wait for a second frame to speak for them.
  private(set) var isHeld = true
  /// Whether the last one is idle.
  private(set) var isIdle = false
  /// Packets that are whole in them, but for those that are rejected.
  private(set) var packetCount = 0
  /// Bytes of them are no packets, or not where they have to be.
  private(set) var hasStrangeZone = false

  /// Whether they are accepted, and wait for nothing.
  var isAccepted: Bool { refusal == nil && !isHeld }

  init(of frames: [[UInt8]], _ parameters: PhysicalChannelParameters) {
    var channel = PhysicalChannel(parameters: parameters)
    var witness = Witness()
    for frame in frames { channel.receive(framesOf: unsafe frame.span.bytes, at: nil, into: &witness) }
    self = witness.judgement
  }

  private init() {}

  /// Notes what happens to them.
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
      judgement.refusal = judgement.refusal ?? refusal
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
