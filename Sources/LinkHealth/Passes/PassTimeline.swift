import CCSDSWire

/// What came in one stretch of time.
package struct PassInterval: Sendable, Equatable {
  package var start: Int64 = 0
  package var frames = 0
  /// Fewer than none where frames came that were missing before.
  package var missing = 0
  package var correctedSymbols = 0
  /// Frames and codeblocks of which nothing came.
  package var undecodable = 0

  package init() {}

  static func += (sum: inout PassInterval, interval: PassInterval) {
    sum.frames += interval.frames
    sum.missing += interval.missing
    sum.correctedSymbols += interval.correctedSymbols
    sum.undecodable += interval.undecodable
  }

  static func - (now: PassInterval, earlier: PassInterval) -> PassInterval {
    var difference = now
    difference.frames -= earlier.frames
    difference.missing -= earlier.missing
    difference.correctedSymbols -= earlier.correctedSymbols
    difference.undecodable -= earlier.undecodable
    return difference
  }

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.item(&start)
    archive.count(&frames)
    archive.balance(&missing)
    archive.count(&correctedSymbols)
    archive.count(&undecodable)
  }
}

/// What came when: in intervals of equal length, those without anything left out.
///
/// When there is no room for more, intervals become twice as long.
package struct PassTimeline: Sendable, Equatable {
  package private(set) var intervals: [PassInterval] = []
  package private(set) var intervalNanoseconds: Int64
  private let capacity: Int
  private static let longestNanoseconds: Int64 = 1 << 58
  /// What had been counted when the newest interval began.
  private var base = PassInterval()
  /// When the newest interval ends.
  private var end = Int64.min

  init(intervalSeconds: Int64, capacity: Int) {
    intervalNanoseconds = intervalSeconds * 1_000_000_000
    self.capacity = capacity
    intervals.reserveCapacity(capacity)
  }

  /// Whether a time belongs to another interval than the newest.
  func isOver(at time: Int64) -> Bool { time >= end }

  /// Begins the interval that a time belongs to, after so much was counted in all.
  mutating func advance(to time: Int64, after counted: PassInterval) {
    settle(counted)
    if intervals.count == capacity { merge() }
    var interval = PassInterval()
    interval.start = floor(time)
    end = interval.start.addingReportingOverflow(intervalNanoseconds).partialValue
    if intervals.last?.start != interval.start { intervals.append(interval) }
  }

  /// Brings the newest interval up to what is counted by now.
  mutating func settle(_ counted: PassInterval) {
    if !intervals.isEmpty { intervals[intervals.count - 1] += counted - base }
    base = counted
  }

  private mutating func merge() {
    intervalNanoseconds = min(2 * intervalNanoseconds, Self.longestNanoseconds)
    var kept = 0
    for index in intervals.indices {
      var interval = intervals[index]
      interval.start = floor(interval.start)
      if kept > 0, intervals[kept - 1].start == interval.start {
        intervals[kept - 1] += interval
      } else {
        intervals[kept] = interval
        kept += 1
      }
    }
    intervals.removeLast(intervals.count - kept)
    // Where they lie too far apart to become fewer, the oldest go.
    if kept == capacity { intervals.removeFirst() }
  }

  private func floor(_ time: Int64) -> Int64 {
    let remainder = time % intervalNanoseconds
    return time &- (remainder < 0 ? remainder + intervalNanoseconds : remainder)
  }
}

extension PassTimeline {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.array(&intervals, atMost: capacity, blank: PassInterval()) { $0.archive(&$1) }
    archive.item(&intervalNanoseconds)
    archive.item(&end)
    base.archive(&archive)
    archive.require(intervalNanoseconds >= 1_000_000_000 && intervalNanoseconds <= Self.longestNanoseconds)
  }
}
