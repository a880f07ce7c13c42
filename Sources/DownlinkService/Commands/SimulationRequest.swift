import SpacecraftSimulator

/// What `simulate` is asked for.
package struct SimulationRequest: Sendable {
  /// Chances per frame, 0…1; absent, the scenario's own.
  package struct Chances: Sendable {
    package var drop: Double?
    package var duplicate: Double?
    package var reorder: Double?
    package var corrupt: Double?
    package var truncate: Double?
    package var foreign: Double?

    package init() {}

    fileprivate var all: [Double] { [drop, duplicate, reorder, corrupt, truncate, foreign].compactMap { $0 } }
  }

  package var scenario = "demo"
  package var seed: UInt64?
  /// Absent: 10,000 to a file, and no end over a network.
  package var frameCount: Int?
  package var speed = 1.0
  package var isClean = false
  package var chances = Chances()
  /// The port that a capture's datagrams go to.
  package var port: UInt16 = 10_017
  package var truthPath: String?
  package var linkConfigurationPath: String?
  /// Answer with the truth itself instead of a sentence.
  package var answersWithTruth = false
  package var destination: String

  package init(destination: String) { self.destination = destination }

  /// Sends everything. Returns a line about what was sent.
  package func run() throws(ServiceError) -> String {
    guard let target = SimulationDestination(destination, port: port) else {
      throw .usage(
        "'\(destination)' is no destination",
        hint: "FILE, FILE.pcap, udp:HOST:PORT, tcp:HOST:PORT or tcp-listen:HOST:PORT")
    }
    let plan = try makeScenario(target)
    if let linkConfigurationPath {
      let text = plan.configurationText(linkName: "simulated", input: target.input(port: port))
      try Self.write(text, to: linkConfigurationPath)
    }
    let truth = try SimulationRun(plan, to: target, speed: speed).run()
    if let truthPath { try Self.write(truth.json, to: truthPath) }
    guard !answersWithTruth else { return truth.json }
    // Where borders of datagrams are lost there are none.
    let units = target.isStream ? "units" : "datagrams"
    return "sent \(truth.datagrams.received) \(units) with \(truth.frames.delivered + truth.frames.idle) good frames"
  }

  private static let speeds = 0.001...1_000_000

  private func makeScenario(_ target: SimulationDestination) throws(ServiceError) -> Scenario {
    if let chance = chances.all.first(where: { !(0...1).contains($0) }) {
      throw .usage("\(chance) is no chance", hint: "write a number from 0, never, to 1, always")
    }
    guard Self.speeds.contains(speed) else {
      throw .usage("\(speed) is no speed", hint: "write a number from 0.001 to 1000000")
    }
    if let frameCount, frameCount < 0 {
      throw .usage("\(frameCount) is no number of frames", hint: "write --frames 1000")
    }
    let count = frameCount ?? (target.isLive ? nil : 10_000)
    guard var plan = ScenarioLibrary.scenario(named: scenario, seed: seed, frameCount: count) else {
      throw .usage(
        "there is no scenario '\(scenario)'", hint: "there are \(ScenarioLibrary.names.joined(separator: ", "))")
    }
    if isClean { plan.impairments = .none }
    if target.isStream || plan.link.coding != nil {
      // No border of a datagram would tell another length.
      plan.impairments.truncateProbability = 0
      plan.impairments.oversizeProbability = 0
      plan.impairments.emptyProbability = 0
    }
    plan.impairments.apply(chances)
    return plan
  }

  private static func write(_ text: String, to path: String) throws(ServiceError) {
    let file = try OutputFile(path: path)
    file.append(line: text.hasSuffix("\n") ? String(text.dropLast()) : text)
    try file.finish()
  }
}

extension Impairments {
  fileprivate mutating func apply(_ chances: SimulationRequest.Chances) {
    dropProbability = chances.drop ?? dropProbability
    duplicateProbability = chances.duplicate ?? duplicateProbability
    reorderProbability = chances.reorder ?? reorderProbability
    corruptProbability = chances.corrupt ?? corruptProbability
    truncateProbability = chances.truncate ?? truncateProbability
    foreignProbability = chances.foreign ?? foreignProbability
  }
}

extension SimulationDestination {
  /// Where the receiver finds it: over a connection it is the other end, and of a file a port of its own.
  fileprivate func input(port: UInt16) -> String {
    switch self {
    case .udp(_, let port), .capture(_, let port): "udp: \"127.0.0.1:\(port)\""
    case .tcp(_, let port): "tcp: { listen: \"127.0.0.1:\(port)\" }"
    case .tcpListen(_, let port): "tcp: \"127.0.0.1:\(port)\""
    case .file: "udp: \"127.0.0.1:\(port)\""
    }
  }
}
