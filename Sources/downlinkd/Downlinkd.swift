import ArgumentParser
import DownlinkService

@main
struct Downlinkd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "downlinkd",
    abstract: "Receives CCSDS telemetry frames, extracts their packets, and accounts for every loss.",
    discussion: """
      Examples:
        downlinkd demo --seconds 20
        downlinkd replay -c station.yaml pass-0412.pcap
      """,
    version: DaemonVersion.number,
    subcommands: [
      RunCommand.self, CheckCommand.self, ReplayCommand.self, PassesCommand.self, InspectCommand.self,
      ExplainCommand.self,
      DatabaseCommand.self,
      SimulateCommand.self, DemoCommand.self,
    ])
}
