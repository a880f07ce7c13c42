import CCSDSLink
import Dispatch
import Glibc
import LinkHealth
package import SpacecraftSimulator
import StationConfiguration
import Synchronization

/// The whole house in one process: simulated spacecraft send over real UDP to a daemon with logs and a status socket.
package struct Demonstration {
  /// How long and where.
  package struct Options: Sendable {
    /// Absent: until it is stopped.
    package var seconds: Double?
    /// Where logs and socket go.
    package var directory: String
    package var seed: UInt64?
    /// The web server, and its port on this machine; absent, there is none.
    package var web: (server: any WebService.Type, port: UInt16)?

    package init(directory: String) { self.directory = directory }
  }

  /// What an operator can look at meanwhile.
  package struct Places: Sendable {
    package let listen: String
    package let socket: String
    package let logs: String
    /// What to open in a browser, once it runs.
    package let page: String?
  }

  /// One look at the demonstration while it runs, or after.
  package struct View: Sendable {
    package let status: LinkStatus
    package let elapsedSeconds: Double
    /// What the spacecraft sent, once they have stopped.
    package let truth: SimulationTruth?
  }

  private let options: Options
  private let daemon: Daemon
  private let scenario: Scenario
  package let places: Places

  /// Makes the directory, the daemon and the spacecraft; starts nothing yet.
  package init(_ options: Options) throws(ServiceError) {
    try Outlets.makeDirectory(options.directory)
    var scenario = Scenario.demonstration
    if let seed = options.seed { scenario.link.seed = seed }
    var configuration = try Self.configuration(scenario)
    configuration.logs.directory = options.directory + "/log"
    configuration.status.socketPath = options.directory + "/status.sock"
    if let port = options.web?.port, let address = IPAddress("127.0.0.1") {
      configuration.web = WebConfiguration(address: address, port: port)
    }
    var running = Daemon.Options(configurationPath: options.directory + "/downlinkd.yaml")
    running.web = options.web?.server
    let missions = try Self.addDatabase(to: &configuration, in: options.directory)
    daemon = try Daemon(configuration, running, missions: missions)
    self.options = options
    self.scenario = scenario
    places = Places(
      listen: "127.0.0.1:\(daemon.localPorts.first ?? 0)", socket: configuration.status.socketPath,
      logs: configuration.logs.directory, page: options.web.map { "http://127.0.0.1:\($0.port)/" })
  }

  /// Runs until the time is up or `stop` is set, and gives a view every second to `show`.
  ///
  /// - Returns: The last view, with the truth of what was sent.
  package func run(stop: StopFlag, show: (View) -> Void) throws(ServiceError) -> View? {
    try daemon.start(catchingSignals: false)
    let sending = try SimulationRun(scenario, to: .udp(host: "127.0.0.1", port: daemon.localPorts.first ?? 0))
    let finished = DispatchSemaphore(value: 0)
    let truth = Mutex<SimulationTruth?>(nil)
    let spacecraft = SpacecraftThread(sending, stop: stop) { result in
      truth.withLock { $0 = result }
      finished.signal()
    }
    spacecraft.start()
    let pace = SendingPace()
    while !stop.isSet {
      usleep(200_000)
      if let status = daemon.board.links.first {
        show(View(status: status, elapsedSeconds: pace.elapsedSeconds, truth: nil))
      }
      if let seconds = options.seconds, pace.elapsedSeconds >= seconds { stop.set() }
    }
    finished.wait()
    daemon.stop()
    _ = daemon.waitUntilEnded()
    guard let status = daemon.board.links.first else { return nil }
    return View(status: status, elapsedSeconds: pace.elapsedSeconds, truth: truth.withLock { $0 })
  }

  private static func configuration(_ scenario: Scenario) throws(ServiceError) -> StationConfiguration {
    // Port 0 is not for operators: the kernel chooses one that is free.
    let text = scenario.configurationText(linkName: "demo", input: "udp: \"127.0.0.1:1\"")
    do throws(ConfigurationErrors) {
      var configuration = try StationConfiguration.parse(text: text, fileName: "demo")
      if case .udp(var udp) = configuration.links[0].input {
        udp.port = 0
        configuration.links[0].input = .udp(udp)
      }
      return configuration
    } catch {
      throw .configuration(error)
    }
  }
}

/// A thread of its own for the spacecraft: they do not wait for the ground.
private final class SpacecraftThread: Sendable {
  private let work: @Sendable () -> Void

  init(_ run: SimulationRun, stop: StopFlag, finished: @escaping @Sendable (SimulationTruth?) -> Void) {
    work = { finished(try? run.run { stop.isSet }) }
  }

  func start() { DispatchQueue(label: "downlinkd.spacecraft", qos: .userInitiated).async(execute: work) }
}
