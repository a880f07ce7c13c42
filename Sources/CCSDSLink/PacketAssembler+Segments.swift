import CCSDSWire

/// Packets that are not carried across zones, but whole or in segments.
///
/// Standard: CCSDS 732.1-B-3 §4.1.4.
extension PacketAssembler {
  /// Takes the zone of a USLP frame by its construction rule.
  mutating func take(
    _ zone: RawSpan, _ content: AccessPointContent, of frame: FrameOrigin,
    lend: (RawSpan, PacketProvenance) -> Void, report: (Outcome) -> Void
  ) {
    if let pointer = content.firstHeaderPointer {
      take(zone: zone, pointer: pointer, of: frame, lend: lend, report: report)
    } else if content.rule == .noSegmentation {
      take(whole: zone, of: frame, lend: lend, report: report)
    } else {
      take(segment: zone, content.rule, of: frame, lend: lend, report: report)
    }
  }

  /// Takes a zone that holds whole packets and nothing else.
  private mutating func take(
    whole zone: RawSpan, of frame: FrameOrigin, lend: (RawSpan, PacketProvenance) -> Void, report: (Outcome) -> Void
  ) {
    loseSynchronization(.segmentOrder, report)
    take(stream: zone, of: frame, lend: lend, report: report)
    loseSynchronization(.length, report)
  }

  /// Takes a segment of one packet.
  private mutating func take(
    segment: RawSpan, _ rule: ConstructionRule, of frame: FrameOrigin, lend: (RawSpan, PacketProvenance) -> Void,
    report: (Outcome) -> Void
  ) {
    guard rule != .startingSegment else {
      loseSynchronization(.segmentOrder, report)
      guard segment.byteCount <= maximumPacketByteCount else {
        return report(.abandoned(byteCount: segment.byteCount, .length))
      }
      return begin(segment, frame)
    }
    guard isSegmented else {
      loseSynchronization(.segmentOrder, report)
      return report(.discarded(byteCount: segment.byteCount, .unsynchronized))
    }
    guard pendingByteCount + segment.byteCount <= maximumPacketByteCount else {
      loseSynchronization(.length, report)
      return report(.discarded(byteCount: segment.byteCount, .length))
    }
    append(segment, frame)
    guard rule == .lastSegment else { return }
    guard holdsExactlyOnePacket else { return loseSynchronization(.length, report) }
    lendPartial(lend)
    loseSynchronization(.length, report)
  }
}
