import LinkHealth

/// Turns a flood of like events into a few lines, so that no input can fill a log.
///
/// The first of a kind (event type, reason, link) passes at once; what follows within ten seconds is told in one
/// summary. No event type writes more than fifty lines a second. Time is an argument: the same input gives the same
/// lines at every speed.
package struct EventAggregator: Sendable {
  /// The bounds; the defaults are those of the event log.
  package struct Limits: Sendable {
    /// How long like events are counted before a summary tells of them.
    package var summaryIntervalSeconds = 10
    /// The lines that one event type may write in a second.
    package var linesPerSecond = 50
    /// The kinds that are counted at one time.
    package var kindCapacity = 1024

    /// The limits of the event log.
    package init() {}
  }

  private struct Kind: Hashable {
    let eventType: EventType
    let reason: String
    let link: String?
  }

  private struct Window {
    let ordinal: Int
    var start: Int64
    var sample: EventRecord
    var count: UInt64 = 0
    var first: Int64
    var last: Int64
  }

  private struct Budget {
    var second: Int64 = .min
    var lineCount = 0
  }

  /// Records that stand in no line and in the count of none, by event type.
  package private(set) var suppressedCounts: [EventType: UInt64] = [:]

  private let limits: Limits
  private var windows: [Kind: Window] = [:]
  private var budgets: [EventType: Budget] = [:]
  private var nextOrdinal = 0

  /// An aggregator that has seen nothing.
  package init(limits: Limits = Limits()) { self.limits = limits }

  /// The kinds that are being counted at the moment.
  package var kindCount: Int { windows.count }

  /// Gives the suppressed counts away: they begin anew.
  package mutating func takeSuppressedCounts() -> [EventType: UInt64] {
    defer { suppressedCounts = [:] }
    return suppressedCounts
  }

  /// Counts a record that was not even made, because it would not have been let through.
  package mutating func noteSuppressed(_ eventType: EventType) { suppressedCounts[eventType, default: 0] += 1 }

  /// Lets a record through that must not be merged with others, within the lines its type has per second.
  package mutating func admit(_ record: EventRecord, at now: Int64) -> EventRecord? {
    guard takeLine(record.eventType, at: now) else {
      suppressedCounts[record.eventType, default: 0] += 1
      return nil
    }
    return record
  }

  /// Counts occurrences of one kind, and returns the lines that are due because of it: none, one or two.
  ///
  /// - Parameters:
  ///   - record: The latest occurrence. Its body holds only what the aggregate does not: `reason`, `count`, `first`
  ///     and `last` are written before the members of the body.
  ///   - reason: From a closed set, never from the wire.
  ///   - count: How many occurrences these are.
  ///   - first: When the first of them happened, if there are several.
  ///   - now: Nanoseconds since 1970.
  package mutating func submit(
    _ record: EventRecord, reason: String, count: UInt64 = 1, first: Int64? = nil, at now: Int64
  ) -> [EventRecord] {
    guard count > 0 else { return [] }
    let kind = Kind(eventType: record.eventType, reason: reason, link: record.link)
    var lines: [EventRecord] = []
    if let window = windows[kind], isOver(window, at: now) { close(kind, window, at: now, into: &lines) }
    if var window = windows[kind] {
      if window.count == 0 {
        window.sample = record
        window.first = first ?? record.time
      }
      window.count &+= count
      window.last = record.time
      windows[kind] = window
      return lines
    }
    guard windows.count < limits.kindCapacity else {
      suppressedCounts[record.eventType, default: 0] += count
      return lines
    }
    var window = Window(
      ordinal: nextOrdinal, start: now, sample: record, first: first ?? record.time, last: record.time)
    nextOrdinal += 1
    window.count = count
    if takeLine(record.eventType, at: now) {
      lines.append(line(for: kind, window))
      window.count = 0
    }
    windows[kind] = window
    return lines
  }

  /// The summaries that are due. Call it about once a second.
  package mutating func tick(at now: Int64) -> [EventRecord] {
    var lines: [EventRecord] = []
    for (kind, window) in inOrder() where isOver(window, at: now) { close(kind, window, at: now, into: &lines) }
    return lines
  }

  /// Everything still counted, at the end of a run. Its length is bounded by the capacity for kinds.
  package mutating func flush() -> [EventRecord] {
    defer { windows = [:] }
    return inOrder().filter { $0.1.count > 0 }.map { line(for: $0.0, $0.1) }
  }

  // MARK: Windows

  private func isOver(_ window: Window, at now: Int64) -> Bool {
    elapsed(from: window.start, to: now) >= Int64(limits.summaryIntervalSeconds) * 1_000_000_000
  }

  /// Ends a window: a summary if it counted anything, else the kind is forgotten and its next event is a first again.
  private mutating func close(_ kind: Kind, _ window: Window, at now: Int64, into lines: inout [EventRecord]) {
    guard window.count > 0 else {
      windows[kind] = nil
      return
    }
    guard takeLine(kind.eventType, at: now) else { return }
    lines.append(line(for: kind, window))
    var next = window
    next.start = now
    next.count = 0
    windows[kind] = next
  }

  private func inOrder() -> [(Kind, Window)] {
    windows.sorted { $0.value.ordinal < $1.value.ordinal }.map { ($0.key, $0.value) }
  }

  private func line(for kind: Kind, _ window: Window) -> EventRecord {
    var record = window.sample
    record.time = window.last
    record.body = Self.body(of: window.sample, reason: kind.reason, window: window)
    return record
  }

  private static func body(of sample: EventRecord, reason: String, window: Window) -> String {
    let head = EventRecord(sample.eventType, severity: sample.severity, time: 0) {
      $0.member("reason", reason)
      $0.member("count", window.count)
      $0.member("first", UTCTimestamp.rfc3339(window.first))
      $0.member("last", UTCTimestamp.rfc3339(window.last))
    }
    let members = sample.body.dropFirst().dropLast()
    return members.isEmpty ? head.body : "\(head.body.dropLast()),\(members)}"
  }

  // MARK: Lines a second

  private mutating func takeLine(_ eventType: EventType, at now: Int64) -> Bool {
    var budget = budgets[eventType] ?? Budget()
    if budget.second == .min || elapsed(from: budget.second, to: now) >= 1_000_000_000 {
      budget = Budget(second: now, lineCount: 0)
    }
    guard budget.lineCount < limits.linesPerSecond else { return false }
    budget.lineCount += 1
    budgets[eventType] = budget
    return true
  }

  /// A clock that was set back has run for as long as anyone cares to wait.
  private func elapsed(from start: Int64, to now: Int64) -> Int64 {
    let (difference, overflow) = now.subtractingReportingOverflow(start)
    return overflow || difference < 0 ? .max : difference
  }
}
