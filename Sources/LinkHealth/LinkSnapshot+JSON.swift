import CCSDSLink
import CCSDSWire

/// The report of a link: the same members in a replay's last line and in the status document.
extension LinkSnapshot {
  /// Writes the members of the link's object.
  ///
  /// - Parameters:
  ///   - problems: What is wrong with the link, found by whoever knows its input too.
  ///   - detail: How much of what there is many of; what is left out is counted.
  package func write(to json: inout JSONWriter, problems: [Problem], detail: ReportDetail = .everything) {
    json.member("name", name)
    json.object("ledger") { writeLedger(to: &$0) }
    writeCoding(to: &json)
    json.array("master_channels") { if detail.hasFew { writeMasterChannels(to: &$0) } }
    if !detail.hasFew { json.member("master_channels_omitted", ledger.masterChannels.count) }
    json.array("virtual_channels") { if detail.hasVirtualChannels { writeVirtualChannels(to: &$0) } }
    if !detail.hasVirtualChannels { json.member("virtual_channels_omitted", ledger.virtualChannels.count) }
    json.array("apids") { if detail.hasApplicationProcesses { writeApplicationProcesses(to: &$0) } }
    if !detail.hasApplicationProcesses { json.member("apids_omitted", ledger.applicationProcesses.count) }
    json.array("passes") { if detail.hasFew { writePasses(to: &$0, detail) } }
    let omittedPassCount = ledger.passes.omittedCount + (detail.hasFew ? 0 : ledger.passes.passes.count)
    if omittedPassCount > 0 { json.member("passes_omitted", omittedPassCount) }
    json.array("problems") { array in
      if detail.hasFew { for problem in problems { array.object { problem.write(to: &$0) } } }
    }
    if !detail.hasFew { json.member("problems_omitted", problems.count) }
  }

  /// Writes the members of the ledger, level by level.
  package func writeLedger(to json: inout JSONWriter) {
    json.object("datagrams") {
      $0.member("received", ledger.datagrams.received)
      $0.member("accepted", ledger.datagrams.accepted)
      $0.member("kernel_dropped", ledger.datagrams.kernelDropped)
      $0.tally("rejected", ledger.datagrams.rejected)
    }
    json.object("stream_bytes") {
      $0.member("received", ledger.streamBytes.received)
      $0.member("framed", ledger.streamBytes.framed)
      $0.member("skipped", ledger.streamBytes.skipped)
      $0.member("pending", ledger.streamBytes.pending)
    }
    json.object("codewords") {
      $0.member("received", ledger.codewords.received)
      $0.member("clean", ledger.codewords.clean)
      $0.member("corrected", ledger.codewords.corrected)
      $0.member("corrected_symbols", ledger.codewords.correctedSymbols)
      $0.member("uncorrectable", ledger.codewords.uncorrectable)
    }
    json.object("codeblocks") {
      $0.member("received", ledger.codeblocks.received)
      $0.member("decoded", ledger.codeblocks.decoded)
      $0.member("uncorrectable", ledger.codeblocks.uncorrectable)
      $0.member("refused", ledger.codeblocks.refused)
      $0.member("refused_bytes", ledger.codeblocks.refusedByteCount)
      $0.member("flywheel", ledger.codeblocks.flywheel)
    }
    json.object("frames") {
      $0.member("received", ledger.frames.received)
      $0.member("delivered", ledger.frames.delivered)
      $0.member("idle", ledger.frames.idle)
      $0.member("unlisted", ledger.frames.unlisted)
      $0.tally("rejected", ledger.frames.rejected)
      $0.member("pending", heldFrameCount)
    }
    json.object("zone_bytes") {
      $0.member("received", ledger.zoneBytes.received)
      $0.member("packets", ledger.zoneBytes.packets)
      $0.member("idle_packets", ledger.zoneBytes.idlePackets)
      $0.member("pending", pendingByteCount)
      $0.tally("discarded", ledger.zoneBytes.discarded)
    }
    json.object("packets") {
      $0.member("completed", ledger.packets.completed)
      $0.member("delivered", ledger.packets.delivered)
      $0.member("idle", ledger.packets.idle)
      $0.tally("rejected", ledger.packets.rejected)
      $0.tally("abandoned", ledger.packets.abandoned)
      if !ledger.packets.groups.isEmpty { $0.object("groups") { ledger.packets.groups.write(to: &$0) } }
    }
    json.object("service_data_units") { writeServiceDataUnits(to: &$0) }
  }

