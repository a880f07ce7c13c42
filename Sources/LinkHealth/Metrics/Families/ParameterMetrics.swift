/// What packets mean, on links that have a mission database, and the parameters that the configuration lists.
enum ParameterMetrics {
  static let metrics = decoding + parameters

  private static let decoding = [
    Metric(
      .counter, "downlinkd_decoded_packets_total", "Packets by what came of them with the mission database.",
      labels: ["link", "outcome"]
    ) { station, writer in
      for link in station.links {
        for packets in link.decoding?.packets ?? [] { writer.add(.count(packets.count), link.name, packets.outcome) }
      }
    },
    .link("downlinkd_decoded_values_total", "Values of parameters that packets brought.") { $0.decoding?.valueCount },
    Metric(
      .gauge, "downlinkd_parameters_in_alarm", "Parameters that violate a limit now.", labels: ["link", "level"]
    ) { station, writer in
      for link in station.links {
        for alarm in link.decoding?.alarms ?? [] { writer.add(.count(alarm.count), link.name, alarm.level) }
      }
    },
    .link("downlinkd_parameter_alarm_changes_total", "Times that an alarm of a parameter began, changed or ended.") {
      $0.decoding?.alarmChangeCount
    },
  ]

  private static let parameters = [
    Metric(
      .gauge, "downlinkd_parameter_value",
      "The last value of the parameter, of an enumeration the raw one; NaN where there is none that a number can say.",
      labels: ["link", "parameter"]
    ) { station, writer in
      for parameter in station.parameters {
        writer.add(.number(parameter.value ?? .nan), parameter.link, parameter.name)
      }
    },
    Metric(
      .gauge, "downlinkd_parameter_last_update_timestamp_seconds",
      "When the last value of the parameter was received; 0 before the first.", labels: ["link", "parameter"]
    ) { station, writer in
      for parameter in station.parameters {
        writer.add(.time(nanosecondsSince1970: parameter.updatedAt), parameter.link, parameter.name)
      }
    },
    Metric(
      .gauge, "downlinkd_parameter_limit_state",
      "1 for the level that the parameter stands at by its limits, 0 for the others.",
      labels: ["link", "parameter", "level"]
    ) { station, writer in
      for parameter in station.parameters {
        guard let current = parameter.level else { continue }
        for level in station.parameterLevels {
          writer.add(.flag(level == current), parameter.link, parameter.name, level)
        }
      }
    },
  ]
}
