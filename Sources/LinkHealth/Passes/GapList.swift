import CCSDSLink
package import CCSDSWire

/// What a spacecraft can be asked to send again: the frames and packets that are missing of a pass.
package struct GapList: Sendable {
  /// The name of the document's shape. Members are added to it, and never renamed or reused.
  package static let schema = "downlinkd-gaps/1"

  package let pass: PassReport
  package let frames: [FrameGap]
  package let packets: [PacketGap]

  package init(_ pass: PassReport) {
    self.pass = pass
    frames = pass.gaps.sortedFrames
    packets = pass.gaps.sortedPackets
  }

  /// Whether every missing frame and packet is in it.
  package var isComplete: Bool {
    frames.reduce(0) { $0 + $1.missing } == pass.missing
      && packets.reduce(0) { $0 + $1.missing } == pass.missingPackets
  }

  /// One object.
  package func json(_ leapSeconds: LeapSecondTable) -> String {
    var json = JSONWriter()
    json.object {
      writeHead(to: &$0, isComplete: isComplete)
      writeRanges(to: &$0, leapSeconds)
    }
    return json.text
  }

  /// Writes what the list is about.
  package func writeHead(to json: inout JSONWriter, isComplete: Bool) {
    json.member("schema", Self.schema)
    json.member("pass", pass.id)
    json.member("link", pass.link)
    if let start = pass.start { json.member("aos", start.rfc3339) }
    if let end = pass.end { json.member("los", end.rfc3339) }
    json.member("complete", isComplete)
  }

  /// Writes the ranges, and what there was no room for.
  package func writeRanges(to json: inout JSONWriter, _ leapSeconds: LeapSecondTable) {
    json.array("frame_gaps") { array in for gap in frames { array.object { gap.write(to: &$0) } } }
    json.array("packet_gaps") { array in for gap in packets { array.object { gap.write(to: &$0, leapSeconds) } } }
    let channels = pass.channels.filter { $0.omittedFrames > 0 }.sorted { $0.key < $1.key }
    if !channels.isEmpty {
      json.array("frame_gaps_omitted") { array in
        for channel in channels { array.object { channel.writeOmitted(to: &$0) } }
      }
    }
    let processes = pass.sortedProcesses.filter { $0.omittedPackets > 0 }
    guard !processes.isEmpty else { return }
    json.array("packet_gaps_omitted") { array in
      for process in processes {
        array.object {
          process.key.write(to: &$0)
          $0.member("apid", process.applicationProcessID.rawValue)
          $0.member("ranges", process.omittedRanges)
          $0.member("packets", process.omittedPackets)
        }
      }
    }
  }

  /// A line for each range behind one with the names of the columns. Ranges that are not listed are not in it.
  package func csv(_ leapSeconds: LeapSecondTable) -> String {
    var text = Self.columns.joined(separator: ",") + "\n"
    for gap in frames {
      text += Self.line([
        "frames", "\(gap.key.spacecraftID.rawValue)", "\(gap.key.virtualChannelID.rawValue)", gap.key.kind, "",
        "\(gap.first)", "\(gap.last)", "\(gap.missing)", "\(gap.missingAtMost)", gap.after?.rfc3339 ?? "",
        gap.before?.rfc3339 ?? "", "", "", "\(gap.spaceLinkLosses)", "\(gap.hostLosses)", "\(gap.unknownLosses)",
      ])
    }
    for gap in packets {
      text += Self.line([
        "packets", "\(gap.key.spacecraftID.rawValue)", "\(gap.key.virtualChannelID.rawValue)", gap.key.kind,
        "\(gap.applicationProcessID.rawValue)", "\(gap.first)", "\(gap.last)", "\(gap.missing)", "\(gap.missing)",
        gap.after?.rfc3339 ?? "", gap.before?.rfc3339 ?? "",
        gap.onBoardAfter.map { leapSeconds.utc(of: $0).iso8601 } ?? "",
        gap.onBoardBefore.map { leapSeconds.utc(of: $0).iso8601 } ?? "", "", "", "",
      ])
    }
    return text
  }

  private static let columns = [
    "kind", "scid", "vcid", "stream", "apid", "first", "last", "missing", "missing_at_most", "received_after",
    "received_before", "on_board_after", "on_board_before", "space_link", "host", "unknown",
  ]

  private static func line(_ fields: [String]) -> String { fields.joined(separator: ",") + "\n" }
}

extension PassChannelKey {
  /// In a table.
  fileprivate var kind: String { isReplay ? "replay" : isExpedited ? "expedited" : "live" }
}

extension PassChannel {
  fileprivate func writeOmitted(to json: inout JSONWriter) {
    key.write(to: &json)
    json.member("ranges", omittedRanges)
    json.member("frames", omittedFrames)
    json.member("first", firstOmittedCount)
    json.member("last", lastOmittedCount)
  }
}

extension FrameGap {
  /// Writes its members.
  package func write(to json: inout JSONWriter) {
    key.write(to: &json)
    json.member("first", first)
    json.member("last", last)
    json.member("missing", missing)
    if missingAtMost > missing { json.member("missing_at_most", missingAtMost) }
    if let after { json.member("received_after", after.rfc3339) }
    if let before { json.member("received_before", before.rfc3339) }
    json.object("causes") {
      if spaceLinkLosses > 0 { $0.member(LossCause.spaceLink.rawValue, spaceLinkLosses) }
      if hostLosses > 0 { $0.member(LossCause.host.rawValue, hostLosses) }
      if unknownLosses > 0 { $0.member(LossCause.unknown.rawValue, unknownLosses) }
    }
  }
}

extension PacketGap {
  /// Writes its members.
  package func write(to json: inout JSONWriter, _ leapSeconds: LeapSecondTable) {
    key.write(to: &json)
    json.member("apid", applicationProcessID.rawValue)
    json.member("first", first)
    json.member("last", last)
    json.member("missing", missing)
    if let after { json.member("received_after", after.rfc3339) }
    if let before { json.member("received_before", before.rfc3339) }
    if let onBoardAfter { json.member("on_board_after", leapSeconds.utc(of: onBoardAfter).iso8601) }
    if let onBoardBefore { json.member("on_board_before", leapSeconds.utc(of: onBoardBefore).iso8601) }
  }
}