  private func writeServiceDataUnits(to json: inout JSONWriter) {
    let units = ledger.serviceDataUnits
    json.member("completed", units.completed)
    json.tally("abandoned", units.abandoned)
    json.object("bytes") {
      $0.member("received", units.receivedByteCount)
      $0.member("delivered", units.deliveredByteCount)
      $0.member("fill", units.fillByteCount)
      $0.member("pending", pendingServiceDataByteCount)
      $0.tally("discarded", units.discarded)
    }
  }

  package func writeMasterChannels(to json: inout JSONWriter) {
    let channels = zip(ledger.masterChannels, ledger.masterChannels.indices)
    for (channel, index) in channels.sorted(by: { $0.0.spacecraftID < $1.0.spacecraftID }) {
      json.object {
        $0.member("scid", channel.spacecraftID.rawValue)
        $0.member("frames", channel.frames)
        writeMasterLosses(channel, index, to: &$0)
        if channel.controlWords.count > 0 {
          $0.object("control_words") { channel.controlWords.write(to: &$0) }
        }
      }
    }
  }

  private func writeMasterLosses(_ channel: MasterChannelHealth, _ index: Int, to json: inout JSONWriter) {
    guard !channel.hasOwnCount else {
      let missing = masterChannelMissing.indices.contains(index) ? masterChannelMissing[index] : (0, 0)
      json.member("gaps", channel.continuity.gaps)
      json.member("missing", missing.0)
      if missing.1 > missing.0 { json.member("missing_at_most", missing.1) }
      json.member("trust", (missing.1 > missing.0 ? CounterTrust.ambiguous : channel.continuity.trust).rawValue)
      return
    }
    let own = ledger.virtualChannels.filter { $0.identity.masterChannel == index }.map(\.continuity)
    json.member("gaps", own.reduce(0) { $0 + $1.gaps })
    json.member("missing", own.reduce(0) { $0 + $1.missing })
    let isUncounted = own.allSatisfy { $0.trust == .uncounted } && !own.isEmpty
    let trust: CounterTrust =
      isUncounted
      ? .uncounted
      : own.allSatisfy { $0.trust == .frozen } && !own.isEmpty
        ? .frozen : own.contains { $0.trust == .discontinuous } ? .discontinuous : .trusted
    json.member("trust", trust.rawValue)
  }

  package func writeVirtualChannels(to json: inout JSONWriter) {
    let channels = ledger.virtualChannels.sorted {
      ($0.identity.spacecraftID, $0.identity.virtualChannelID, $0.identity.order)
        < ($1.identity.spacecraftID, $1.identity.virtualChannelID, $1.identity.order)
    }
    for channel in channels { json.object { channel.write(to: &$0, leapSeconds) } }
  }

  package func writeApplicationProcesses(to json: inout JSONWriter) {
    let processes = ledger.applicationProcesses.map { (ledger.virtualChannels[$0.virtualChannel].identity, $0) }
      .sorted {
        ($0.0.spacecraftID, $0.0.virtualChannelID, $0.0.order, $0.1.applicationProcessID)
          < ($1.0.spacecraftID, $1.0.virtualChannelID, $1.0.order, $1.1.applicationProcessID)
      }
    for (identity, process) in processes { json.object { process.write(to: &$0, identity) } }
  }

  private func writePasses(to json: inout JSONWriter, _ detail: ReportDetail) {
    let newest = ledger.passes.passes.count - 1
    for (index, pass) in ledger.passes.passes.enumerated() {
      let hasGaps = detail == .everything || index == newest && detail != .counts
      json.object { pass.write(to: &$0, hasGaps: hasGaps) }
    }
  }
}

extension VirtualChannelIdentity {
  /// The place among channels of one number: live ones and those under sequence control come first.
  fileprivate var order: Int { (isReplay ? 1 : 0) + (isExpedited ? 2 : 0) }
}

extension JSONWriter {
  /// An object of the reasons that occurred.
  package mutating func tally<Reason>(_ name: String, _ tally: Tally<Reason>) {
    object(name) { for (reason, count) in tally.nonzero { $0.member(reason.name, count) } }
  }
}
