package import CCSDSWire
import MissionDatabase
package import StationConfiguration

/// The mission databases of a station, by the links that name them.
package struct MissionLibrary: Sendable {
  private var missions: [String: LoadedMission] = [:]

  /// No mission databases.
  package init() {}

  /// Reads the databases of all links; links that name the same share one.
  ///
  /// - Parameters:
  ///   - earlier: Databases that are gone on with where nothing in their files has changed.
  ///   - leapSeconds: By which times on board are read.
  ///   - problems: What is wrong with them is added to it; errors among them leave links without.
  package init(
    _ configuration: StationConfiguration, reusing earlier: MissionLibrary = MissionLibrary(),
    leapSeconds: LeapSecondTable = .builtIn, _ problems: inout [ConfigurationProblem]
  ) {
    var loaded: [MissionConfiguration: LoadedMission?] = [:]
    for (index, link) in configuration.links.enumerated() {
      guard let mission = link.mission else { continue }
      if let known = loaded[mission] {
        missions[link.name] = known
        continue
      }
      let key = "links[\(index)].mission_database"
      do throws(DatabaseErrors) {
        let result = earlier.same(as: try LoadedMission(mission, leapSeconds: leapSeconds))
        loaded[mission] = .some(result)
        missions[link.name] = result
        // The link has its database: what is left out of it is no error of the station.
        problems += result.notices.map { ConfigurationProblem($0, severity: .warning, keyPath: key) }
      } catch {
        loaded[mission] = .some(nil)
        problems += Self.problems(error, of: link, key, configuration)
      }
    }
    if !loaded.values.contains(where: { $0 == nil }) { problems += unknownParameters(configuration) }
  }

  /// Names that the configuration lists for metrics and no mission database has: they would be missed where they are
  /// looked for last, on a dashboard.
  private func unknownParameters(_ configuration: StationConfiguration) -> [ConfigurationProblem] {
    let catalogs = configuration.links.compactMap { missions[$0.name]?.context.catalog }
    return configuration.metrics.parameters.compactMap { name in
      guard !catalogs.contains(where: { $0.slot(named: name) != nil }) else { return nil }
      let message =
        catalogs.isEmpty
        ? "no link has a mission database, so that there is no parameter '\(name)'"
        : "no mission database of a link has a parameter '\(name)' in its packets"
      let hint =
        catalogs.lazy.compactMap { $0.name(near: name) }.first.map { "is '\($0)' meant?" }
        ?? "`downlinkd mdb` lists the names of a mission database"
      let key = "metrics.parameters"
      guard let place = configuration.places[key] else {
        return ConfigurationProblem(.warning, message, file: "", keyPath: key, hint: hint)
      }
      return ConfigurationProblem(.warning, message, at: place, keyPath: key, hint: hint)
    }
  }

  /// The database of a link; absent where it names none.
  package subscript(link: String) -> LoadedMission? { missions[link] }

  /// The database that was there before, where it is the same.
  private func same(as mission: LoadedMission) -> LoadedMission {
    missions.values.first { $0.configuration == mission.configuration && $0.digest == mission.digest } ?? mission
  }

  /// First where the link names it, then all that is wrong in its files.
  private static func problems(
    _ errors: DatabaseErrors, of link: LinkConfiguration, _ key: String, _ configuration: StationConfiguration
  ) -> [ConfigurationProblem] {
    let count = errors.problems.count { $0.severity == .error } + errors.omittedCount
    // Whoever has room for one line only reads the first cause in it.
    let first = errors.problems.first { $0.severity == .error }
    let cause = first.map { ConfigurationProblem($0, keyPath: key).cause } ?? ""
    let message =
      "the mission database of link '\(link.name)' cannot be used: \(cause)"
      + (count > 1 ? " (the first of \(count) errors)" : "")
    let hint = Self.hint(link)
    let heading =
      configuration.places[key].map { ConfigurationProblem(.error, message, at: $0, keyPath: key, hint: hint) }
      ?? ConfigurationProblem(.error, message, file: link.mission?.files.first ?? "", keyPath: key, hint: hint)
    return [heading] + errors.problems.map { ConfigurationProblem($0, keyPath: key) }
  }

  /// To read a database leniently is advised where that helps.
  private static func hint(_ link: LinkConfiguration) -> String? {
    guard let mission = link.mission else { return nil }
    if mission.isLenient { return "what is supported of it is not enough to decode a packet with" }
    guard LoadedMission.isReadableLeniently(mission.files, root: mission.rootContainer) else { return nil }
    return "'lenient: true' below 'parameters' uses it as far as it is supported"
  }
}

extension ConfigurationProblem {
  /// Where it is, and what is wrong.
  fileprivate var cause: String { (line > 0 ? "\(file):\(line):\(column): " : "\(file): ") + message }

  /// What is wrong in a file of a mission database, as severe as it is there or as somebody finds it.
  fileprivate init(_ problem: DatabaseProblem, severity: Severity? = nil, keyPath: String) {
    let element = problem.element.isEmpty ? "" : "<\(problem.element)>: "
    self.init(
      severity ?? (problem.severity == .error ? .error : .warning), element + problem.message, file: problem.place.file,
      line: problem.place.line, column: problem.place.column, keyPath: keyPath, hint: problem.hint)
  }
}
