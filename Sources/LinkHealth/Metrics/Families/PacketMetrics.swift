import CCSDSLink

/// Packets, and where the bytes of data fields went: into packets, into idle ones, nowhere, or into a buffer.
enum PacketMetrics {
  static let metrics = packets + bytes

  private static let packets: [Metric] = [
    .channels("downlinkd_packets_total", "Packets of the virtual channel that were delivered.") { $0.packets },
    .otherChannels(
      "downlinkd_unlisted_vc_packets_total",
      "Packets delivered of virtual channels that the configuration does not name."
    ) { $0.packets },
    .link("downlinkd_packets_idle_total", "Packets that carry fill and nothing else.") { $0.ledger.packets.idle },
    .link("downlinkd_packets_missing_total", "Packets found missing, over all application processes of the link.") {
      $0.ledger.applicationProcesses.reduce(0) { $0 + $1.continuity.found }
    },
    .link("downlinkd_packets_recovered_total", "Packets found missing that came late all the same.") {
      $0.ledger.applicationProcesses.reduce(0) { $0 + $1.continuity.recovered }
    },
    .reasons("downlinkd_packets_rejected_total", "Packets that were whole, and were not delivered.") {
      $0.ledger.packets.rejected
    },
    .reasons("downlinkd_packets_abandoned_total", "Packets that had begun and were never completed.") {
      $0.ledger.packets.abandoned
    },
  ]

  private static let bytes: [Metric] = [
    .link("downlinkd_data_field_bytes_total", "Bytes of packets that data fields of frames brought.") {
      $0.ledger.zoneBytes.received
    },
    .channels("downlinkd_packet_bytes_total", "Bytes of the packets of the virtual channel that were delivered.") {
      $0.packetByteCount
    },
    .otherChannels(
      "downlinkd_unlisted_vc_packet_bytes_total",
      "Bytes of the packets delivered of virtual channels that the configuration does not name."
    ) { $0.packetByteCount },
    .link("downlinkd_packets_idle_bytes_total", "Bytes of idle packets.") { $0.ledger.zoneBytes.idlePackets },
    .reasons("downlinkd_discarded_bytes_total", "Bytes of data fields that are in no packet delivered.") {
      $0.ledger.zoneBytes.discarded
    },
    .linkGauge("downlinkd_reassembly_buffer_bytes", "Bytes of packets that have begun and are not whole yet.") {
      .count($0.snapshot.pendingByteCount)
    },
  ]
}
