import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import SpacecraftSimulator
import Testing

/// The ledger against an account that shares no code with it: the simulator's own, of what it sent.
@Suite("The ledger and the simulator's truth")
struct SimulatorTruthTests {
  @Test("every bucket of a seeded impairment run equals the simulator's truth", arguments: UInt64(1)...200)
  func agreesWithTheTruth(seed: UInt64) throws {
    let scenario = Scenario.random(seed: seed)
    var simulation = try Simulation(scenario)
    var pipeline = LinkPipeline(name: "simulated", parameters: .frames(scenario.physicalChannel))
    var datagram: [UInt8] = []
    while let stamp = simulation.next(into: &datagram) {
      let time = ReceptionTime(nanosecondsSince1970: stamp.nanosecondsSince1970)
      unsafe pipeline.receive(
        datagram.span.bytes, UnitDescription(time: time, originalByteCount: datagram.count))
    }
    pipeline.finish()
    let snapshot = pipeline.snapshot()
    #expect(snapshot.breaches == [], "seed \(seed)")
    expect(snapshot, equals: simulation.truth, seed: seed)
  }

  private func expect(_ snapshot: LinkSnapshot, equals truth: SimulationTruth, seed: UInt64) {
    let ledger = snapshot.ledger
    #expect(truth.isBalanced, "seed \(seed)")
    #expect(ledger.datagrams.received == truth.datagrams.received, "seed \(seed)")
    #expect(ledger.datagrams.rejected[.empty] == truth.datagrams.rejectedEmpty, "seed \(seed)")
    #expect(ledger.frames.received == truth.frames.received, "seed \(seed)")
    #expect(ledger.frames.delivered == truth.frames.delivered, "seed \(seed)")
    #expect(ledger.frames.idle == truth.frames.idle, "seed \(seed)")
    let rejected = Dictionary(uniqueKeysWithValues: ledger.frames.rejected.nonzero.map { ($0.reason.name, $0.count) })
    let truthRejected = Dictionary(
      uniqueKeysWithValues: truth.frames.rejected.filter { $0.value > 0 }.map { ($0.key.rawValue, $0.value) })
    if ledger.frames.unlisted == 0 { #expect(rejected == truthRejected, "seed \(seed)") }
    #expect(
      ledger.frames.rejected.total + ledger.frames.unlisted
        == truth.frames.rejected.values.reduce(0, +) + truth.frames.unlisted, "seed \(seed)")
    #expect(ledger.zoneBytes.received == truth.zoneBytes.received, "seed \(seed)")
    #expect(ledger.zoneBytes.packets == truth.zoneBytes.packets, "seed \(seed)")
    #expect(ledger.zoneBytes.idlePackets == truth.zoneBytes.idlePackets, "seed \(seed)")
    #expect(snapshot.pendingByteCount == truth.zoneBytes.pending, "seed \(seed)")
    let discarded = Dictionary(
      uniqueKeysWithValues: ledger.zoneBytes.discarded.nonzero.map { ($0.reason.name, $0.count) })
    let truthDiscarded = Dictionary(
      uniqueKeysWithValues: truth.zoneBytes.discarded.filter { $0.value > 0 }.map { ($0.key.rawValue, $0.value) })
    #expect(discarded == truthDiscarded, "seed \(seed)")
    #expect(ledger.packets.delivered == truth.packets.delivered, "seed \(seed)")
    #expect(ledger.packets.idle == truth.packets.idle, "seed \(seed)")
    expectChannels(ledger, equal: truth, seed: seed)
    expectApplications(ledger, equal: truth, seed: seed)
  }

  private func expectChannels(_ ledger: LossLedger, equal truth: SimulationTruth, seed: UInt64) {
    let channels = ledger.virtualChannels.sorted {
      ($0.identity.spacecraftID, $0.identity.virtualChannelID)
        < ($1.identity.spacecraftID, $1.identity.virtualChannelID)
    }
    #expect(channels.count == truth.virtualChannels.count, "seed \(seed)")
    for (channel, expected) in zip(channels, truth.virtualChannels) {
      let place = "seed \(seed) channel \(expected.name.spacecraftID):\(expected.name.virtualChannelID)"
      #expect(channel.identity.spacecraftID.rawValue == expected.name.spacecraftID, "\(place)")
      #expect(channel.identity.virtualChannelID.rawValue == expected.name.virtualChannelID, "\(place)")
      #expect(channel.frames == expected.frames, "\(place)")
      #expect(channel.firstCount == expected.firstCount, "\(place)")
      #expect(channel.lastCount == expected.lastCount, "\(place)")
      #expect(channel.continuity.gaps == expected.gaps, "\(place)")
      #expect(channel.continuity.missing == expected.missing, "\(place)")
      #expect(channel.continuity.late == expected.late, "\(place)")
      #expect(channel.continuity.discontinuities == expected.discontinuities, "\(place)")
      if channel.continuity.trust != .frozen {
        #expect(channel.continuity.duplicates == expected.duplicates, "\(place)")
      }
    }
  }

  private func expectApplications(_ ledger: LossLedger, equal truth: SimulationTruth, seed: UInt64) {
    let processes = ledger.applicationProcesses.map { (ledger.virtualChannels[$0.virtualChannel].identity, $0) }
      .sorted {
        ($0.0.spacecraftID, $0.0.virtualChannelID, $0.1.applicationProcessID)
          < ($1.0.spacecraftID, $1.0.virtualChannelID, $1.1.applicationProcessID)
      }
    #expect(processes.count == truth.applications.count, "seed \(seed)")
    for ((_, process), expected) in zip(processes, truth.applications) {
      let place = "seed \(seed) application \(expected.applicationProcessID)"
      #expect(process.packets == expected.packets, "\(place)")
      #expect(process.byteCount == expected.byteCount, "\(place)")
      #expect(process.firstSequenceCount == expected.firstSequenceCount, "\(place)")
      #expect(process.lastSequenceCount == expected.lastSequenceCount, "\(place)")
      #expect(process.continuity.gaps == expected.gaps, "\(place)")
      #expect(process.continuity.missing == expected.missing, "\(place)")
    }
  }
}
