import CCSDSLink

/// The application processes that the configuration lists; all others are counted together.
enum ApplicationProcessMetrics {
  static let metrics: [Metric] = [
    .applicationProcesses("downlinkd_apid_packets_total", "Packets of the application process.") { $0.packets },
    .applicationProcesses(
      "downlinkd_apid_packets_missing_total", "Packets found missing by the sequence count of the application process."
    ) { $0.continuity.found },
    .applicationProcesses(
      "downlinkd_apid_packets_recovered_total", "Packets found missing that came late all the same."
    ) { $0.continuity.recovered },
    .link(
      "downlinkd_unlisted_apid_packets_total", "Packets of application processes that the configuration does not list."
    ) { link in
      link.ledger.packets.unlisted + link.ledger.encapsulationPacketCount
        + link.sum(applicationProcesses: link.identities.otherApplicationProcesses) { $0.packets }
    },
  ]
}
