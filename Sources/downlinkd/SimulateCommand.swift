import ArgumentParser
import DownlinkService

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Sends what spacecraft would send, and writes down the truth of it.",
    discussion: """
      Scenarios: demo (AOS, two spacecraft, everything going wrong a little), tm (one spacecraft, three channels), aos \
      (50,000 frames of 1115 bytes a second), many (eight spacecraft), random (by its seed), cadu-demo (the spacecraft \
      of demo, randomized and Reed–Solomon coded, with sync markers), cadu-rough (the same with slips, inversions, \
      losses and garbage), uslp-demo (USLP frames of any length).

      Examples:
        downlinkd simulate --scenario demo --frames 10000 --truth truth.json --link-config demo.yaml demo.pcap
        downlinkd simulate --scenario aos --frames 3000000 udp:127.0.0.1:10017
        downlinkd simulate --scenario cadu-rough --frames 10000 --truth truth.json rough.cadu
        downlinkd simulate --scenario cadu-demo tcp-listen:127.0.0.1:4935
      """)

  @Option(help: "demo, tm, aos, many, random, cadu-demo, cadu-rough or uslp-demo.")
  var scenario = "demo"
  @Option(help: "Decides everything that is left to chance.")
  var seed: UInt64?
  @Option(help: "How many frames the spacecraft send (default: 10000, over a network until stopped).")
  var frames: Int?
  @Option(help: "Over a network: how many times faster than the scenario's own clock.")
  var speed = 1.0
  @Option(help: "Chance of losing each frame, 0...1.")
  var drop: Double?
  @Option(help: "Chance that a frame arrives twice, 0...1.")
  var duplicate: Double?
  @Option(help: "Chance that a frame arrives late, 0...1.")
  var reorder: Double?
  @Option(help: "Chance that a frame is damaged, 0...1.")
  var corrupt: Double?
  @Option(help: "Chance that a frame is cut short, 0...1.")
  var truncate: Double?
  @Option(help: "Chance that a frame of a foreign spacecraft arrives, 0...1.")
  var foreign: Double?
  @Flag(help: "Leave out all that goes wrong in the scenario.")
  var clean = false
  @Option(help: "The port that a capture's datagrams go to.")
  var port: UInt16 = 10_017
  @Option(help: "Write the truth of what was sent to this file, as JSON.")
  var truth: String?
  @Option(help: "Write the configuration of a link that receives it to this file.")
  var linkConfig: String?
  @Flag(help: "Write the truth of what was sent as one JSON object.")
  var json = false
  @Argument(help: "A file, a .pcap, udp:HOST:PORT, tcp:HOST:PORT or tcp-listen:HOST:PORT.")
  var destination: String

  func run() throws {
    var request = SimulationRequest(destination: destination)
    request.scenario = scenario
    request.seed = seed
    request.frameCount = frames
    request.speed = speed
    request.isClean = clean
    request.port = port
    request.truthPath = truth
    request.linkConfigurationPath = linkConfig
    request.answersWithTruth = json
    request.chances.drop = drop
    request.chances.duplicate = duplicate
    request.chances.reorder = reorder
    request.chances.corrupt = corrupt
    request.chances.truncate = truncate
    request.chances.foreign = foreign
    let line = try reportingFailure { () throws(ServiceError) in try request.run() }
    Terminal.say(line)
  }
}
