import CCSDSLink
import CCSDSWire
import LinkHealth
import TestSupport
import Testing

/// Real packets in USLP frames, as independent programs framed them and read them again.
@Suite("Recorded packets in USLP frames of the corpus", .enabled(if: Corpus.isPresent, Corpus.absence))
struct CorpusUSLPTests {
  /// Frames of one length: insert zone none, CRC-16, reporting by the frames' own flag.
  private static let fixed: PhysicalChannelParameters = {
    var parameters = PhysicalChannelParameters(frameType: .uslp, frameByteCount: 256)
    parameters.errorControl = .crc16
    parameters.spacecraftIDs = [SpacecraftID(0x1ABC)]
    return parameters
  }()

  /// Frames that say their own length.
  private static let variable: PhysicalChannelParameters = {
    var parameters = PhysicalChannelParameters(frameType: .uslp, frameByteCount: 8192)
    parameters.shortestFrameByteCount = 8
    parameters.errorControl = .crc16
    parameters.spacecraftIDs = [SpacecraftID(66)]
    return parameters
  }()

  @Test(
    "frames, counts, reporting, packets and their bytes agree with the truth",
    arguments: [("uslp-swapi", fixed), ("uslp-var-mag", variable)])
  func agrees(name: String, parameters: PhysicalChannelParameters) throws {
    let item = try Corpus.item(name, USLPTruth.self)
    let run = try CorpusRun(item.files[0].file, .frames(parameters))
    var comparison = Comparison()
    comparison.compare(run, item.truth)
    print(
      "corpus: \(name): agreed \(comparison.agreedCount) of "
        + "\(comparison.agreedCount + comparison.differences.count) figures")
    #expect(comparison.differences == [])
  }

  @Test("frames of variable length that nobody expects to be so are all rejected for their length")
  func rejectsVariableLengthOnFixedChannel() throws {
    let item = try Corpus.item("uslp-var-mag", USLPTruth.self)
    var parameters = Self.variable
    parameters.shortestFrameByteCount = nil
    parameters.frameByteCount = 2428
    let run = try CorpusRun(item.files[0].file, .frames(parameters))
    #expect(run.ledger.frames.rejected.total == run.ledger.frames.received)
  }
}

/// What is known of a recording of USLP frames. Channels are `spacecraft:channel`, packets `spacecraft:channel:mapN`.
private struct USLPTruth: Decodable {
  struct Counts: Decodable {
    let frames: Int
    let oidFrames: Int?
  }

  struct Channel: Decodable {
    let frames: Int
    let gapEvents: Int
    let missing: Int
    let first: UInt64
    let last: UInt64
    let ocfFrames: Int
  }

  struct Packets: Decodable {
    let stats: [String: Int]
    let apids: [String: Int]
    let packetsSha256: String
    let packetsBytes: Int
  }

  let counts: Counts
  let vcs: [String: Channel]
  let packets: [String: Packets]
}

extension Comparison {
  fileprivate mutating func compare(_ run: CorpusRun, _ truth: USLPTruth) {
    let frames = run.ledger.frames
    expect("frames received", frames.received, truth.counts.frames)
    expect("frames rejected", frames.rejected.total, 0)
    expect("frames idle", frames.idle, truth.counts.oidFrames ?? 0)
    expect("frames delivered", frames.delivered, truth.counts.frames - (truth.counts.oidFrames ?? 0))
    expect("channels", run.ledger.virtualChannels.map(\.key).sorted(), truth.vcs.keys.sorted())
    let controlFieldCount = run.ledger.masterChannels.reduce(0) { $0 + $1.controlWords.count }
    expect("control fields", controlFieldCount, truth.vcs.values.reduce(0) { $0 + $1.ocfFrames })
    for (index, channel) in run.ledger.virtualChannels.enumerated() {
      guard let expected = truth.vcs[channel.key] else { continue }
      compare(channel, expected)
      let packets = truth.packets.first { $0.key.hasPrefix(channel.key + ":") }?.value
      guard let packets else {
        expect("\(channel.key): packets", channel.packets + channel.idlePackets, 0)
        continue
      }
      compare(channel, packets, run.applications(ofChannel: index), run)
    }
  }

  private mutating func compare(_ ours: VirtualChannelHealth, _ truth: USLPTruth.Channel) {
    let place = ours.key
    expect("\(place): frames", ours.frames, truth.frames)
    expect("\(place): gaps", ours.continuity.gaps, truth.gapEvents)
    expect("\(place): missing", ours.continuity.missing, truth.missing)
    expect("\(place): first count", ours.firstCount, truth.first)
    expect("\(place): last count", ours.lastCount, truth.last)
    expect("\(place): trust", ours.continuity.trust, .trusted)
    expect("\(place): under sequence control", ours.identity.isExpedited, false)
  }

  private mutating func compare(
    _ ours: VirtualChannelHealth, _ truth: USLPTruth.Packets, _ processes: [UInt16: ApplicationProcessHealth],
    _ run: CorpusRun
  ) {
    let place = ours.key
    // Idle packets are among the packets of the truth.
    expect("\(place): packets", ours.packets + ours.idlePackets, truth.stats["space_packets"] ?? 0)
    expect("\(place): idle packets", ours.idlePackets, truth.stats["idle_packets"] ?? 0)
    for (name, count) in truth.apids where name != "2047" {
      expect("\(place) APID \(name): packets", UInt16(name).flatMap { processes[$0]?.packets }, count)
    }
    expect("\(place): APIDs", processes.count, truth.apids.keys.count { $0 != "2047" })
    let bytes = run.packetBytes(ours.identity.spacecraftID.rawValue, ours.identity.virtualChannelID.rawValue)
    expect("\(place): packet bytes", bytes.count, truth.packetsBytes)
    expect("\(place): digest of the packets", SHA256.hex(bytes), truth.packetsSha256)
  }
}
