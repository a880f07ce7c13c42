/// What the daemon's process takes of the host: the names that every exporter has.
enum ProcessMetrics {
  static let metrics = [
    process(.counter, "process_cpu_seconds_total", "Processor time of the process.") { .number($0.cpuSeconds) },
    process(.gauge, "process_resident_memory_bytes", "Resident memory of the process.") {
      .count($0.residentByteCount)
    },
    process(.gauge, "process_open_fds", "Open file descriptors of the process.") { .count($0.descriptorCount) },
    process(.gauge, "process_max_fds", "File descriptors that the process may have.") {
      .count($0.descriptorCapacity)
    },
    process(.gauge, "process_start_time_seconds", "When the process was started, in seconds since 1970.") {
      .number($0.startSeconds)
    },
  ]

  private static func process(
    _ kind: Metric.Kind, _ name: String, _ help: String,
    _ value: @escaping @Sendable (StationSnapshot.Process) -> MetricValue
  ) -> Metric {
    Metric(kind, name, help) { station, writer in
      if let process = station.process { writer.add(value(process)) }
    }
  }
}
