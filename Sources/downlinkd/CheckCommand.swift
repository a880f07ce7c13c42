import ArgumentParser
import DownlinkService
import Glibc

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Checks a configuration, and says everything that is wrong with it.",
    discussion: """
      With --against, the links run over a capture, or a file of CADUs, frames or packets, and what does not decode is
      tried with every sync marker, randomizer, Reed-Solomon code and length: the hint is what to write instead. Nothing
      of this host is tried then.

      Ends with 0 when all is well; with 78 when the configuration is wrong, or does not fit the capture: a link decodes
      nothing of it, or something critical is wrong.

      Examples:
        downlinkd check -c ./station.yaml
        downlinkd check --json --no-environment
        downlinkd check -c ./station.yaml --against pass-0412.pcap --link lunar
      """)

  @OptionGroup var options: ConfigurationOptions
  @Flag(inversion: .prefixedNo, help: "Also try the ports and directories of this host.")
  var environment = true
  @Option(help: "Also try whether the links decode this capture or file; - is standard input.")
  var against: String?
  @Option(help: "With --against: only this link.")
  var link: String?
  @Option(help: "With --against a capture: take the datagrams to this port. May be repeated.")
  var port: [UInt16] = []
  @Flag(help: "Write one JSON object.")
  var json = false

  func validate() throws {
    guard against == nil else { return }
    if link != nil { throw ValidationError("--link goes with --against") }
    if !port.isEmpty { throw ValidationError("--port goes with --against") }
  }

  func run() throws {
    if let against { throw ExitCode(try check(against)) }
    let report = CheckReport(path: options.path, triesEnvironment: environment)
    if json {
      Terminal.say(report.json)
    } else {
      Terminal.write(report.findings, to: STDERR_FILENO)
      if let summary = report.summary { Terminal.say(summary) }
    }
    throw ExitCode(report.exitCode)
  }

  /// Returns the code that the command ends with.
  private func check(_ capture: String) throws -> Int32 {
    let check = try reportingFailure { () throws(ServiceError) in
      try CaptureCheck(path: options.path, against: capture, link: link, ports: port)
    }
    if json {
      Terminal.say(check.json)
    } else {
      Terminal.write(check.problemText, to: STDERR_FILENO)
      for line in check.lines { Terminal.say(line) }
    }
    return check.exitCode
  }
}
