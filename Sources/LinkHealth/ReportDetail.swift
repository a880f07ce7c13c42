/// How much of a link's report is written, from all of it to what always fits.
///
/// A link that has run for weeks knows thousands of gaps, and may know thousands of application processes. A replay
/// reports them all; who asks every second, or keeps ten seconds' worth of counters, wants the newest.
package enum ReportDetail: Sendable, CaseIterable {
  case everything
  /// Of the passes, only the newest one with its gaps.
  case newestGaps
  /// The same, without application processes.
  case channels
  /// Nothing that there may be many of, but for the passes without their gaps.
  case counts
  /// No list of anything.
  case totals

  var hasApplicationProcesses: Bool {
    switch self {
    case .everything, .newestGaps: true
    case .channels, .counts, .totals: false
    }
  }

  /// Whether passes, master channels and problems are listed one by one: there are some at the most.
  var hasFew: Bool { self != .totals }

  /// Whether virtual channels are listed one by one.
  package var hasVirtualChannels: Bool {
    switch self {
    case .everything, .newestGaps, .channels: true
    case .counts, .totals: false
    }
  }
}
