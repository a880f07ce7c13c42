import CCSDSLink
import CCSDSWire

/// What each link is, and how it is.
enum LinkMetrics {
  static let metrics = [
    .linkGauge("downlinkd_link_up", "Whether the link hears: it is neither down nor disabled.") {
      .flag($0.state == .receiving || $0.state == .quiet)
    },
    Metric(
      .gauge, "downlinkd_link_state", "1 for the state that the link is in, 0 for the others.",
      labels: ["link", "state"]
    ) { station, writer in
      for link in station.links {
        for state in LinkState.allCases { writer.add(.flag(link.state == state), link.name, state.rawValue) }
      }
    },
    .linkGauge(
      "downlinkd_link_pass_expected", "Whether a pass was announced for now; absent where no plan of passes says."
    ) { $0.isPassExpected.map(MetricValue.flag) },
    Metric(
      .info, "downlinkd_link_info", "What the link is by its configuration.",
      labels: ["link", "transport", "frame_kind", "spacecraft"]
    ) { station, writer in
      for link in station.links {
        let spacecraft = link.channel?.spacecraftIDs.map { String($0.rawValue) } ?? []
        writer.add(
          .count(1), link.name, link.transport, link.channel?.frameType.rawValue ?? "packets",
          spacecraft.joined(separator: ","))
      }
    },
    Metric(
      .gauge, "downlinkd_link_problems", "Problems of the link, as 'downlinkctl problems' tells them.",
      labels: ["link", "severity"]
    ) { station, writer in
      for link in station.links {
        for severity in link.problems.bySeverity { writer.add(.count(severity.count), link.name, severity.name) }
      }
    },
    .linkGauge(
      "downlinkd_accounting_balanced", "Whether every unit of the link that came in is in exactly one count."
    ) { .flag($0.snapshot.isBalanced) },
    .linkGauge("downlinkd_link_last_frame_timestamp_seconds", "When the last frame came; 0 before the first.") {
      .time(nanosecondsSince1970: $0.ledger.lastFrameTime?.nanosecondsSince1970)
    },
    .linkGauge("downlinkd_link_status_timestamp_seconds", "When the link was asked for all that is said of it here.") {
      .time(nanosecondsSince1970: $0.takenAt)
    },
    .linkGauge(
      "downlinkd_link_since_timestamp_seconds", "Since when the link is counted; a restart need not begin anew."
    ) { .time(nanosecondsSince1970: $0.since) },
    .link("downlinkd_tcp_connections_total", "Connections that the link made or accepted.") {
      $0.connections?.madeCount
    },
    .link("downlinkd_tcp_connect_failures_total", "Attempts of the link to connect that came to nothing.") {
      $0.connections?.failedAttemptCount
    },
    Metric(
      .counter, "downlinkd_tcp_peers_refused_total", "Peers that were sent away.", labels: ["link", "reason"]
    ) { station, writer in
      for link in station.links {
        for refusal in link.connections?.refused ?? [] { writer.add(.count(refusal.count), link.name, refusal.reason) }
      }
    },
  ]
}
