import ArgumentParser
import Dispatch
import DownlinkService
import Glibc

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract:
      "Simulated spacecraft over real UDP into a daemon: the live page and ledger, logs and status socket to look at.",
    discussion: """
      Examples:
        downlinkd demo
        downlinkd demo --seconds 20 --seed 7
      """)

  @Option(help: "Stop after so many seconds (default: when interrupted).")
  var seconds: Double?
  @Option(help: "Decides everything that is left to chance.")
  var seed: UInt64?
  @Option(help: "Where logs and status socket go.")
  var directory = "/tmp/downlinkd-demo-\(getuid())"
  @Option(help: "The port of the live page on this machine.")
  var webPort: UInt16 = 9610

  @Flag(help: "Show nothing meanwhile, and the report as one JSON object at the end.")
  var json = false

  func run() throws {
    var options = Demonstration.Options(directory: directory)
    options.seconds = seconds
    options.seed = seed
    options.web = (WebFront.self, webPort)
    let stop = StopFlag()
    let signals = DemoSignals(stop)
    defer { signals.end() }
    try reportingFailure { () throws(ServiceError) in
      let demonstration = try Demonstration(options)
      guard !json else {
        if let last = try demonstration.run(stop: stop, show: { _ in }) { Terminal.say(last.json) }
        return
      }
      let screen = DemoScreen(demonstration.places)
      let last = try demonstration.run(stop: stop) { screen.show($0) }
      if let last { screen.conclude(last) }
    }
  }
}

/// Interrupting the demonstration ends it in order.
final class DemoSignals {
  private var sources: [any DispatchSourceSignal] = []

  init(_ stop: StopFlag) {
    for number in [SIGINT, SIGTERM] {
      _ = signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: DispatchQueue.global())
      source.setEventHandler { @Sendable in stop.set() }
      source.activate()
      sources.append(source)
    }
  }

  func end() {
    for source in sources { source.cancel() }
  }
}
