import ArgumentParser
import DownlinkService

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Dissects frames and packets, field by field, with their offsets.",
    discussion: """
      Examples:
        downlinkd inspect -c station.yaml --frames 3 pass-0412.pcap
        downlinkd inspect -c station.yaml --hex frames.bin
      """)

  @OptionGroup var options: ConfigurationOptions
}
