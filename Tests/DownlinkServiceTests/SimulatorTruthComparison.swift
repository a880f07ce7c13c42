import CCSDSLink
import CCSDSWire
import LinkHealth
import SpacecraftSimulator
import Testing

/// Holds every bucket of a ledger against what the simulator wrote down.
struct TruthComparison {
  /// Where it is, for whoever reads of a difference.
  let place: String

  func expect(_ snapshot: LinkSnapshot, equals truth: SimulationTruth) {
    let ledger = snapshot.ledger
    #expect(truth.isBalanced, "\(place)")
    #expect(ledger.datagrams.received == truth.datagrams.received, "\(place)")
    #expect(ledger.datagrams.rejected[.empty] == truth.datagrams.rejectedEmpty, "\(place)")
    #expect(ledger.frames.received == truth.frames.received, "\(place)")
    #expect(ledger.frames.delivered == truth.frames.delivered, "\(place)")
    #expect(ledger.frames.idle == truth.frames.idle, "\(place)")
    let rejected = Dictionary(uniqueKeysWithValues: ledger.frames.rejected.nonzero.map { ($0.reason.name, $0.count) })
    let truthRejected = Dictionary(
      uniqueKeysWithValues: truth.frames.rejected.filter { $0.value > 0 }.map { ($0.key.rawValue, $0.value) })
    if ledger.frames.unlisted == 0 { #expect(rejected == truthRejected, "\(place)") }
    #expect(
      ledger.frames.rejected.total + ledger.frames.unlisted
        == truth.frames.rejected.values.reduce(0, +) + truth.frames.unlisted, "\(place)")
    #expect(ledger.zoneBytes.received == truth.zoneBytes.received, "\(place)")
    #expect(ledger.zoneBytes.packets == truth.zoneBytes.packets, "\(place)")
    #expect(ledger.zoneBytes.idlePackets == truth.zoneBytes.idlePackets, "\(place)")
    #expect(snapshot.pendingByteCount == truth.zoneBytes.pending, "\(place)")
    let discarded = Dictionary(
      uniqueKeysWithValues: ledger.zoneBytes.discarded.nonzero.map { ($0.reason.name, $0.count) })
    let truthDiscarded = Dictionary(
      uniqueKeysWithValues: truth.zoneBytes.discarded.filter { $0.value > 0 }.map { ($0.key.rawValue, $0.value) })
    #expect(discarded == truthDiscarded, "\(place)")
    #expect(ledger.packets.delivered == truth.packets.delivered, "\(place)")
    #expect(ledger.packets.idle == truth.packets.idle, "\(place)")
    expect(ledger.serviceDataUnits, snapshot.pendingServiceDataByteCount, equals: truth.serviceData)
    if let coding = truth.coding { expect(ledger, equals: coding) }
    expectChannels(ledger, equal: truth)
    expectApplications(ledger, equal: truth)
  }

  private func expectChannels(_ ledger: LossLedger, equal truth: SimulationTruth) {
    let channels = ledger.virtualChannels.sorted {
      ($0.identity.spacecraftID, $0.identity.virtualChannelID, $0.identity.isExpedited ? 1 : 0)
        < ($1.identity.spacecraftID, $1.identity.virtualChannelID, $1.identity.isExpedited ? 1 : 0)
    }
    #expect(channels.count == truth.virtualChannels.count, "\(place)")
    for (channel, expected) in zip(channels, truth.virtualChannels) {
      let place = "\(place) channel \(expected.name.spacecraftID):\(expected.name.virtualChannelID)"
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

  private func expectApplications(_ ledger: LossLedger, equal truth: SimulationTruth) {
    let processes = ledger.applicationProcesses.map { (ledger.virtualChannels[$0.virtualChannel].identity, $0) }
      .sorted {
        ($0.0.spacecraftID, $0.0.virtualChannelID, $0.0.isExpedited ? 1 : 0, $0.1.applicationProcessID)
          < ($1.0.spacecraftID, $1.0.virtualChannelID, $1.0.isExpedited ? 1 : 0, $1.1.applicationProcessID)
      }
    #expect(processes.count == truth.applications.count, "\(place)")
    for ((_, process), expected) in zip(processes, truth.applications) {
      let place = "\(place) application \(expected.applicationProcessID)"
      #expect(process.packets == expected.packets, "\(place)")
      #expect(process.byteCount == expected.byteCount, "\(place)")
      #expect(process.firstSequenceCount == expected.firstSequenceCount, "\(place)")
      #expect(process.lastSequenceCount == expected.lastSequenceCount, "\(place)")
      #expect(process.continuity.gaps == expected.gaps, "\(place)")
      #expect(process.continuity.missing == expected.missing, "\(place)")
    }
  }

  private func expect(_ ledger: ServiceDataUnitCounts, _ pending: Int, equals truth: ServiceDataTruth) {
    #expect(ledger.completed == truth.completed, "\(place)")
    #expect(ledger.receivedByteCount == truth.received, "\(place)")
    #expect(ledger.deliveredByteCount == truth.delivered, "\(place)")
    #expect(ledger.fillByteCount == truth.fill, "\(place)")
    #expect(pending == truth.pending, "\(place)")
    let discarded = Dictionary(uniqueKeysWithValues: ledger.discarded.nonzero.map { ($0.reason.name, $0.count) })
    let expected = truth.discarded.filter { $0.value > 0 }.map { ($0.key.rawValue, $0.value) }
    #expect(discarded == Dictionary(uniqueKeysWithValues: expected), "\(place)")
  }

  private func expect(_ ledger: LossLedger, equals truth: CodingTruth) {
    #expect(ledger.streamBytes.received == truth.streamBytes.received, "\(place)")
    #expect(ledger.streamBytes.framed == truth.streamBytes.framed, "\(place)")
    #expect(ledger.streamBytes.skipped == truth.streamBytes.skipped, "\(place)")
    #expect(ledger.codewords.received == truth.codewords.received, "\(place)")
    #expect(ledger.codewords.clean == truth.codewords.clean, "\(place)")
    #expect(ledger.codewords.corrected == truth.codewords.corrected, "\(place)")
    #expect(ledger.codewords.correctedSymbols == truth.codewords.correctedSymbols, "\(place)")
    #expect(ledger.codewords.uncorrectable == truth.codewords.uncorrectable, "\(place)")
  }
}
