package import CCSDSLink
package import CCSDSWire

extension VirtualChannelHealth {
  /// Writes the members of the channel's object.
  package func write(to json: inout JSONWriter, _ leapSeconds: LeapSecondTable) {
    json.member("scid", identity.spacecraftID.rawValue)
    json.member("vcid", identity.virtualChannelID.rawValue)
    if identity.isReplay { json.member("replay", true) }
    if identity.isExpedited { json.member("expedited", true) }
    if let name = identity.name { json.member("name", name) }
    json.member("service", identity.service.rawValue)
    json.member("frames", frames)
    json.member("idle_frames", idleFrames)
    json.member("first_count", firstCount)
    json.member("last_count", lastCount)
    continuity.write(to: &json, repeatsAre: "duplicates")
    json.member("packets", packets)
    json.member("idle_packets", idlePackets)
    if rejectedPackets > 0 { json.member("rejected_packets", rejectedPackets) }
    if clock.validCount + clock.invalidCount > 0 { json.object("on_board_clock") { clock.write(to: &$0, leapSeconds) } }
    if serviceDataUnits > 0 { json.member("service_data_units", serviceDataUnits) }
    fill.write(to: &json)
    if let firstTime { json.member("first_frame", firstTime.rfc3339) }
    if let lastTime { json.member("last_frame", lastTime.rfc3339) }
  }
}

extension ApplicationProcessHealth {
  /// Writes the members of the application process's object.
  package func write(to json: inout JSONWriter, _ identity: VirtualChannelIdentity) {
    json.member("scid", identity.spacecraftID.rawValue)
    json.member("vcid", identity.virtualChannelID.rawValue)
    if identity.isReplay { json.member("replay", true) }
    if identity.isExpedited { json.member("expedited", true) }
    json.member("apid", applicationProcessID.rawValue)
    json.member("packets", packets)
    json.member("bytes", byteCount)
    json.member("first_sequence_count", firstSequenceCount)
    json.member("last_sequence_count", lastSequenceCount)
    continuity.write(to: &json, repeatsAre: "repeats")
    if !groups.isEmpty { json.object("groups") { groups.write(to: &$0) } }
  }
}

extension ContinuityCounts {
  /// Writes what the counter said.
  package func write(to json: inout JSONWriter, repeatsAre repeatsName: String) {
    json.member("gaps", gaps)
    json.member("missing", missing)
    if missingAtMost > missing { json.member("missing_at_most", missingAtMost) }
    json.member(repeatsName, duplicates)
    if late > 0 { json.member("out_of_order", late) }
    if discontinuities > 0 { json.member("discontinuities", discontinuities) }
    json.member("trust", trust.rawValue)
  }
}

extension ControlWordHealth {
  /// Writes what the spacecraft reports.
  package func write(to json: inout JSONWriter) {
    json.member("count", count)
    json.member("changes", changeCount)
    json.array("clcw") { array in
      for (channel, word) in linkControlWords.sorted(by: { $0.key < $1.key }) {
        array.object {
          $0.member("vcid", channel.rawValue)
          $0.member("report_value", word.reportValue)
          $0.member("lockout", word.lockout)
          $0.member("wait", word.wait)
          $0.member("retransmit", word.retransmit)
          $0.member("no_rf", word.noRFAvailable)
          $0.member("no_bit_lock", word.noBitLock)
          $0.member("farm_b", word.farmBCounter)
        }
      }
    }
    if let report = frameSecurityReport {
      json.object("fsr") {
        $0.member("alarm", report.alarm)
        $0.member("bad_sequence_number", report.badSequenceNumber)
        $0.member("bad_mac", report.badMessageAuthenticationCode)
        $0.member("bad_sa", report.badSecurityAssociation)
        $0.member("last_spi", report.lastSecurityParameterIndex)
        $0.member("arsn", report.antiReplaySequenceNumber)
      }
    }
  }
}

extension Pass {
  /// Writes the members of the pass's object. Without times, the link has none.
  package func write(to json: inout JSONWriter, hasGaps: Bool = true) {
    if let start { json.member("start", start.rfc3339) }
    if let end { json.member("end", end.rfc3339) }
    json.member("frames", frames)
    json.member("missing", missing)
    json.array("gaps") { array in
      for gap in hasGaps ? gaps : [] {
        array.object {
          $0.member("scid", gap.spacecraftID.rawValue)
          $0.member("vcid", gap.virtualChannelID.rawValue)
          $0.member("expected", gap.expected)
          $0.member("received", gap.received)
          $0.member("missing", gap.missing)
          if gap.missingAtMost > gap.missing { $0.member("missing_at_most", gap.missingAtMost) }
          if let time = gap.time { $0.member("time", time.rfc3339) }
        }
      }
    }
    let omittedCount = omittedGapCount + (hasGaps ? 0 : gaps.count)
    if omittedCount > 0 { json.member("gaps_omitted", omittedCount) }
  }
}

extension Problem {
  /// Writes the members of the problem's object.
  package func write(to json: inout JSONWriter) {
    json.member("code", code.rawValue)
    json.member("severity", severity.rawValue)
    if let link { json.member("link", link) }
    if let since { json.member("since", since.rfc3339) }
    json.member("message", message)
    json.member("meaning", code.meaning)
    json.member("hint", hint)
  }
}
