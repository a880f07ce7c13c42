import ArgumentParser
import DownlinkService
import Glibc

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Checks a configuration, and says everything that is wrong with it.",
    discussion: """
      Examples:
        downlinkd check -c ./station.yaml
        downlinkd check --json --no-environment
      """)

  @OptionGroup var options: ConfigurationOptions
  @Flag(inversion: .prefixedNo, help: "Also try the ports and directories of this host.")
  var environment = true
  @Flag(help: "Write one JSON object.")
  var json = false

  func run() throws {
    let report = CheckReport(path: options.path, triesEnvironment: environment)
    if json {
      Terminal.say(report.json)
    } else {
      Terminal.write(report.findings, to: STDERR_FILENO)
      if let summary = report.summary { Terminal.say(summary) }
    }
    throw ExitCode(report.exitCode)
  }
}
