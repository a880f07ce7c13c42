package import CCSDSCoding
package import CCSDSLink
import CCSDSWire

/// When the stream of units was found and lost.
package struct LockHistory: Sendable, Equatable {
  /// Where the synchronizer stands, as far as its units show it.
  package private(set) var state = LockState.search
  /// When the stream was found or lost the last time; absent where the input has no times.
  package private(set) var since: ReceptionTime?
  package private(set) var acquired = 0
  package private(set) var lost = 0
  /// Bytes that belong to no unit, since the stream was lost or from the start.
  package private(set) var bytesWithoutLock = 0
  private var newest: ReceptionTime?
  private var longestEndedSeconds = 0.0
  /// Found, and the first unit, which brings the time, is still to come.
  private var awaitsTime = false

  /// Whether units are being delivered.
  package var isLocked: Bool {
    switch state {
    case .search, .check: false
    case .lock, .flywheel: true
    }
  }

  /// How long the stream was in hand without a break at best.
  package var longestSeconds: Double { max(longestEndedSeconds, isLocked ? seconds : 0) }

  private var seconds: Double {
    guard let since, let newest else { return 0 }
    return max(0, newest.seconds(since: since))
  }

  /// Takes note of a unit.
  mutating func note(_ codeblock: CodeblockObservation) {
    if let marker = codeblock.marker { state = marker.errorCount == nil ? .flywheel : .lock }
    guard let nanoseconds = codeblock.receivedAt else { return }
    let time = ReceptionTime(nanosecondsSince1970: nanoseconds)
    newest = time
    guard awaitsTime else { return }
    awaitsTime = false
    since = time
  }

  /// Takes note of a stream found or lost. It happens at the time of the unit after it, or before it.
  mutating func note(_ transition: LockTransition) {
    switch transition {
    case .acquired:
      acquired += 1
      state = .lock
      since = nil
      awaitsTime = true
      bytesWithoutLock = 0
    case .lost:
      longestEndedSeconds = longestSeconds
      lost += 1
      state = .search
      since = newest
      awaitsTime = false
    }
  }

  /// Takes note of bytes that belong to no unit.
  mutating func noteSkipped(_ byteCount: Int) {
    if !isLocked { bytesWithoutLock += byteCount }
  }
}

extension LockHistory {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.choice(&state)
    archive.optional(&since)
    archive.count(&acquired)
    archive.count(&lost)
    archive.byteCount(&bytesWithoutLock)
    archive.optional(&newest)
    archive.item(&longestEndedSeconds)
    archive.item(&awaitsTime)
  }
}
