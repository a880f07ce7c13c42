import ArgumentParser
import DownlinkService
import Glibc

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Runs a link over captures and files instead of its input, and reports what it found.",
    discussion: """
      pcap and pcapng are recognized by content; anything else is what the link or --format says.

      Examples:
        downlinkd replay -c station.yaml pass-0412.pcap
        downlinkd replay -c station.yaml --link lunar --json --packets-to packets - < frames.bin
      """)

  @OptionGroup var options: ConfigurationOptions
  @Option(help: "The link to run; needed when there are several.")
  var link: String?
  @Option(help: "What the files hold: frames, cadus or packets (default: what the link says).")
  var format: String?
  @Option(help: "Of a capture: take the datagrams to this port. May be repeated.")
  var port: [UInt16] = []
  @Option(help: "max, realtime, or how many times faster than the capture's clock.")
  var speed = "max"
  @Flag(help: "Send every unit to ourselves over UDP on the loopback.")
  var overUdp = false
  @Option(help: "Write the packets of each channel, and where each comes from, to files in this directory.")
  var packetsTo: String?
  @Option(help: "Write the accepted frames to this file.")
  var framesTo: String?
  @Option(help: "Write the codeblocks beyond correction to this file, derandomized, with their parity.")
  var uncorrectableTo: String?
  @Option(help: "Write the event log to this file.")
  var eventsTo: String?
  @Option(help: "Write the values of the packets to this file, a line of JSON for each packet.")
  var parametersTo: String?
  @Option(help: "Write a report of each pass to files in this directory.")
  var passesTo: String?
  @Flag(help: "Write the report as one JSON object.")
  var json = false
  @Flag(help: "End with exit code 70 when the ledger does not balance.")
  var strict = false
  @Flag(inversion: .prefixedNo, help: "Show how far it is, on a terminal.")
  var progress = true
  @Argument(help: "Captures, or files of frames, CADUs or packets; - is standard input.")
  var files: [String]

  func run() throws {
    let bar = progress && Terminal.isErrorATerminal ? ProgressBar() : nil
    defer { bar?.clear() }
    let outcome = try reportingFailure { () throws(ServiceError) in
      let file = try StationFile(path: options.path, isForReplay: true)
      let replay = try Replay(file, link: link, format: format, options: try replayOptions()) {
        bar?.show($0, of: $1, frames: $2)
      }
      return try replay.run()
    }
    bar?.clear()
    if outcome.failure != nil, outcome.report.inputs.isEmpty {
      // Nothing could be opened: there is nothing to report.
    } else if json {
      Terminal.say(outcome.report.json)
    } else if !outcome.report.inputs.isEmpty {
      for line in outcome.lines { Terminal.say(line) }
    }
    if let failure = outcome.failure ?? outcome.damage {
      try reportingFailure { () throws(ServiceError) in throw failure }
    }
    if strict, !outcome.report.isBalanced { throw ExitCode(70) }
  }

  private func replayOptions() throws(ServiceError) -> Replay.Options {
    guard let speed = ReplaySpeed(speed) else {
      throw .usage("'\(speed)' is no speed", hint: "--speed max, realtime, or a positive number")
    }
    var replayOptions = Replay.Options(files: files)
    replayOptions.ports = port
    replayOptions.speed = speed
    replayOptions.goesOverLoopback = overUdp
    replayOptions.packetsTo = packetsTo
    replayOptions.framesTo = framesTo
    replayOptions.uncorrectableTo = uncorrectableTo
    replayOptions.eventsTo = eventsTo
    replayOptions.parametersTo = parametersTo
    replayOptions.passesTo = passesTo
    return replayOptions
  }
}

/// How far a replay is, in one line that is written over and over.
final class ProgressBar {
  private static let width = 30
  private var isShown = false

  func show(_ done: Int, of total: Int?, frames: Int) {
    var line = "\r"
    if let total, total > 0 {
      let filled = min(Self.width, done * Self.width / total)
      line += "[" + String(repeating: "=", count: filled) + String(repeating: " ", count: Self.width - filled) + "] "
      line += "\(min(100, done * 100 / total)) %  "
    }
    line += "\(done / 1_000_000) MB  \(frames) frames\u{1B}[K"
    isShown = true
    Terminal.write(line, to: STDERR_FILENO)
  }

  func clear() {
    guard isShown else { return }
    isShown = false
    Terminal.write("\r\u{1B}[K", to: STDERR_FILENO)
  }
}
