import CCSDSWire
import LinkHealth
import MissionDatabase

/// What an operator should know of the values of a link's packets.
extension ParameterSummary {
  /// Fewer packets prove nothing.
  private static let leastPacketCount = 10

  /// - Parameter earlier: What had been counted some time ago: only what came since then counts.
  func problems(of link: String, since earlier: ParameterCounts = ParameterCounts()) -> [Problem] {
    [misfit(of: link, since: earlier) ?? strangers(on: link, since: earlier), alarm(of: link)].compactMap(\.self)
  }

  /// Whether packets came of a spacecraft that the database is not for.
  func strangers(on link: String, since earlier: ParameterCounts = ParameterCounts()) -> Problem? {
    let count = counts.otherSpacecraft - earlier.otherSpacecraft
    guard count > 0, let spacecraft else { return nil }
    return Problem(
      .packetsNotDescribed, .warning, link: link,
      message: "\(count.grouped) packet\(count == 1 ? " is" : "s are") not of spacecraft \(spacecraft.rawValue), which "
        + "was heard first: there are no values of them",
      hint: "set frames.spacecraft_id to the one spacecraft that the mission database describes; another one on the "
        + "same signal takes a link and a database of its own")
  }

  /// Whether most packets are not as the database says.
  func misfit(of link: String, since earlier: ParameterCounts = ParameterCounts()) -> Problem? {
    let count = counts.packets - earlier.packets
    let misfits = [
      ("unidentified", counts.unidentified - earlier.unidentified),
      ("longer than described", counts.long - earlier.long),
      ("too short", counts.short - earlier.short),
      ("of an impossible size", counts.impossibleSize - earlier.impossibleSize),
      ("of too many values", counts.tooManyValues - earlier.tooManyValues),
    ].filter { $0.1 > 0 }
    guard count >= Self.leastPacketCount, 2 * (counts.misfits - earlier.misfits) >= count else { return nil }
    let reasons = misfits.sorted { $0.1 > $1.1 }.map { "\($0.1.grouped) \($0.0)" }.joined(separator: ", ")
    return Problem(
      .packetsNotDescribed, .warning, link: link,
      message: "of \(count.grouped) packets most are not as the mission database \(database) says: \(reasons)",
      hint: "is it the database of this spacecraft, and of its software? `downlinkd explain` shows a packet bit by bit")
  }

  private func alarm(of link: String) -> Problem? {
    guard let highest = alarms.first?.level, highest > .watch else { return nil }
    let count = alarms.filter { $0.level > .watch }.reduce(0) { $0 + $1.count }
    let names = worst.filter { $0.level > .watch }.map { "\($0.name) (\($0.level.name))" }.joined(separator: ", ")
    let isWhole = count <= worst.count
    return Problem(
      .parameterAlarm, highest >= .critical ? .critical : .warning, link: link,
      message:
        "\(count.grouped) parameter\(count == 1 ? " is" : "s are") beyond limits: \(names)\(isWhole ? "" : ", …")",
      hint: "`downlinkctl params --alarms` has the values and limits, `downlinkctl events --type parameter` since when")
  }
}

/// What had been counted of the packets of a link up to ten minutes ago.
struct ParameterHistory {
  private static let interval: Int64 = 300_000_000_000

  private var older = ParameterCounts()
  private var newer = (counts: ParameterCounts(), time: Int64.min)

  /// What had been counted five to ten minutes ago; nothing, before there is so much.
  var earlier: ParameterCounts { older }

  /// Takes the counts at a time of a clock that is never set, in nanoseconds.
  mutating func note(_ counts: ParameterCounts, at now: Int64) {
    // Another database counts from zero.
    if counts.packets < newer.counts.packets { self = ParameterHistory() }
    if newer.time == .min {
      newer.time = now
    } else if now - newer.time >= Self.interval {
      older = newer.counts
      newer = (counts, now)
    }
  }
}
