import CCSDSLink
import CCSDSWire
package import LinkHealth

/// The report of a link for a person: the ledger level by level, then the channels, then what to do.
package struct ReportText {
  private static let applicationProcessRowCount = 24

  let snapshot: LinkSnapshot
  private let problems: [Problem]

  package init(_ snapshot: LinkSnapshot, problems: [Problem]) {
    self.snapshot = snapshot
    self.problems = problems
  }

  /// The lines, without line ends.
  package var lines: [String] {
    let verdict = snapshot.isBalanced ? "the ledger balances" : "THE LEDGER DOES NOT BALANCE"
    return ["\(snapshot.name): \(verdict), \(snapshot.losses)", ""]
      + ledgerLines + channelLines + applicationProcessLines + problemLines
  }

  // MARK: Ledger

  private var ledgerLines: [String] {
    let ledger = snapshot.ledger
    var lines = [
      Self.level(
        "datagrams", ledger.datagrams.received, [("accepted", ledger.datagrams.accepted)],
        ledger.datagrams.rejected)
    ]
    if ledger.datagrams.kernelDropped > 0 {
      lines.append(
        Self.row("", ledger.datagrams.kernelDropped.grouped, "dropped by the kernel of this host"))
    }
    lines += codingLines
    lines += [
      Self.level(
        "frames", ledger.frames.received,
        [
          ("delivered", ledger.frames.delivered), ("idle", ledger.frames.idle),
          ("unlisted", ledger.frames.unlisted), ("held back", snapshot.heldFrameCount),
        ], ledger.frames.rejected),
      Self.level(
        "packet bytes", ledger.zoneBytes.received,
        [
          ("in packets", ledger.zoneBytes.packets), ("in idle packets", ledger.zoneBytes.idlePackets),
          ("pending", snapshot.pendingByteCount),
        ], ledger.zoneBytes.discarded),
      Self.level(
        "packets", ledger.packets.completed,
        [("delivered", ledger.packets.delivered), ("idle", ledger.packets.idle)], ledger.packets.rejected),
    ]
    return lines + groupLines + clockLines + serviceDataLines + fillLines + [""]
  }

  /// What USLP frames carry beside packets, where there is any.
  private var serviceDataLines: [String] {
    let units = snapshot.ledger.serviceDataUnits
    guard units.receivedByteCount > 0 else { return [] }
    return [
      Self.level(
        "service data", units.receivedByteCount,
        [
          ("delivered", units.deliveredByteCount), ("fill", units.fillByteCount),
          ("pending", snapshot.pendingServiceDataByteCount),
        ], units.discarded),
      Self.row("", units.completed.grouped, "service data \(units.completed == 1 ? "unit" : "units") completed"),
    ]
  }

  static func row(_ title: String, _ number: String, _ text: String) -> String {
    "  " + title + String(repeating: " ", count: max(0, 14 - title.count))
      + String(repeating: " ", count: max(0, 15 - number.count)) + number + "  " + text
  }

  static func level(_ title: String, _ received: Int, _ parts: [(String, Int)]) -> String {
    level(title, received, parts, Tally<FrameRejection>())
  }

  private static func level<Reason>(
    _ title: String, _ received: Int, _ parts: [(String, Int)], _ rejected: Tally<Reason>
  ) -> String {
    var terms = parts.filter { $0.1 > 0 }.map { "\($0.1.grouped) \($0.0)" }
    terms += rejected.nonzero.map { "\($0.count.grouped) \($0.reason.name)" }
    return row(title, received.grouped, "= " + (terms.isEmpty ? "0" : terms.joined(separator: " + ")))
  }

  // MARK: Channels

  private var channelLines: [String] {
    guard !snapshot.ledger.virtualChannels.isEmpty else { return [] }
    var table = TextTable([
      "spacecraft:channel", "frames", "idle", "first", "last", "gaps", "missing", "duplicate", "late", "packets",
      "trust",
    ])
    let channels = snapshot.ledger.virtualChannels.sorted {
      ($0.identity.spacecraftID, $0.identity.virtualChannelID)
        < ($1.identity.spacecraftID, $1.identity.virtualChannelID)
    }
    for channel in channels {
      let continuity = channel.continuity
      table.append([
        Self.label(channel.identity), channel.frames.grouped, channel.idleFrames.grouped, "\(channel.firstCount)",
        "\(channel.lastCount)", continuity.gaps.grouped, Self.missing(continuity), continuity.duplicates.grouped,
        continuity.late.grouped, (channel.packets + channel.idlePackets).grouped, continuity.trust.rawValue,
      ])
    }
    return table.lines() + [""]
  }

  static func label(_ identity: VirtualChannelIdentity) -> String {
    let place = "\(identity.spacecraftID.rawValue):\(identity.virtualChannelID.rawValue)"
    return place + (identity.isReplay ? " replay" : "") + (identity.isExpedited ? " expedited" : "")
      + (identity.name.map { " \($0)" } ?? "")
  }

  private static func missing(_ continuity: ContinuityCounts) -> String {
    continuity.missingAtMost > continuity.missing
      ? "\(continuity.missing.grouped)...\(continuity.missingAtMost.grouped)" : continuity.missing.grouped
  }

  private var applicationProcessLines: [String] {
    let processes = snapshot.ledger.applicationProcesses
    guard !processes.isEmpty else { return [] }
    var table = TextTable(["spacecraft:channel:apid", "packets", "bytes", "first", "last", "gaps", "missing", "trust"])
    let ordered = processes.map { (snapshot.ledger.virtualChannels[$0.virtualChannel].identity, $0) }.sorted {
      ($0.0.spacecraftID, $0.0.virtualChannelID, $0.1.applicationProcessID)
        < ($1.0.spacecraftID, $1.0.virtualChannelID, $1.1.applicationProcessID)
    }
    for (identity, process) in ordered.prefix(Self.applicationProcessRowCount) {
      table.append([
        "\(identity.spacecraftID.rawValue):\(identity.virtualChannelID.rawValue):"
          + "\(process.applicationProcessID.rawValue)", process.packets.grouped, process.byteCount.grouped,
        "\(process.firstSequenceCount)", "\(process.lastSequenceCount)", process.continuity.gaps.grouped,
        Self.missing(process.continuity), process.continuity.trust.rawValue,
      ])
    }
    let rest = ordered.count - Self.applicationProcessRowCount
    return table.lines() + (rest > 0 ? ["  and \(rest) more: --json has them all", ""] : [""])
  }

  // MARK: Problems

  private var problemLines: [String] {
    problems.flatMap { ["  \($0.severity.rawValue): \($0.message)", "    hint: \($0.hint)"] }
  }
}
