package import CCSDSLink
package import CCSDSWire

/// The report of a pass as a document for programs.
extension PassReport {
  /// How much of it is written.
  package enum Detail: Sendable {
    case everything
    /// Without the lists of ranges, which the gap list has, and without what came when.
    case summary
  }

  /// The name of the document's shape. Members are added to it, and never renamed or reused.
  package static let schema = "downlinkd-pass/1"

  /// One object.
  package func json(_ leapSeconds: LeapSecondTable, detail: Detail = .everything) -> String {
    var json = JSONWriter()
    json.object { write(to: &$0, leapSeconds, detail: detail) }
    return json.text
  }

  /// Writes its members.
  package func write(to json: inout JSONWriter, _ leapSeconds: LeapSecondTable, detail: Detail = .everything) {
    json.member("schema", Self.schema)
    writeHead(to: &json)
    guard !isSilent else { return }
    writeCounts(to: &json)
    json.array("virtual_channels") { array in
      for channel in channels.sorted(by: { $0.key < $1.key }) { array.object { channel.write(to: &$0) } }
    }
    json.array("apids") { array in for process in sortedProcesses { array.object { process.write(to: &$0) } } }
    json.array("worst_minutes") { array in
      for minute in worstMinutes { array.object { minute.write(to: &$0) } }
    }
    json.array("on_board_clocks") { array in for clock in clocks { array.object { clock.write(to: &$0) } } }
    json.object("limit_violations") { violations.write(to: &$0, hasList: detail == .everything) }
    json.object("control_words") { controlWords.write(to: &$0, until: end, hasChanges: detail == .everything) }
    guard detail == .everything else { return }
    for (name, timeline) in [("minutes", minutes), ("timeline", seconds)] {
      json.object(name) { timeline.write(to: &$0) }
    }
    GapList(self).writeRanges(to: &json, leapSeconds)
  }

  /// Writes what tells it from others, and how it went in one line.
  package func writeHead(to json: inout JSONWriter) {
    json.member("id", id)
    json.member("link", link)
    json.member("state", isSilent ? "silent" : ending == nil ? "running" : "over")
    if let announced { json.object("announced") { announced.write(to: &$0) } }
    if let start { json.member("aos", start.rfc3339) }
    if let end { json.member("los", end.rfc3339) }
    if let durationSeconds { json.member("duration_seconds", durationSeconds) }
    if let ending { json.member("ended_by", ending.rawValue) }
    if isContinuation { json.member("continues", true) }
    if let listenedFrom { json.member("listened_from", listenedFrom.rfc3339) }
    if !interruptions.isEmpty {
      json.array("interruptions") { array in
        for interruption in interruptions {
          array.object {
            $0.member("from", interruption.from.rfc3339)
            $0.member("to", interruption.to.rfc3339)
          }
        }
      }
      if omittedInterruptions > 0 { json.member("interruptions_omitted", omittedInterruptions) }
    }
    guard !isSilent else { return }
    json.member("good_frames", acceptedFrames)
    json.member("missing_frames", missing)
    json.member("good_packets", counts.packets)
    json.member("missing_packets", missingPackets)
    if let completeness { json.member("completeness", completeness) }
    json.object("losses") {
      let causes = causes
      $0.member("frames", causes.total)
      for cause in LossCause.allCases { $0.member(cause.rawValue, causes[cause]) }
      if missingAtMost > missing { $0.member("frames_at_most", missingAtMost) }
    }
  }

  private func writeCounts(to json: inout JSONWriter) {
    json.object("frames") {
      $0.member("received", counts.frames)
      $0.member("delivered", counts.delivered)
      $0.member("idle", counts.idle)
      $0.member("unlisted", counts.unlisted)
      $0.member("duplicates", duplicates)
      $0.tally("rejected", counts.rejections)
    }
    json.object("coding") {
      $0.member("codeblocks", counts.codeblocks)
      $0.member("uncorrectable", counts.uncorrectableCodeblocks)
      $0.member("corrected_codewords", counts.correctedCodewords)
      $0.member("corrected_symbols", counts.correctedSymbols)
    }
    json.object("packets") {
      $0.member("delivered", counts.packets)
      $0.member("idle", counts.idlePackets)
      $0.member("rejected", counts.rejectedPackets)
      $0.member("bytes", counts.packetByteCount)
      $0.member("missing", missingPackets)
    }
    json.object("datagrams") {
      $0.member("received", datagrams.received)
      $0.member("kernel_dropped", datagrams.kernelDropped)
      $0.member("rate_limited", datagrams.rateLimited)
      $0.member("rejected", datagrams.rejected)
    }
  }

  /// In the order of channels and identifiers.
  package var sortedProcesses: [PassProcess] {
    processes.sorted { $0.key == $1.key ? $0.applicationProcessID < $1.applicationProcessID : $0.key < $1.key }
  }
}

extension PassChannel {
  fileprivate func write(to json: inout JSONWriter) {
    key.write(to: &json)
    if let name { json.member("name", name) }
    json.member("frames", frames)
    json.member("idle_frames", idleFrames)
    json.member("first_count", firstCount)
    json.member("last_count", lastCount)
    json.member("gaps", gaps)
    json.member("missing", missing)
    if missingAtMost > missing { json.member("missing_at_most", missingAtMost) }
    if missingBefore > 0 { json.member("missing_before", missingBefore) }
    json.member("duplicates", duplicates)
    if late > 0 { json.member("out_of_order", late) }
    if discontinuities > 0 { json.member("discontinuities", discontinuities) }
    if let completeness { json.member("completeness", completeness) }
    if let firstTime { json.member("first_frame", firstTime.rfc3339) }
    if let lastTime { json.member("last_frame", lastTime.rfc3339) }
  }
}

