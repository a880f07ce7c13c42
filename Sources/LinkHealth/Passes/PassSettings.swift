package import CCSDSLink
package import CCSDSWire

/// When a pass of a link is over, and what is expected of it.
package struct PassSettings: Sendable, Equatable {
  /// Silence after which the signal counts as lost; absent, it goes by how often frames have come.
  package var lossAfterSeconds: Double?
  /// Silence after which the counters of the link prove nothing: no pass goes on beyond it by itself.
  package var quietAfterSeconds = 60.0
  /// A pass that is announced takes what is heard from so long before its beginning on.
  package var leadSeconds = 300.0
  /// A reception without an end is reported as often as this.
  package var longestSeconds = 86_400.0
  /// Whole frames that one datagram may carry at most; absent where there is no telling.
  package var framesPerDatagram: Int? = 1
  /// What is announced for the link, in the order of its beginnings.
  package var schedule: [ScheduledPass] = []

  package init() {}

  /// Silence after which the signal counts as lost, where so many frames have come in so long.
  ///
  /// It is 32 times the mean interval of the frames of the pass, and neither less than half a minute, in which an
  /// antenna may turn over, nor more than the silence that ends the continuity of the counters. Before the eighth frame
  /// nothing is known of an interval.
  package func lossAfterSeconds(frameCount: Int, spanSeconds: Double) -> Double {
    if let lossAfterSeconds { return lossAfterSeconds }
    guard frameCount >= Self.leastFrameCount else { return quietAfterSeconds }
    let interval = max(0, spanSeconds) / Double(frameCount - 1)
    return min(quietAfterSeconds, max(Self.leastSilenceSeconds, Self.intervalCount * interval))
  }

  /// Whether what was announced has the link hear something at a time.
  ///
  /// - Returns: Nothing where nothing is announced, or nothing any more: a plan that has run out says nothing.
  package func isPassExpected(at now: ReceptionTime) -> Bool? {
    guard schedule.contains(where: { $0.end >= now }) else { return nil }
    return schedule.contains { $0.start <= now && now <= $0.end }
  }

  private static let leastFrameCount = 8
  private static let leastSilenceSeconds = 30.0
  private static let intervalCount = 32.0
}

/// A pass that was announced.
package struct ScheduledPass: Sendable, Equatable {
  package var start: ReceptionTime
  package var end: ReceptionTime
  /// Only frames of this spacecraft count as heard; absent, all do.
  package var spacecraftID: SpacecraftID?
  /// What people call it.
  package var label: String?

  package init(start: ReceptionTime, end: ReceptionTime, spacecraftID: SpacecraftID? = nil, label: String? = nil) {
    self.start = start
    self.end = end
    self.spacecraftID = spacecraftID
    self.label = label
  }

  /// Whether frames of a spacecraft are what is expected.
  func expects(_ spacecraft: SpacecraftID) -> Bool { spacecraftID == nil || spacecraftID == spacecraft }
}

extension ScheduledPass {
  static let blank = ScheduledPass(
    start: ReceptionTime(nanosecondsSince1970: 0), end: ReceptionTime(nanosecondsSince1970: 0))

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    start.archive(&archive)
    end.archive(&archive)
    archive.optional(&spacecraftID, blank: SpacecraftID(0)) { $0.archive(&$1) }
    archive.optional(&label, blank: "") { $1.text(&$0) }
  }

  /// Writes its members.
  package func write(to json: inout JSONWriter) {
    json.member("start", start.rfc3339)
    json.member("end", end.rfc3339)
    if let spacecraftID { json.member("scid", spacecraftID.rawValue) }
    if let label { json.member("label", label) }
  }
}

extension ReceptionTime {
  /// So many seconds later, or as late as there is.
  package func advanced(bySeconds seconds: Double) -> ReceptionTime {
    let (sum, overflow) = nanosecondsSince1970.addingReportingOverflow(Int64(clamping: Int128(seconds * 1e9)))
    return ReceptionTime(nanosecondsSince1970: overflow ? (seconds < 0 ? .min : .max) : sum)
  }
}
