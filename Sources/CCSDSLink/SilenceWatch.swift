package import CCSDSWire

/// Tells a silence by the times that come with what is received.
///
/// It does not go by one time alone: a single one far ahead, or a clock that was set back, must not make it deaf. So
/// the newest time holds, until a good many in a row say that it is long past.
package struct SilenceWatch: Sendable, Equatable {
  /// As many times in a row that are too old prove that the newest one was wrong.
  private static let proofCount = 64

  private var newest: ReceptionTime?
  /// The times in a row that are too old.
  private var olderCount = 0

  package init() {}

  /// Takes the next time. Returns whether it ends a silence.
  package mutating func endsSilence(at time: ReceptionTime?, longerThan quietSeconds: Double) -> Bool {
    guard let time else { return false }
    let seconds = newest.map { time.seconds(since: $0) } ?? 0
    olderCount = seconds < -quietSeconds ? olderCount + 1 : 0
    if let newest, olderCount < Self.proofCount {
      self.newest = max(time, newest)
    } else {
      newest = time
      olderCount = 0
    }
    return seconds > quietSeconds
  }

  /// Saves or restores it.
  package mutating func archive(_ archive: inout StateArchive) {
    archive.optional(&newest)
    archive.item(&olderCount, in: 0...Self.proofCount)
  }
}
