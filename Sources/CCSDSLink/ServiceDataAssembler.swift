import CCSDSWire

/// Follows the service data units of one access point through the frames that hold them.
///
/// Nobody looks into them, so their bytes are counted and not kept.
///
/// Standard: CCSDS 732.1-B-3 §4.1.4.
struct ServiceDataAssembler {
  /// A unit that has begun.
  private struct OpenUnit {
    var protocolID: USLPProtocolID
    /// Whether it is in segments, each as long as its frame, rather than in zones of one length.
    var isSegmented: Bool
    var byteCount: Int
  }

  private let maximumByteCount: Int
  private var open: OpenUnit?

  init(maximumByteCount: Int) { self.maximumByteCount = maximumByteCount }

  /// The bytes of a unit that has begun and is not whole yet.
  var pendingByteCount: Int { open?.byteCount ?? 0 }

  /// Gives up what has begun.
  mutating func abandon(_ reason: ZoneDiscard, _ report: (ServiceDataObservation) -> Void) {
    guard let open else { return }
    report(.abandoned(reason))
    report(.discarded(byteCount: open.byteCount, reason))
    self.open = nil
  }

  /// Takes the zone of one frame.
  ///
  /// - Parameter lastPartByteCount: Where the unit ends in a zone of fixed length, if it does.
  mutating func take(
    _ content: AccessPointContent, lastPartByteCount: Int?, _ report: (ServiceDataObservation) -> Void
  ) {
    let byteCount = content.zone.count
    switch content.rule {
    case .startOfServiceDataUnit, .startingSegment, .noSegmentation:
      abandon(.segmentOrder, report)
      open = OpenUnit(
        protocolID: content.protocolID, isSegmented: content.rule != .startOfServiceDataUnit, byteCount: 0)
    case .continuationOfServiceDataUnit, .continuingSegment, .lastSegment:
      let isSegmented = content.rule != .continuationOfServiceDataUnit
      guard open?.protocolID == content.protocolID, open?.isSegmented == isSegmented else {
        abandon(.segmentOrder, report)
        let part = lastPartByteCount ?? byteCount
        report(.discarded(byteCount: part, .unsynchronized))
        return fill(byteCount - part, report)
      }
    case .octetStream: return report(.streamed(byteCount: byteCount))
    case .packetsSpanningFrames: return report(.discarded(byteCount: byteCount, .dataField))
    }
    let endsHere =
      lastPartByteCount != nil || content.rule == .lastSegment || content.rule == .noSegmentation
    let part = lastPartByteCount ?? byteCount
    append(part, report)
    if endsHere, let open {
      report(.completed(byteCount: open.byteCount))
      self.open = nil
    }
    fill(byteCount - part, report)
  }

  private mutating func append(_ byteCount: Int, _ report: (ServiceDataObservation) -> Void) {
    guard let before = open?.byteCount else { return }
    open?.byteCount = before + byteCount
    if before + byteCount > maximumByteCount { abandon(.length, report) }
  }

  private func fill(_ byteCount: Int, _ report: (ServiceDataObservation) -> Void) {
    if byteCount > 0 { report(.fill(byteCount: byteCount)) }
  }
}

extension ServiceDataAssembler {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    let largest = maximumByteCount
    archive.optional(&open, blank: OpenUnit(protocolID: .idle, isSegmented: false, byteCount: 0)) { unit, archive in
      unit.protocolID.archive(&archive)
      archive.item(&unit.isSegmented)
      archive.item(&unit.byteCount, in: 0...largest)
    }
  }
}
