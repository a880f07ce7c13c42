import CCSDSLink

/// What the program is, how its configuration stands, and what is wrong.
enum StationMetrics {
  static let metrics = [
    Metric(.info, "downlinkd_build_info", "What this daemon is.", labels: ["version", "swift"]) { station, writer in
      writer.add(.count(1), station.build.version, station.build.swift)
    },
    Metric(
      .gauge, "downlinkd_config_last_reload_successful", "Whether the configuration was good when it was read last."
    ) { $1.add(.flag($0.configuration.isLastReloadSuccessful)) },
    Metric(
      .gauge, "downlinkd_config_last_reload_success_timestamp_seconds",
      "When the configuration in force was read."
    ) { $1.add(.time(nanosecondsSince1970: $0.configuration.loadedAt)) },
    Metric(
      .gauge, "downlinkd_problems", "Problems that belong to no link, as 'downlinkctl problems' tells them.",
      labels: ["severity"]
    ) { station, writer in
      for severity in station.problems.bySeverity { writer.add(.count(severity.count), severity.name) }
    },
    Metric(.counter, "downlinkd_clock_steps_total", "Times that the clock of this host was set by more than 0.5 s.") {
      $1.add(.count($0.host.clockStepCount))
    },
    Metric(
      .gauge, "downlinkd_leap_seconds_expiry_timestamp_seconds",
      "Until when the list of leap seconds holds; 0 where it does not say."
    ) { $1.add(.time(nanosecondsSince1970: $0.host.leapSecondExpiry)) },
  ]
}
