import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import SpacecraftSimulator
import TestSupport
import Testing

/// The gap list against an account that shares no code with it: the simulator's own, of what it sent.
@Suite("The gap list of a pass and the simulator's truth")
struct PassTruthTests {
  @Test(
    "every frame and packet that never came is in the list, and nothing else",
    arguments: 1...UInt64(Sanitizer.count(100, or: 20)))
  func agreesWithTheTruth(seed: UInt64) throws {
    let scenario = Scenario.random(seed: seed)
    let (report, truth) = try PassRun.of(scenario)
    PassRun.expect(report, equals: truth, "seed \(seed)")
  }

  @Test("a third of all frames lost, as a dish too small hears INTEGRAL: the list has each of them")
  func losesAThird() throws {
    let scenario = PassRun.lossy(frameCount: 3000)
    let (report, truth) = try PassRun.of(scenario)
    PassRun.expect(report, equals: truth, "a third")
    let share = Double(report.missing) / Double(report.missing + report.acceptedFrames)
    #expect((0.28...0.38).contains(share), "\(share)")
    #expect(report.causes.spaceLink == report.missing && report.causes.total == report.missing)
    #expect(GapList(report).isComplete)
  }

  @Test("a list without room for more says what is not in it, and where that lies")
  func countsWhatItOmits() throws {
    let (report, truth) = try PassRun.of(PassRun.lossy(frameCount: 60_000))
    let gaps = GapList(report)
    #expect(!gaps.isComplete && gaps.frames.count == 4096)
    #expect(report.missing == truth.virtualChannels.reduce(0) { $0 + $1.missing })
    let omitted = report.channels.reduce(0) { $0 + $1.omittedFrames }
    #expect(gaps.frames.reduce(0) { $0 + $1.missing } + omitted == report.missing)
    let channel = try #require(report.channels.first)
    #expect(channel.omittedRanges == channel.gaps - 4096)
    let last = try #require(truth.virtualChannels.first?.missingCounts.last)
    #expect(channel.lastOmittedCount == last)
  }

  @Test("the report is the same whether a process did it all, or another went on in the middle", arguments: 1...8)
  func goesOn(seed: UInt64) throws {
    let scenario = Scenario.random(seed: seed)
    let (whole, _) = try PassRun.of(scenario)
    var simulation = try Simulation(scenario)
    var pipeline = PassRun.pipeline(scenario)
    var datagram: [UInt8] = []
    var count = 0
    while let stamp = simulation.next(into: &datagram) {
      count += 1
      if count % 300 == 0 {
        var archive = StateArchive()
        pipeline.archive(&archive)
        var next = PassRun.pipeline(scenario)
        let isRestored = next.restore(from: archive.bytes)
        #expect(isRestored)
        pipeline = next
      }
      PassRun.receive(datagram, stamp, &pipeline)
    }
    let parts = PassRun.finish(&pipeline)
    #expect(parts.map(\.id) == [whole.id])
    let part = try #require(parts.first)
    #expect(part.channels == whole.channels && part.processes == whole.processes, "seed \(seed)")
    #expect(part.gaps == whole.gaps && part.counts == whole.counts && part.seconds == whole.seconds, "seed \(seed)")
    #expect(part.interruptions.isEmpty)
  }
}

/// A simulated pass from beginning to end.
enum PassRun {
  static func pipeline(_ scenario: Scenario) -> LinkPipeline {
    LinkPipeline(
      name: "simulated", parameters: .frames(scenario.physicalChannel),
      passes: PassRecorder(link: "simulated", settings: PassSettings()))
  }

  static func receive(_ datagram: [UInt8], _ stamp: DatagramStamp, _ pipeline: inout LinkPipeline) {
    let time = ReceptionTime(nanosecondsSince1970: stamp.nanosecondsSince1970)
    unsafe pipeline.receive(datagram.span.bytes, UnitDescription(time: time, originalByteCount: datagram.count))
  }

  /// The reports of all passes.
  static func finish(_ pipeline: inout LinkPipeline) -> [PassReport] {
    pipeline.finish()
    pipeline.finishPasses()
    return pipeline.takePassNews().compactMap { news in
      switch news {
      case .lost(let report), .silent(let report): report
      case .acquired: nil
      }
    }
  }

  /// The one pass of a scenario, and what the sender knows of it.
  static func of(_ scenario: Scenario) throws -> (report: PassReport, truth: SimulationTruth) {
    var simulation = try Simulation(scenario)
    var pipeline = pipeline(scenario)
    var datagram: [UInt8] = []
    while let stamp = simulation.next(into: &datagram) { receive(datagram, stamp, &pipeline) }
    let reports = finish(&pipeline)
    #expect(reports.count == 1)
    return (try #require(reports.first), simulation.truth)
  }

  /// One AOS channel at a frame a second, of which a third is lost.
  static func lossy(frameCount: Int) -> Scenario {
    var link = LinkPlan(frameType: .aos, frameByteCount: 223)
    link.hasErrorControl = true
    link.frameRate = 1
    link.frameCount = frameCount
    link.seed = 1_994
    var channel = ChannelPlan(virtualChannelID: 1)
    channel.applications = [ApplicationPlan(applicationProcessID: 100, sizes: PacketSizePlan(30...120))]
    var impairments = Impairments()
    impairments.dropProbability = 0.33
    return Scenario(
      link: link, spacecraft: [SpacecraftPlan(spacecraftID: 60, channels: [channel])], impairments: impairments)
  }

  /// Holds every range against the counts that were sent and never came.
  static func expect(_ report: PassReport, equals truth: SimulationTruth, _ place: String) {
    let gaps = GapList(report)
    #expect(gaps.isComplete, "\(place)")
    #expect(report.missing == truth.virtualChannels.reduce(0) { $0 + $1.missing }, "\(place)")
    #expect(report.causes.total == report.missing, "\(place)")
    for channel in truth.virtualChannels {
      let name = channel.name
      let own = gaps.frames.filter {
        $0.key.spacecraftID.rawValue == name.spacecraftID && $0.key.virtualChannelID.rawValue == name.virtualChannelID
          && $0.key.isExpedited == name.isExpedited
      }
      #expect(own.flatMap(counts) == channel.missingCounts, "\(place) \(name.spacecraftID):\(name.virtualChannelID)")
    }
    for application in truth.applications {
      let name = application.channel
      let own = gaps.packets.filter {
        $0.key.spacecraftID.rawValue == name.spacecraftID && $0.key.virtualChannelID.rawValue == name.virtualChannelID
          && $0.applicationProcessID.rawValue == application.applicationProcessID
      }
      #expect(own.flatMap(sequenceCounts) == application.missingSequenceCounts, "\(place)")
    }
    for gap in gaps.frames {
      #expect(gap.after.map { after in gap.before.map { after <= $0 } ?? false } ?? false, "\(place)")
    }
  }

  /// From the first to the last, as a planner reads them.
  private static func counts(_ gap: FrameGap) -> [UInt64] {
    let modulus: UInt64 = 1 << UInt64(gap.countBitCount)
    return (0..<UInt64(gap.missing)).map { (gap.first + $0) % modulus }
  }

  private static func sequenceCounts(_ gap: PacketGap) -> [UInt16] {
    (0..<gap.missing).map { UInt16((Int(gap.first) + $0) % 16_384) }
  }
}
