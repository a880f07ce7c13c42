import CCSDSLink
import CCSDSWire
import LinkHealth
import Testing

/// 350 frames of Psyche with header error control: 332 untouched or with at most two damaged nibbles, which can be
/// repaired, and 18 with three, which cannot.
@Suite("Recorded frames with damaged headers", .enabled(if: Corpus.isPresent, Corpus.absence))
struct CorpusHeaderTests {
  /// Of the 18 hopeless headers the peer refuses nine and repairs nine wrongly. Ours refuses six of those nine as well,
  /// because the peer's answers are no codewords within two nibbles; the other three it repairs wrongly too, as any
  /// decoder must. Not one of these wrong answers names spacecraft 255, so none gets past the identifiers.
  @Test("every repairable frame is counted as the undamaged recording has it, and no other is")
  func agrees() throws {
    let item = try Corpus.item("aos-d-fhec-psyche", HeaderErrorControlTruth.self)
    let hopeless = Set(item.truth.injected.filter { $0.nibbles.count > 2 }.map(\.frame))
    let peerRefusals = item.truth.perFramePeer.filter { $0 == "FAIL" }.count
    var parameters = PhysicalChannelParameters(frameType: .aos, frameByteCount: item.truth.frameLength)
    parameters.hasHeaderErrorControl = true
    parameters.spacecraftIDs = [SpacecraftID(255)]
    let run = try CorpusRun(item.files[0].file, .frames(parameters))
    let frames = run.ledger.frames
    var comparison = Comparison()
    comparison.expect("frames in all", frames.received, item.truth.frames)
    comparison.expect("frames beyond repair", hopeless.count, 18)
    comparison.expect("of these, refused by the peer", peerRefusals, 9)
    comparison.expect("frames accepted", frames.delivered + frames.idle, 332)
    comparison.expect("headers refused", frames.rejected[.headerErrorControl], 15)
    comparison.expect("headers of nobody", frames.rejected[.version] + frames.rejected[.spacecraft], 3)
    comparison.expect("frames rejected", frames.rejected.total, 18)
    let counts = try Self.countsOfRecording(without: hopeless)
    comparison.expect("channels", run.ledger.virtualChannels.map(\.key).sorted(), ["255:0", "255:63"])
    for channel in run.ledger.virtualChannels {
      let account = Account(counts[channel.identity.virtualChannelID.rawValue] ?? [])
      comparison.expect("\(channel.key)", Account(channel), account)
    }
    comparison.note(
      rule: "of 18 headers beyond repair 15 are refused, 6 more than by the peer, whose answers are no codewords "
        + "nearby (344 of 350 answers equal); the frames accepted are the same")
    CorpusScore.note("aos-d-fhec-psyche", comparison)
    #expect(comparison.differences == [])
  }

  private struct Account: Equatable {
    var frames: Int
    var first: UInt64?
    var last: UInt64?
    var gaps: Int
    var missing: Int

    /// What follows from the counts of a channel's frames, in order. They never wrap here.
    init(_ counts: [UInt64]) {
      let steps = zip(counts, counts.dropFirst()).map { Int($1) - Int($0) }
      frames = counts.count
      first = counts.first
      last = counts.last
      gaps = steps.count { $0 != 1 }
      missing = steps.reduce(0) { $0 + $1 - 1 }
    }

    init(_ channel: VirtualChannelHealth) {
      frames = channel.frames
      first = channel.firstCount
      last = channel.lastCount
      gaps = channel.continuity.gaps
      missing = channel.continuity.missing
    }
  }

  /// The counts of the recording that the item was made from, by channel: the header is six bytes, the channel's number
  /// the last six bits of the second, the count the next three.
  private static func countsOfRecording(without hopeless: Set<Int>) throws -> [UInt8: [UInt64]] {
    let bytes = try Corpus.bytes("data/aos/psyche_1_aos_1113.bin")
    var counts: [UInt8: [UInt64]] = [:]
    for (index, start) in stride(from: 0, to: bytes.count, by: 1113).enumerated() where !hopeless.contains(index) {
      let count = UInt64(bytes[start + 2]) << 16 | UInt64(bytes[start + 3]) << 8 | UInt64(bytes[start + 4])
      counts[bytes[start + 1] & 0x3F, default: []].append(count)
    }
    return counts
  }
}
