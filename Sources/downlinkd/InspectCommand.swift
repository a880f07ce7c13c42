import ArgumentParser
import DownlinkService

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Dissects frames and packets, field by field, with their offsets.",
    discussion: """
      Examples:
        downlinkd inspect -c station.yaml --frames 3 pass-0412.pcap
        downlinkd inspect -c station.yaml --link lunar --hex frames.bin
      """)

  @OptionGroup var options: ConfigurationOptions
  @Option(help: "The link whose frames these are; needed when there are several.")
  var link: String?
  @Option(help: "What the file holds: frames, cadus or packets (default: what the link says).")
  var format: String?
  @Option(help: "Stop after so many frames or packets.")
  var frames: Int?
  @Option(help: "Of a capture: take the datagrams to this port. May be repeated.")
  var port: [UInt16] = []
  @Flag(help: "Show the bytes too.")
  var hex = false
  @Flag(help: "Write one JSON object a line.")
  var json = false
  @Argument(help: "A capture, or a file of frames, CADUs or packets; - is standard input.")
  var file: String

  func run() throws {
    var inspection = Inspector.Options()
    inspection.unitLimit = frames
    inspection.showsBytes = hex
    inspection.ports = port
    inspection.asJSON = json
    try reportingFailure { () throws(ServiceError) in
      let station = try StationFile(path: options.path, isForReplay: true)
      try Inspector(station, link: link, format: format, options: inspection)
        .inspect(path: file) { Terminal.say($0) }
    }
  }
}
