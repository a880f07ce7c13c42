import CCSDSLink
import DownlinkService
import Ingest
import SpacecraftSimulator
import StationConfiguration
import TestSupport
import Testing

/// What a simulated link gave: datagrams and their times, to be written to files of any kind.
struct Recording {
  static let port: UInt16 = 10_017

  let link: LinkConfiguration
  let datagrams: [SimulatedDatagram]
  let truth: SimulationTruth

  init(_ scenario: Scenario) throws {
    var simulation = try Simulation(scenario)
    var datagrams: [SimulatedDatagram] = []
    while let datagram = simulation.next() { datagrams.append(datagram) }
    self.datagrams = datagrams
    truth = simulation.truth
    link = LinkConfiguration(name: "simulated", parameters: .frames(scenario.physicalChannel))
  }

  /// A quarter of a second in which a little of everything goes wrong.
  static func lively() throws -> Recording {
    var scenario = Scenario.demo
    scenario.link.frameRate = 2000
    scenario.link.frameCount = 500
    scenario.impairments.dropProbability = 0.02
    scenario.impairments.duplicateProbability = 0.02
    scenario.impairments.reorderProbability = 0.02
    scenario.impairments.corruptProbability = 0.02
    scenario.impairments.truncateProbability = 0.01
    scenario.impairments.oversizeProbability = 0.01
    scenario.impairments.foreignVersionProbability = 0.01
    scenario.impairments.foreignProbability = 0.01
    scenario.impairments.emptyProbability = 0.01
    return try Recording(scenario)
  }

  /// The same spacecraft over a link on which nothing goes wrong.
  static func clean() throws -> Recording {
    var scenario = Scenario.demo
    scenario.link.frameRate = 2000
    scenario.link.frameCount = 500
    scenario.impairments = .none
    return try Recording(scenario)
  }

  /// Coded units of 1279 bytes, and all that befalls a stream of them; or nothing of it.
  static func coded(isClean: Bool = false) throws -> Recording {
    var scenario = isClean ? Scenario.codedDemo : Scenario.codedRough
    scenario.link.frameCount = isClean ? 40 : 1000
    if isClean { scenario.impairments = .none }
    return try Recording(scenario)
  }

  /// All bytes, one datagram after the other.
  var bytes: [UInt8] { datagrams.flatMap(\.bytes) }

  func writeCapture(to path: String) throws {
    try Self.writeCapture(
      datagrams.map { (bytes: $0.bytes, nanoseconds: $0.stamp.nanosecondsSince1970) }, to: path)
  }

  static func writeCapture(_ datagrams: [(bytes: [UInt8], nanoseconds: Int64)], to path: String) throws {
    let capture = try CaptureWriter(path: path)
    for datagram in datagrams {
      try unsafe capture.write(
        datagram.bytes.span.bytes, timeNanoseconds: datagram.nanoseconds, sourcePort: 40_000, destinationPort: port)
    }
    try capture.close()
  }
}

/// All that a replay leaves behind: its report and its files.
struct ReplayYield: Equatable {
  /// Without the name of the input, which is the only thing that may differ.
  var report: String
  var packets: [String: [UInt8]] = [:]
  /// Where they come from: in captures, with the times that those have.
  var provenance: [String: [UInt8]] = [:]
  var frames: [UInt8] = []
  var events: String

  /// Runs a replay that keeps everything.
  init(_ link: LinkConfiguration, _ file: String, _ change: (inout Replay.Options) -> Void = { _ in }) throws {
    let folder = try TemporaryFolder()
    var options = Replay.Options(files: [file])
    options.ports = [Recording.port]
    options.packetsTo = folder.path("packets")
    options.framesTo = folder.path("frames")
    options.eventsTo = folder.path("events")
    change(&options)
    let outcome = try Replay(link: link, options: options).run()
    let name = file == "-" ? "standard input" : file
    report = outcome.report.json.replacing(name, with: "INPUT")
    for name in folder.names(in: "packets") {
      let bytes = folder.bytes(of: "packets/\(name)")
      if name.hasSuffix(".packets") { packets[name] = bytes } else { provenance[name] = bytes }
    }
    frames = folder.bytes(of: "frames")
    events = String(decoding: folder.bytes(of: "events"), as: UTF8.self).replacing(name, with: "INPUT")
    #expect(try EventSchema.violations(in: events) == [])
  }
}
