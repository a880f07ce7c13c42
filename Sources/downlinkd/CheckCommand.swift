import ArgumentParser
import DownlinkService
import Glibc
import LinkHealth
import StationConfiguration

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Checks a configuration, and says everything that is wrong with it.",
    discussion: """
      Examples:
        downlinkd check -c ./station.yaml
        downlinkd check --json --no-environment
      """)

  @OptionGroup var options: ConfigurationOptions
  @Flag(name: [.customShort("t")], help: .hidden)
  var test = false
  @Flag(inversion: .prefixedNo, help: "Also try the ports and directories of this host.")
  var environment = true
  @Flag(help: "Write one JSON object.")
  var json = false

  func run() throws {
    var problems: [ConfigurationProblem] = []
    var configuration: StationConfiguration?
    do throws(ConfigurationErrors) {
      let loaded = try StationConfiguration.load(path: options.path)
      problems = loaded.warnings
      configuration = loaded
    } catch {
      problems = error.problems
    }
    if environment, let configuration { problems += EnvironmentCheck.problems(configuration, path: options.path) }
    let isValid = !problems.contains { $0.severity == .error }
    if json {
      Terminal.say(Self.document(problems, isValid: isValid, path: options.path))
    } else {
      for problem in problems { Terminal.write(problem.rendered, to: STDERR_FILENO) }
      if isValid, let configuration {
        let links = "\(configuration.links.count) link" + (configuration.links.count == 1 ? "" : "s")
        Terminal.say("\(options.path): ok, station \(configuration.station), \(links)")
      }
    }
    throw ExitCode(isValid ? 0 : 78)
  }

  private static func document(_ problems: [ConfigurationProblem], isValid: Bool, path: String) -> String {
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
