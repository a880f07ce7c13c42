import Dispatch
import LinkHealth
import MissionDatabase
package import Publish
import Synchronization

/// The last values of the parameters of all links, for everybody who asks. Nobody who asks ever reaches a link's queue.
///
/// Links tell once a second what has changed, and wait for nobody: it is taken over on a queue of its own.
package final class ParameterBoard: Sendable {
  /// The values of one link.
  struct LinkValues {
    let source: ParameterSource
    let mission: LoadedMission
    var live: LastValues
    var stored: LastValues?
    /// What was found of the list that metrics were asked for last.
    var listedParameters: ListedParameters?

    init(_ mission: LoadedMission, from source: ParameterSource) {
      self.source = source
      self.mission = mission
      live = LastValues(slotCount: mission.decodePlan.slots.count)
    }

    mutating func apply(_ news: ParameterNews) {
      live.apply(news.live)
      guard let changes = news.stored else { return }
      var values = stored.take() ?? LastValues(slotCount: mission.decodePlan.slots.count)
      values.apply(changes)
      stored = values
    }
  }

  private let links = Mutex<[String: LinkValues]>([:])
  private let queue = DispatchQueue(label: "downlinkd.parameters")

  package init() {}

  /// Takes what has changed of a link that has a place. Never waits.
  ///
  /// - Parameter completion: Called when it is taken over, on the board's queue.
  func submit(
    _ news: ParameterNews, of link: String, from source: ParameterSource,
    _ completion: @escaping @Sendable (ParameterRows) -> Void = { _ in }
  ) {
    queue.async { [self] in
      let rows = ParameterRows(link: link, news: news)
      let isInForce = links.withLock { links in
        // What is of a database that is not in force any more, or of a link that another is in the place of, came too
        // late.
        guard links[link]?.mission === news.mission, links[link]?.source === source else { return false }
        links[link]?.apply(news)
        return true
      }
      if isInForce { completion(rows) }
    }
  }

  /// Has places for the parameters of these links. What was known of those that go on, and with their database, stays.
  func show(_ missions: [(link: String, source: ParameterSource, mission: LoadedMission)]) {
    queue.async { [self] in
      links.withLock { links in
        let before = links
        links = [:]
        for (link, source, mission) in missions {
          let known = before[link].flatMap { $0.mission === mission && $0.source === source ? $0 : nil }
          links[link] = known ?? LinkValues(mission, from: source)
        }
      }
    }
  }

  /// Lends the values of all links, by their names.
  func withLinks<Result: Sendable>(_ body: (inout [String: LinkValues]) -> Result) -> Result {
    links.withLock { body(&$0) }
  }

  /// Answers the question `parameters`.
  package func answer(_ arguments: StatusArguments) -> Result<String, StatusError> {
    do throws(StatusError) {
      let pattern = try Self.pattern(arguments)
      let link = try arguments.string("link")
      let isStored = try Self.isStored(arguments)
      let least = try Self.leastLevel(arguments)
      return try links.withLock { links throws(StatusError) in
        if let link, links[link] == nil {
          throw StatusError(
            .notFound, "link '\(link)' has no parameters", hint: "those that have: \(Self.list(links.keys.sorted()))")
        }
        let chosen = links.filter { link == nil || $0.key == link }.sorted { $0.key < $1.key }
        var rows: [(link: Int, slot: Int)] = []
        var fittingCount = 0
        for (index, (_, values)) in chosen.enumerated() {
          let slots = values.mission.context.catalog.slots(matching: pattern)
          fittingCount += slots.count
          guard (isStored ? values.stored : values.live) != nil else { continue }
          rows += slots.map { (index, $0) }
        }
        return StatusPage.object(
          "parameters", elementCount: rows.count, arguments: arguments,
          leading: {
            $0.member("as_of", UTCTimestamp.rfc3339(HostClock.wall()))
            // Whether there is no database, none of that name in it, or nothing that has come.
            $0.member("described", chosen.reduce(0) { $0 + $1.value.mission.context.catalog.names.count })
            $0.member("fitting", fittingCount)
          }
        ) { row in
          let ((name, values), slot) = (chosen[rows[row].link], rows[row].slot)
          guard let entry = (isStored ? values.stored : values.live)?.entries[slot] else { return nil }
          // Whoever names something hears of it even if it has never come.
          guard arguments.has("glob") || entry.count > 0, entry.level >= least else { return nil }
          return Self.row(of: name, slot, values, isStored)
        }
      }
    } catch {
      return .failure(error)
    }
  }

  private static func row(of link: String, _ slot: Int, _ values: LinkValues, _ isStored: Bool) -> String {
    guard let table = isStored ? values.stored : values.live else { return "{}" }
    return ParameterRow(
      link: link, slot: slot, entry: table.entries[slot], octets: table.octets(of: slot),
      mission: values.mission, isStored: isStored
    ).json
  }

  private static func pattern(_ arguments: StatusArguments) throws(StatusError) -> NamePattern {
    guard let pattern = NamePattern(try arguments.string("glob") ?? "*") else {
      throw StatusError(.badArgument, "'glob' must have at most \(NamePattern.maximumByteCount) bytes")
    }
    return pattern
  }

  private static func isStored(_ arguments: StatusArguments) throws(StatusError) -> Bool {
    switch try arguments.string("data") {
    case nil, "live": return false
    case "stored": return true
    default: throw StatusError(.badArgument, "'data' must be 'live' or 'stored'")
    }
  }

  private static func leastLevel(_ arguments: StatusArguments) throws(StatusError) -> AlarmLevel {
    guard let name = try arguments.string("limit_level") else { return .normal }
    if let level = AlarmLevel.allCases.first(where: { $0.name == name }) { return level }
    throw StatusError(
      .badArgument, "'limit_level' must be \(AlarmLevel.allCases.map(\.name).joined(separator: ", "))")
  }

  private static func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }
}

/// Tells the values of one link from those of another that comes in its place, under its name: that one begins anew.
final class ParameterSource: Sendable {}
