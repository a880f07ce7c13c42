import CCSDSLink
import CCSDSWire
package import LinkHealth

extension LinkStatus {
  /// Writes the members of the link's object in the status document: where it stands, then its report.
  package func write(to json: inout JSONWriter) {
    snapshot.write(to: &json, problems: problems)
    writeSummary(to: &json)
    json.array("vcs") { snapshot.writeVirtualChannels(to: &$0) }
  }

  private func writeSummary(to json: inout JSONWriter) {
    let ledger = snapshot.ledger
    json.member("state", state.rawValue)
    json.member("transport", transport)
    json.member("listen", listen)
    if let last = ledger.lastFrameTime { json.member("last_frame", last.rfc3339) }
    json.member("as_of", takenAt.rfc3339)
    json.member("receive_buffer_bytes", receiveBufferByteCount)
    if let rate {
      json.object("rates") {
        $0.object("last1min") {
          $0.member("start", rate.start.rfc3339)
          $0.member("end", rate.end.rfc3339)
          $0.member("frames_per_second", rate.framesPerSecond)
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
    }
    json.object("latency") { writeLatency(to: &$0) }
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
      $0.member("balanced", snapshot.isBalanced)
    }
  }

  /// The counters of the link, level by level.
  var counterJSON: String {
    object {
      $0.member("name", snapshot.name)
      $0.object("ledger") { snapshot.writeLedger(to: &$0) }
    }
  }

  var virtualChannelJSON: [String] {
    snapshot.ledger.virtualChannels.map { channel in
      object {
        $0.member("link", snapshot.name)
        channel.write(to: &$0)
      }
    }
  }

  var applicationProcessJSON: [String] {
    snapshot.ledger.applicationProcesses.map { process in
      object {
        $0.member("link", snapshot.name)
        process.write(to: &$0, snapshot.ledger.virtualChannels[process.virtualChannel].identity)
      }
    }
  }

  private func object(_ members: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    json.object(nil, members)
    return json.text
  }
}
