/// How a value stands with its limits, from one to the next.
///
/// So many violations one after the other raise an alarm, with the worst level that all of them have reached; from then
/// on its severity is that of each violation. So many good values one after the other clear it. Violations count by
/// what rule is in force, so that a change of context neither forgets them nor makes new ones.
struct AlarmState: BitwiseCopyable, Sendable {
  /// What is raised.
  private(set) var level = AlarmLevel.normal
  /// The violations of this alarm, or, before it is raised, those one after the other.
  private(set) var violationCount: UInt32 = 0
  /// Before it is raised: by level, the violations one after the other that are as bad, or worse.
  private var runs = SIMD8<UInt32>()
  /// The good values one after the other since.
  private(set) var conformanceCount: UInt32 = 0
  /// When the first of the violations was.
  private(set) var since: Int64?
  /// Whether one of the violations that raised it may be false.
  private(set) var isSuspect = false
  /// The value before, for its changes.
  private var previousValue = 0.0
  private var previousTime: Int64?
  private var hasPrevious = false
  /// Of the elements of an array in the packet under way: the worst so far, and where it is in the list of samples.
  var pendingLevel = AlarmLevel.normal
  var pendingIndex: Int32 = -1
  var choice = AlarmChoice()

  init() {}

  /// Takes a value that is so bad.
  ///
  /// - Returns: The level before, where it has changed.
  mutating func take(_ measured: AlarmLevel, _ rule: AlarmRuleBits, _ stamp: PacketStamp) -> AlarmLevel? {
    measured == .normal ? conform(rule) : violate(measured, rule, stamp)
  }

  private mutating func violate(_ measured: AlarmLevel, _ rule: AlarmRuleBits, _ stamp: PacketStamp) -> AlarmLevel? {
    conformanceCount = 0
    if violationCount == 0 {
      since = stamp.time
      isSuspect = false
    }
    if violationCount < .max { violationCount += 1 }
    let previous = level
    if previous == .normal {
      isSuspect = isSuspect || stamp.isSuspect
      lengthenRuns(to: measured)
      guard let proven = worstLevel(of: rule.minimumViolations) else { return nil }
      level = proven
    } else {
      guard measured != previous else { return nil }
      isSuspect = stamp.isSuspect
      level = measured
    }
    return previous
  }

  /// A violation counts for its own level and for those below it, and ends the runs of those above it.
  private mutating func lengthenRuns(to measured: AlarmLevel) {
    for place in AlarmLevel.watch.rawValue...AlarmLevel.severe.rawValue {
      let run = runs[place]
      runs[place] = place > measured.rawValue ? 0 : run == .max ? run : run + 1
    }
  }

  /// The worst level that so many violations one after the other have reached.
  private func worstLevel(of violationCount: UInt32) -> AlarmLevel? {
    var place = AlarmLevel.severe.rawValue
    while place > AlarmLevel.normal.rawValue, runs[place] < violationCount { place -= 1 }
    return place > AlarmLevel.normal.rawValue ? AlarmLevel(rawValue: place) : nil
  }

  private mutating func conform(_ rule: AlarmRuleBits) -> AlarmLevel? {
    guard level != .normal else {
      forgetViolations()
      return nil
    }
    conformanceCount += 1
    guard conformanceCount >= rule.minimumConformance else { return nil }
    let previous = level
    level = .normal
    conformanceCount = 0
    return previous
  }

  /// Forgets the violations of an alarm that is over, once it is told of.
  mutating func forgetViolations() {
    violationCount = 0
    runs = SIMD8()
  }

  // MARK: Changes

  /// How much a value has changed; nothing where it is not known.
  func change(to value: Double, at time: Int64?, isPerSecond: Bool, isPercentage: Bool) -> Double? {
    guard hasPrevious else { return nil }
    var change = value - previousValue
    if isPercentage, change != 0 { change = 100 * change / abs(previousValue) }
    if isPerSecond {
      guard let time, let previousTime, time > previousTime else { return nil }
      // Times are of packets: any two of them may come, and those of one spacecraft are no 292 years apart.
      let (elapsed, overflow) = time.subtractingReportingOverflow(previousTime)
      guard !overflow else { return nil }
      change /= Double(elapsed) / 1e9
    }
    return change.isNaN ? nil : change
  }

  mutating func remember(_ value: Double, at time: Int64?) {
    previousValue = value
    previousTime = time
    hasPrevious = true
  }
}
