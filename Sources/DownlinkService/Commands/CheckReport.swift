import LinkHealth
import StationConfiguration

/// What `check` finds: everything that is wrong with a configuration, at once.
package struct CheckReport {
  private let path: String
  private let configuration: StationConfiguration?
  private let problems: [ConfigurationProblem]
  private let triesEnvironment: Bool

  /// Reads the file; with `triesEnvironment`, also tries the ports and directories of this host.
  package init(path: String, triesEnvironment: Bool) {
    self.path = path
    self.triesEnvironment = triesEnvironment
    do throws(ConfigurationErrors) {
      let loaded = try LoadedStation(path: path).configuration
      configuration = loaded
      problems =
        loaded.warnings
        + (triesEnvironment
          ? EnvironmentCheck.problems(loaded, path: path) + LeapSeconds().warnings(at: HostClock.wall(), of: loaded)
          : [])
    } catch {
      configuration = nil
      problems = error.problems
    }
  }

  package var isValid: Bool { configuration != nil && !problems.contains { $0.severity == .error } }

  /// The code that the command exits with.
  package var exitCode: Int32 { isValid ? 0 : 78 }

  /// The findings for a person, each with its place, its line and its hint.
  package var findings: String { problems.map(\.rendered).joined() }

  /// One line that says that all is well; absent when it is not.
  package var summary: String? {
    guard isValid, let configuration else { return nil }
    let count = configuration.links.count
    return "\(path): ok, station \(configuration.station), \(count) link\(count == 1 ? "" : "s")" + notTried
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
    }
    return writer.text
  }
}
