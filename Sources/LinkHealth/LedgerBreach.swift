import CCSDSLink

/// An identity of the ledger that does not hold: units that came in and are in no bucket, or in two.
package struct LedgerBreach: Sendable, Equatable {
  package enum Level: String, Sendable {
    case datagrams
    case streamBytes = "stream_bytes"
    case codewords
    case codeblocks
    /// Every codeblock that could be decoded is a frame received.
    case codeblockFrames = "codeblock_frames"
    case frames
    /// The frames of the channels together are the frames accepted.
    case channelFrames = "channel_frames"
    case zoneBytes = "zone_bytes"
    case packets
    /// The packets of the channels together are the packets completed.
    case channelPackets = "channel_packets"
    /// The packets of the application processes together are the packets delivered.
    case applicationPackets = "application_packets"
    case serviceDataUnits = "service_data_units"
  }

  package let level: Level
  package let received: Int
  package let accounted: Int
}

extension LossLedger {
  /// The identities that do not hold.
  ///
  /// - Parameters:
  ///   - heldFrameCount: The frames that the link holds back, asked of the link itself.
  ///   - pendingByteCount: The bytes of unfinished packets that the link holds, asked of the link itself.
  ///   - pendingServiceDataByteCount: Those of unfinished service data units.
  package func breaches(
    heldFrameCount: Int, pendingByteCount: Int, pendingServiceDataByteCount: Int = 0
  ) -> [LedgerBreach] {
    let accounts: [(LedgerBreach.Level, Int, Int)] = [
      (.datagrams, datagrams.received, datagrams.accepted + datagrams.rejected.total),
      (.streamBytes, streamBytes.received, streamBytes.framed + streamBytes.skipped + streamBytes.pending),
      (.codewords, codewords.received, codewords.clean + codewords.corrected + codewords.uncorrectable),
      (.codeblocks, codeblocks.received, codeblocks.decoded + codeblocks.uncorrectable + codeblocks.refused),
      // A link without coding has no codeblocks.
      (.codeblockFrames, codeblocks.decoded, codeblocks.received > 0 ? frames.received : 0),
      (
        .frames, frames.received,
        frames.delivered + frames.idle + frames.unlisted + frames.rejected.total + heldFrameCount
      ),
      (.channelFrames, frames.delivered + frames.idle, virtualChannels.reduce(0) { $0 + $1.frames }),
      (
        .zoneBytes, zoneBytes.received,
        zoneBytes.packets + zoneBytes.idlePackets + zoneBytes.discarded.total + pendingByteCount
      ),
      (.packets, packets.completed, packets.delivered + packets.idle + packets.rejected.total),
      (
        .channelPackets, packets.completed,
        virtualChannels.reduce(0) { $0 + $1.packets + $1.idlePackets + $1.rejectedPackets }
      ),
      (
        .applicationPackets, packets.delivered,
        applicationProcesses.reduce(0) { $0 + $1.packets } + packets.unlisted + encapsulationPacketCount
      ),
      (
        .serviceDataUnits, serviceDataUnits.receivedByteCount,
        serviceDataUnits.deliveredByteCount + serviceDataUnits.fillByteCount + serviceDataUnits.discarded.total
          + pendingServiceDataByteCount
      ),
    ]
    return accounts.filter { $0.1 != $0.2 }.map { LedgerBreach(level: $0.0, received: $0.1, accounted: $0.2) }
  }
}
