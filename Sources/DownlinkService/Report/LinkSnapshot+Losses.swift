import CCSDSLink
import LinkHealth

/// What is lost of a link, in half a sentence.
extension LinkSnapshot {
  /// What is missing, was rejected or discarded, at whatever level: of frames, or of packets where there are no frames.
  var losses: String {
    guard ledger.datagrams.received + ledger.streamBytes.received > 0 else { return "nothing came in" }
    return (missingLosses + refusedLosses).joined(separator: ", ")
  }

  /// What counters say that never came.
  private var missingLosses: [String] {
    let packets = Missing(ledger.applicationProcesses.map(\.continuity)).text("packet")
    guard case .frames = parameters else { return [packets ?? "no packets are missing"] }
    let frames = Missing(ledger.virtualChannels.map(\.continuity)).text("frame")
    return [frames ?? "no frames are missing", packets].compactMap(\.self)
  }

  /// What came and is in no packet.
  private var refusedLosses: [String] {
    [
      Self.part(ledger.datagrams.kernelDropped, nil, "datagram", "dropped by the kernel"),
      Self.part(ledger.streamBytes.skipped, ledger.streamBytes.received, "stream byte", "skipped"),
      Self.part(ledger.datagrams.rejected.total, ledger.datagrams.received, "datagram", "rejected"),
      Self.part(
        ledger.codeblocks.uncorrectable + ledger.codeblocks.refused, ledger.codeblocks.received, "codeblock",
        "beyond correction"),
      Self.part(ledger.frames.rejected.total, ledger.frames.received, "frame", "rejected"),
      Self.part(ledger.packets.rejected.total, ledger.packets.completed, "packet", "rejected"),
      Self.part(ledger.zoneBytes.discarded.total, ledger.zoneBytes.received, "packet byte", "discarded"),
    ].compactMap(\.self)
  }

  private static func part(_ count: Int, _ all: Int?, _ noun: String, _ fate: String) -> String? {
    guard count > 0 else { return nil }
    let unit = (all ?? count) == 1 ? noun : noun + "s"
    return "\(count.grouped)\(all.map { " of \($0.grouped)" } ?? "") \(unit) \(count == 1 ? "is" : "are") \(fate)"
  }

  /// What the counters of channels say together.
  private struct Missing {
    private var least = 0
    private var most = 0
    private var gapCount = 0

    init(_ counters: [ContinuityCounts]) {
      for counts in counters {
        least += counts.missing
        most += counts.missingAtMost
        gapCount += counts.gaps
      }
    }

    func text(_ noun: String) -> String? {
      guard most > 0 else { return nil }
      let count = least == most ? least.grouped : "\(least.grouped) to \(most.grouped)"
      return "\(count) \(most == 1 ? "\(noun) is" : "\(noun)s are") missing in \(gapCount.grouped) "
        + (gapCount == 1 ? "gap" : "gaps")
    }
  }
}
