import CCSDSLink
import CCSDSWire
import LinkHealth
import TestSupport

extension FrameTruth {
  /// The managed parameters that the truth was made with. Channels without packets carry data units of their own.
  var parameters: PhysicalChannelParameters {
    var parameters = PhysicalChannelParameters(
      frameType: config.kind == "TM" ? .tm : .aos, frameByteCount: config.frameLength)
    parameters.errorControl = config.fecf ? .crc16 : .none
    parameters.insertZoneByteCount = config.insertZone
    parameters.hasOperationalControlField = config.ocf ?? false
    if let spacecraft = config.acceptScid { parameters.spacecraftIDs = [SpacecraftID(spacecraft)] }
    // A list of channels is a list of all of them.
    if vcs.contains(where: { packets[$0.key] == nil && !isIdle($0.value) }) {
      parameters.virtualChannels = vcs.sorted { $0.key < $1.key }.map { key, channel in
        var listed = VirtualChannelParameters(virtualChannelID: VirtualChannelID(channel.vcid))
        listed.spacecraftID = SpacecraftID(channel.scid)
        listed.service = isIdle(channel) ? .idle : packets[key] == nil ? .vca : .packet
        return listed
      }
    }
    return parameters
  }

  private func isIdle(_ channel: Channel) -> Bool { config.kind == "AOS" && channel.vcid == 63 }

  /// One less than the range of the frame counter.
  var missingFramesOfARepeat: Int { config.kind == "TM" ? 255 : 16_777_215 }
}

extension Comparison {
  mutating func compare(_ run: CorpusRun, _ truth: FrameTruth) {
    compareTotals(run, truth)
    let channels = run.ledger.virtualChannels
    expect("channels", channels.map(\.key).sorted(), truth.vcs.keys.sorted())
    for (index, channel) in channels.enumerated() {
      guard let expected = truth.vcs[channel.key] else { continue }
      compare(channel, expected, truth)
      guard let packets = truth.packets[channel.key] else { continue }
      comparePackets(run, channel, packets)
      compare(run.applications(ofChannel: index), packets.apids, in: channel.key)
    }
    for master in run.ledger.masterChannels {
      let name = String(master.spacecraftID.rawValue)
      guard let expected = truth.masterChannels?[name] else { continue }
      expect("spacecraft \(name): frames", master.frames, expected.frames)
    }
    expect(
      "a packet unfinished at the end", run.snapshot.pendingByteCount > 0,
      truth.packets.values.contains { $0.partialAtEof })
  }

  private mutating func compareTotals(_ run: CorpusRun, _ truth: FrameTruth) {
    let frames = run.ledger.frames
    expect("frames in all", frames.received, truth.framesTotal + (truth.trailingBytes > 0 ? 1 : 0))
    expect("frames accepted", frames.delivered + frames.idle, truth.counts["accepted"] ?? 0)
    var rejected: [String: Int] = [:]
    rejected["version"] = truth.counts["bad_version"]
    rejected["fecf"] = truth.counts["fecf_bad"]
    rejected["scid"] = truth.counts["other_scid"]
    if truth.trailingBytes > 0 { rejected["length"] = 1 }
    expect("frames rejected", run.rejectedFrames, rejected)
    expect("frames unlisted", frames.unlisted, 0)
  }

  private mutating func compare(_ ours: VirtualChannelHealth, _ truth: FrameTruth.Channel, _ item: FrameTruth) {
    let place = ours.key
    expect("\(place): frames", ours.frames, truth.frames)
    if item.packets.isEmpty, ours.idleFrames == ours.frames {
      // The pointer in each of them is 7FE. Where there are no packets the truth does not look at it.
      note(rule: "\(place): all \(truth.frames) frames say that they hold only idle data, which the truth leaves out")
    } else {
      expect("\(place): idle frames", ours.idleFrames, truth.idleFrames)
    }
    expect("\(place): first count", ours.firstCount, truth.vcfcFirst)
    expect("\(place): last count", ours.lastCount, truth.vcfcLast)
    expect("\(place): repeats by the truth's own histogram", truth.duplicates, truth.deltaHist["0"] ?? 0)
    let continuity = ours.continuity
    expect("\(place): duplicates", continuity.duplicates, truth.duplicates)
    expect("\(place): gaps", continuity.gaps, truth.gapEvents - truth.duplicates)
    expect(
      "\(place): missing", continuity.missing, truth.missing - item.missingFramesOfARepeat * truth.duplicates)
    expect("\(place): missing at most", continuity.missingAtMost, continuity.missing)
    expect("\(place): late", continuity.late, 0)
    expect("\(place): discontinuities", continuity.discontinuities, 0)
    // A counter of which every step is 0 has never moved.
    let isFrozen = truth.duplicates > 0 && truth.duplicates == truth.frames - 1
    expect("\(place): trust", continuity.trust, isFrozen ? .frozen : .trusted)
    if truth.duplicates > 0 {
      note(
        rule: "\(place): \(truth.duplicates) times the same frame count again, "
          + "which the truth calls a gap of \(item.missingFramesOfARepeat) each and we a duplicate")
    }
  }

  private mutating func comparePackets(
    _ run: CorpusRun, _ ours: VirtualChannelHealth, _ truth: FrameTruth.Packets
  ) {
    let place = ours.key
    let all = (truth.stats["space_packets"] ?? 0) + (truth.stats["encapsulation_packets"] ?? 0)
    let idle = (truth.stats["idle_packets"] ?? 0) + (truth.stats["encapsulation_idle"] ?? 0)
    expect("\(place): packets", ours.packets + ours.idlePackets, all)
    expect("\(place): idle packets", ours.idlePackets, idle)
    let bytes = run.packetBytes(ours.identity.spacecraftID.rawValue, ours.identity.virtualChannelID.rawValue)
    expect("\(place): packet bytes", bytes.count, truth.packetsBytes)
    expect("\(place): digest of the packets", SHA256.hex(bytes), truth.packetsSha256)
  }
}

extension VirtualChannelHealth {
  /// What the corpus calls the channel.
  var key: String { "\(identity.spacecraftID.rawValue):\(identity.virtualChannelID.rawValue)" }
}
