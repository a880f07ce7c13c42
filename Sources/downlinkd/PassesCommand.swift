import ArgumentParser
import DownlinkService
import Glibc

struct PassesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passes", abstract: "Lists the reports of a directory, or reports the passes of captures.",
    discussion: """
      A directory is one that 'replay --passes-to' has written, or 'passes' in the state directory of a daemon. \
      Captures and files are run through a link as 'replay' does, with what 'passes' in the configuration says.

      Examples:
        downlinkd passes /var/lib/downlinkd/passes
        downlinkd passes -c station.yaml --link lunar --gaps pass-0412.pcap
      """)

  @OptionGroup var options: ConfigurationOptions
  @Option(help: "The link to run captures through; needed when there are several.")
  var link: String?
  @Option(help: "What files hold: frames, cadus or packets (default: what the link says).")
  var format: String?
  @Option(help: "Of a capture: take the datagrams to this port. May be repeated.")
  var port: [UInt16] = []
  @Flag(help: "Write one JSON object a line.")
  var json = false
  @Flag(help: "Write what is missing, for a request to send it again: one JSON object a line.")
  var gaps = false
  @Argument(help: "A directory of reports, or captures and files of frames, CADUs or packets.")
  var paths: [String]

  func run() throws {
    if paths.count == 1, Self.isDirectory(paths[0]) {
      let listing = try reportingFailure { () throws(ServiceError) in try PassListing(directory: paths[0]) }
      for line in json ? listing.jsonLines : listing.lines { Terminal.say(line) }
      return
    }
    let outcome = try reportingFailure { () throws(ServiceError) in
      let file = try StationFile(path: options.path, isForReplay: true)
      var replayOptions = Replay.Options(files: paths)
      replayOptions.ports = port
      replayOptions.findsPasses = true
      return try Replay(file, link: link, format: format, options: replayOptions) { _, _, _ in }.run()
    }
    for line in gaps ? outcome.passGapLines : json ? outcome.passJSONLines : outcome.passLines { Terminal.say(line) }
    if let failure = outcome.failure { try reportingFailure { () throws(ServiceError) in throw failure } }
  }

  private static func isDirectory(_ path: String) -> Bool {
    var information = stat()
    return unsafe stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }
}
