import CCSDSLink
import CCSDSWire
package import LinkHealth

extension LinkStatus {
  /// The link's object in the status document: where it stands, and as much of its report as there is room for.
  ///
  /// - Parameter leading: Writes members that stand before the link's own.
  package func json(atMost byteCount: Int, leading: (inout JSONWriter) -> Void = { _ in }) -> String {
    var text = ""
    for detail in ReportDetail.allCases where detail != .everything && (text.isEmpty || text.utf8.count > byteCount) {
      text = object {
        leading(&$0)
        write(to: &$0, detail)
      }
    }
    return text
  }

  private func write(to json: inout JSONWriter, _ detail: ReportDetail) {
    snapshot.write(to: &json, problems: problems, detail: detail)
    writeSummary(to: &json)
    json.array("vcs") { if detail.hasVirtualChannels { snapshot.writeVirtualChannels(to: &$0) } }
  }

  private func writeSummary(to json: inout JSONWriter) {
    let ledger = snapshot.ledger
    json.member("state", state.rawValue)
    json.member("transport", transport)
    if let listen { json.member("listen", listen) }
    if let endpoint { json.member("endpoint", endpoint) }
    if !sharedWith.isEmpty { json.member("shared_with", sharedWith) }
    if ignoredDatagramCount > 0 { json.member("ignored_datagrams", ignoredDatagramCount) }
    if let connection { json.object("connection") { connection.write(to: &$0) } }
    if let capture { json.object("capture") { capture.write(to: &$0) } }
    admission.write(to: &json)
    json.member("units", snapshot.hasFrames ? "frames" : "packets")
    if let last = ledger.lastFrameTime { json.member("last_frame", last.rfc3339) }
    if let last = snapshot.lastPacketTime { json.member("last_packet", last.rfc3339) }
    json.member("as_of", takenAt.rfc3339)
    json.member("since", ReceptionTime(nanosecondsSince1970: life.since).rfc3339)
    json.member("restarts", life.restartCount)
    json.member("crashes", life.crashCount)
    // What the ledger does not hold: the totals since `since` are both together.
    if let until = life.earlierUntil, life.earlier != LinkTotals() {
      json.object("earlier") {
        $0.member("until", ReceptionTime(nanosecondsSince1970: until).rfc3339)
        life.earlier.write(to: &$0)
      }
    }
    json.member("receive_buffer_bytes", receiveBufferByteCount)
    if let rate {
      json.object("rates") {
        $0.object("last1min") {
          $0.member("start", rate.start.rfc3339)
          $0.member("end", rate.end.rfc3339)
          $0.member("frames_per_second", rate.framesPerSecond)
          $0.member("packets_per_second", rate.packetsPerSecond)
          $0.member("bits_per_second", rate.bitsPerSecond)
        }
      }
    }
    json.object("totals") {
      $0.member("datagrams", ledger.datagrams.received)
      $0.member("kernel_dropped", ledger.datagrams.kernelDropped)
      $0.member("frames", ledger.frames.received)
      $0.tally("rejected", ledger.frames.rejected)
      $0.member("missing", snapshot.missingFrameCount)
      $0.member("packets", ledger.packets.completed)
      $0.member("packets_missing", ledger.applicationProcesses.reduce(0) { $0 + $1.continuity.missing })
    }
    json.object("latency") { writeLatency(to: &$0) }
    if !sinks.isEmpty {
      json.array("sinks") { array in
        for sink in sinks { array.object { sink.write(to: &$0) } }
      }
    }
    if let parameters {
      json.object("parameters") {
        $0.member("since", ReceptionTime(nanosecondsSince1970: parametersSince).rfc3339)
        parameters.write(to: &$0)
      }
    }
    if let isPassExpected { json.member("pass_expected", isPassExpected) }
    if let pass { json.object("pass") { pass.writeHead(to: &$0) } }
  }

  private func writeLatency(to json: inout JSONWriter) {
    let latency = snapshot.latency
    json.member("count", latency.count)
    json.member("sum_seconds", Double(latency.totalNanoseconds) / 1e9)
    json.member("largest_seconds", Double(latency.largestNanoseconds) / 1e9)
    json.array("buckets") { array in
      for (index, count) in latency.counts.enumerated() {
        array.object {
          if index < LatencyHistogram.upperBoundsInNanoseconds.count {
            $0.member("le_seconds", Double(LatencyHistogram.upperBoundsInNanoseconds[index]) / 1e9)
          }
          $0.member("count", count)
        }
      }
    }
  }

  /// One line about the link.
  var summaryJSON: String {
    object {
      $0.member("name", snapshot.name)
      writeSummary(to: &$0)
      snapshot.writeCoding(to: &$0)
      $0.member("balanced", snapshot.isBalanced)
    }
  }

  /// The counters of the link, level by level.
  var counterJSON: String {
    object {
      $0.member("name", snapshot.name)
      $0.object("ledger") { snapshot.writeLedger(to: &$0) }
      if let parameters { $0.object("parameters") { parameters.write(to: &$0) } }
    }
  }

  private func object(_ members: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    json.object(nil, members)
    return json.text
  }
}
