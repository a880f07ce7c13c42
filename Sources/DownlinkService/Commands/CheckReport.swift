import LinkHealth
import StationConfiguration

/// What `check` finds: everything that is wrong with a configuration, at once.
package struct CheckReport {
  private let path: String
  private let configuration: StationConfiguration?
  private let problems: [ConfigurationProblem]
  private let triesEnvironment: Bool
  private let missions: [MissionSummary]

  /// Reads the file; with `triesEnvironment`, also tries the ports and directories of this host.
  package init(path: String, triesEnvironment: Bool) {
    self.path = path
    self.triesEnvironment = triesEnvironment
    do throws(ConfigurationErrors) {
      let station = try LoadedStation(path: path)
      let loaded = station.configuration
      configuration = loaded
      missions = loaded.links.compactMap { link in
        station.missions[link.name].map { MissionSummary($0, of: link.name) }
      }
      problems =
        loaded.warnings
        + (triesEnvironment
          ? EnvironmentCheck.problems(loaded, path: path) + LeapSeconds().warnings(at: HostClock.wall(), of: loaded)
          : [])
    } catch {
      configuration = nil
      missions = []
      problems = error.problems
    }
  }

  package var isValid: Bool { configuration != nil && !problems.contains { $0.severity == .error } }

  /// The code that the command exits with.
  package var exitCode: Int32 { isValid ? 0 : 78 }

  /// The findings for a person, each with its place, its line and its hint.
  package var findings: String { problems.map(\.rendered).joined() }

  /// That all is well, and below it what the mission databases of its links hold; absent when it is not.
  package var summary: String? {
    guard isValid, let configuration else { return nil }
    let count = configuration.links.count
    let first = "\(path): ok, station \(configuration.station), \(count) link\(count == 1 ? "" : "s")" + notTried
    return ([first] + missions.map(\.text)).joined(separator: "\n")
  }

  /// The connections that are left to the daemon: a modem may serve one client only.
  private var notTried: String {
    guard triesEnvironment, let configuration else { return "" }
    return configuration.links.map { link in
      guard case .tcp(let tcp) = link.input, tcp.role == .connect else { return "" }
      return "; '\(link.name)': connecting to \(tcp.endpoint) was not tried"
    }.joined()
  }

  /// The findings for a tool: one object.
  package var json: String {
    var writer = JSONWriter()
    writer.object { root in
      root.member("class", "CHECK")
      root.member("path", path)
      root.member("ok", isValid)
      root.array("problems") { array in
        for problem in problems {
          array.object {
            $0.member("severity", problem.severity.rawValue)
            $0.member("file", problem.file)
            $0.member("line", problem.line)
            $0.member("column", problem.column)
            $0.member("key", problem.keyPath)
            $0.member("message", problem.message)
            if let hint = problem.hint { $0.member("hint", hint) }
          }
        }
      }
      root.array("mission_databases") { array in
        for mission in missions { array.object { mission.write(to: &$0) } }
      }
    }
    return writer.text
  }
}
