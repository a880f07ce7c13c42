import MissionDatabase
import Publish

/// Which changes of alarms are told at once, and what of the others is still to be told.
///
/// A second has fifty lines. Each level has some of its own and may use more of those for all the worse it is, and
/// stored data have the fewest, so that nothing that matters less takes the line of what matters more. Beyond a few,
/// only what is new of a parameter in this second has a line: its first change, and each to a level that is worse than
/// those told of it. Of what waits the last change of each parameter is kept, and told in the next second: however many
/// lines are left out, everybody knows in the end how each parameter stands.
struct AlarmNews {
  /// A change that is told, or waits for its line.
  struct Change {
    /// With the level that was told before.
    fileprivate(set) var alarm: AlarmEvent
    let packet: DecodedPacket
    let position: EventRecord.CapturePosition?
    /// How many changes before it are not told.
    fileprivate(set) var untoldCount = 0
    /// The lower the longer it waits.
    fileprivate var order = 0

    init(_ alarm: AlarmEvent, of packet: DecodedPacket, at position: EventRecord.CapturePosition?) {
      self.alarm = alarm
      self.packet = packet
      self.position = position
    }
  }

  private struct Key: Hashable {
    let mission: ObjectIdentifier
    let slot: UInt32
    let isStored: Bool
  }

  private struct Standing {
    /// The worst that was told of it in this second.
    var worst: AlarmLevel?
    var waiting: Change?
  }

  /// Of what was told in this second, or waits: two for each parameter at most.
  private var standings: [Key: Standing] = [:]
  private var waitingCount = 0
  private var nextOrder = 0
  private var start: Int64?
  /// The lines taken in this second: of each rank its own, and those for all.
  private var ownCounts = [Int](repeating: 0, count: rankCount)
  private var commonCount = 0

  /// Takes a change.
  ///
  /// - Returns: What is to be told now, and whether something that waited is not to be told any more.
  mutating func take(_ change: Change, at now: Int64) -> (told: Change?, dropsOne: Bool) {
    if isOver(at: now) { begin(at: now) }
    let key = Key(
      mission: ObjectIdentifier(change.packet.mission), slot: change.alarm.sample.slot,
      isStored: change.alarm.isStored)
    var standing = standings[key] ?? Standing()
    var change = change
    change.order = nextOrder
    nextOrder += 1
    let waiting = standing.waiting.take()
    if let waiting {
      waitingCount -= 1
      change.untoldCount = waiting.untoldCount + 1
      change.alarm.previousLevel = waiting.alarm.previousLevel
      change.order = waiting.order
    }
    let isNew = standing.worst.map { change.alarm.level > $0 } ?? true
    let hasLine = takeLine(rank: Self.rank(of: change), isNew: isNew)
    if hasLine {
      standing.worst = max(standing.worst ?? .normal, change.alarm.level)
    } else {
      standing.waiting = change
      waitingCount += 1
    }
    standings[key] = standing
    return (hasLine ? change : nil, waiting != nil)
  }

  /// Whether something waits that may be told now.
  func isDue(at now: Int64) -> Bool { waitingCount > 0 && isOver(at: now) }

  /// What waits and has a line in the second that begins now, the worst first; or all of it.
  mutating func takeDue(at now: Int64, all: Bool) -> [Change] {
    guard waitingCount > 0, all || isOver(at: now) else { return [] }
    begin(at: now)
    let waiting = standings.compactMap { key, standing in standing.waiting.map { (key, $0) } }
      .sorted { (-Self.rank(of: $0.1), $0.1.order) < (-Self.rank(of: $1.1), $1.1.order) }
    var due: [Change] = []
    for (key, change) in waiting where takeLine(rank: Self.rank(of: change), isNew: true) || all {
      standings[key] = Standing(worst: change.alarm.level)
      waitingCount -= 1
      due.append(change)
    }
    return due
  }

  /// The clock was set back: another second begins.
  mutating func goBack() { start = nil }

  private func isOver(at now: Int64) -> Bool { start.map { now - $0 >= Self.second } ?? true }

  private mutating func begin(at now: Int64) {
    start = now
    commonCount = 0
    for rank in ownCounts.indices { ownCounts[rank] = 0 }
    standings = standings.compactMapValues { standing in standing.waiting.map { Standing(waiting: $0) } }
  }

  // MARK: Lines

  private mutating func takeLine(rank: Int, isNew: Bool) -> Bool {
    if isNew, ownCounts[rank] < Self.ownLineCount {
      ownCounts[rank] += 1
      return true
    }
    guard commonCount < (isNew ? Self.leastCommonLineCount + 2 * rank : Self.leastCommonLineCount) else { return false }
    commonCount += 1
    return true
  }

  /// How much a change matters: stored data least, then the levels.
  private static func rank(of change: Change) -> Int {
    change.alarm.isStored ? 0 : change.alarm.level.rawValue + 1
  }

  private static let second: Int64 = 1_000_000_000
  private static let rankCount = AlarmLevel.allCases.count + 1
  /// Seven ranks have five lines each; the worst may use all fifteen of the others.
  private static let ownLineCount = 5
  private static let leastCommonLineCount = 3
}