extension PassProcess {
  fileprivate func write(to json: inout JSONWriter) {
    key.write(to: &json)
    json.member("apid", applicationProcessID.rawValue)
    json.member("packets", packets)
    json.member("bytes", byteCount)
    json.member("first_sequence_count", firstSequenceCount)
    json.member("last_sequence_count", lastSequenceCount)
    json.member("gaps", gaps)
    json.member("missing", missing)
    json.member("repeats", repeats)
    if let completeness { json.member("completeness", completeness) }
  }
}

extension PassInterval {
  fileprivate func write(to json: inout JSONWriter) {
    json.member("start", ReceptionTime(nanosecondsSince1970: start).rfc3339)
    json.member("frames", frames)
    json.member("missing", missing)
    json.member("undecodable", undecodable)
    json.member("corrected_symbols", correctedSymbols)
  }
}

extension PassTimeline {
  /// Each interval as a list: seconds since the first one, frames, missing, undecodable, corrected symbols.
  fileprivate func write(to json: inout JSONWriter) {
    json.member("interval_seconds", intervalNanoseconds / 1_000_000_000)
    if let first = intervals.first { json.member("start", ReceptionTime(nanosecondsSince1970: first.start).rfc3339) }
    json.member("columns", ["second", "frames", "missing", "undecodable", "corrected_symbols"])
    json.array("intervals") { array in
      let start = intervals.first?.start ?? 0
      for interval in intervals {
        let second = interval.start.subtractingReportingOverflow(start).partialValue / 1_000_000_000
        array.element(
          json: "[\(second),\(interval.frames),\(interval.missing),\(interval.undecodable),"
            + "\(interval.correctedSymbols)]")
      }
    }
  }
}

extension PassClock {
  fileprivate func write(to json: inout JSONWriter) {
    key.write(to: &json)
    json.member("quality", estimate.quality.rawValue)
    json.member("offset_seconds", Double(estimate.offsetNanoseconds) / 1e9)
    json.member("drift_ppm", Double(estimate.driftPartsPerQuadrillion) / 1e9)
    json.member("jitter_seconds", Double(estimate.jitterNanoseconds) / 1e9)
    json.member("samples", estimate.sampleCount)
    json.member("span_seconds", Double(estimate.spanNanoseconds) / 1e9)
    json.member("steps", steps)
  }
}

extension PassViolations {
  fileprivate func write(to json: inout JSONWriter, hasList: Bool) {
    json.member("count", count)
    guard hasList else { return }
    json.array("list") { array in
      for violation in list {
        array.object {
          if let time = violation.time { $0.member("time", time.rfc3339) }
          $0.member("parameter", violation.parameter)
          $0.member("level", violation.level)
          $0.member("value", violation.value)
        }
      }
    }
    if count > list.count { json.member("omitted", count - list.count) }
  }
}

extension ControlWordHistory {
  fileprivate func write(to json: inout JSONWriter, until end: ReceptionTime?, hasChanges: Bool) {
    json.member("words", wordCount)
    json.array("channels") { array in
      for lane in lanes {
        array.object { object in
          object.member("scid", lane.spacecraftID.rawValue)
          object.member("vcid", lane.virtualChannelID.rawValue)
          lane.flags.write(to: &object)
          object.object("seconds") {
            for (flag, name, _) in ControlWordFlags.named { $0.member(name, seconds(of: flag, lane, until: end)) }
          }
        }
      }
    }
    if omittedCount > 0 { json.member("changes_omitted", omittedCount) }
    guard hasChanges else { return }
    json.array("changes") { array in
      for change in changes {
        array.object { object in
          if let time = change.time { object.member("time", time.rfc3339) }
          object.member("scid", change.spacecraftID.rawValue)
          object.member("vcid", change.virtualChannelID.rawValue)
          change.flags.write(to: &object)
        }
      }
    }
  }

  /// For how long a flag was set, as far as changes are listed.
  package func seconds(of flag: ControlWordFlags, _ lane: ControlWordChange, until end: ReceptionTime?) -> Double {
    stretches(of: flag, lane, until: end).reduce(0) { $0 + $1.to.seconds(since: $1.from) }
  }

  /// When a flag was set, as far as changes are listed.
  package func stretches(
    of flag: ControlWordFlags, _ lane: ControlWordChange, until end: ReceptionTime?
  ) -> [(from: ReceptionTime, to: ReceptionTime)] {
    var stretches: [(from: ReceptionTime, to: ReceptionTime)] = []
    var since: ReceptionTime?
    for change in changes
    where change.virtualChannelID == lane.virtualChannelID && change.spacecraftID == lane.spacecraftID {
      guard let time = change.time else { continue }
      if change.flags.contains(flag) {
        since = since ?? time
      } else if let from = since {
        stretches.append((from, max(from, time)))
        since = nil
      }
    }
    if let since, let end, omittedCount == 0 { stretches.append((since, max(since, end))) }
    return stretches
  }
}

extension ControlWordFlags {
  fileprivate func write(to json: inout JSONWriter) {
    for (flag, name, _) in Self.named { json.member(name, contains(flag)) }
  }
}
