import CCSDSLink
import Publish

/// Rejections by reason that no event has told of yet.
struct UntoldReasons<Reason: LedgerReason> {
  private static var second: Int64 { 1_000_000_000 }

  /// How often something happened, and when.
  struct Window {
    var count: UInt64 = 0
    var first: Int64 = 0
    var last: Int64 = 0
    fileprivate var toldAt: Int64?
  }

  let eventType: EventType
  private var windows = Array(repeating: Window(), count: Reason.allCases.count)

  init(_ eventType: EventType) { self.eventType = eventType }

  /// Counts one. Returns whether it is time to tell of its reason: once a second at most.
  mutating func note(_ reason: Reason, at now: Int64) -> Bool {
    let index = reason.rawValue
    if windows[index].count == 0 { windows[index].first = now }
    windows[index].count += 1
    windows[index].last = now
    return isDue(windows[index], at: now)
  }

  /// The reasons that are to be told of now; or all that are left.
  func due(at now: Int64, all: Bool) -> [Reason] {
    Reason.allCases.filter { all ? windows[$0.rawValue].count > 0 : isDue(windows[$0.rawValue], at: now) }
  }

  /// What is to be told of a reason. It is told from then on.
  mutating func take(_ reason: Reason, at now: Int64) -> Window {
    defer {
      windows[reason.rawValue].count = 0
      windows[reason.rawValue].toldAt = now
    }
    return windows[reason.rawValue]
  }

  /// Forgets when something was told: the clock was set back.
  mutating func goBack() {
    for index in windows.indices { windows[index].toldAt = nil }
  }

  private func isDue(_ window: Window, at now: Int64) -> Bool {
    window.count > 0 && (window.toldAt.map { now - $0 >= Self.second } ?? true)
  }
}

/// The lines that events of one kind may have in a second.
struct LineBudget {
  private static let second: Int64 = 1_000_000_000
  private static let linesPerSecond = 50

  private var start: Int64?
  private var count = 0

  /// Whether there is room for one more.
  mutating func take(at now: Int64) -> Bool {
    if start.map({ now - $0 >= Self.second }) ?? true { self = LineBudget(start: now) }
    count += 1
    return count <= Self.linesPerSecond
  }

  init() {}

  private init(start: Int64) { self.start = start }
}
