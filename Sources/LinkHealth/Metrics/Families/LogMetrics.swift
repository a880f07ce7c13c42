/// The rolling logs, and the events that stand in no line of their own.
enum LogMetrics {
  static let metrics = [
    log(.counter, "downlinkd_log_records_total", "Records written to the log.") { .count($0.recordCount) },
    log(.counter, "downlinkd_log_written_bytes_total", "Bytes written to the log.") { .count($0.writtenByteCount) },
    log(.counter, "downlinkd_log_records_dropped_total", "Records that never reached the log.") {
      .count($0.droppedRecordCount)
    },
    log(.counter, "downlinkd_log_rotations_total", "Files of the log that were finished.") { .count($0.rotationCount) },
    log(.counter, "downlinkd_log_write_errors_total", "Times that the system refused to write the log.") {
      .count($0.writeErrorCount)
    },
    log(.counter, "downlinkd_log_compression_errors_total", "Finished files that could not be packed.") {
      .count($0.compressionErrorCount)
    },
    log(.counter, "downlinkd_log_deleted_files_total", "Finished files that were deleted because of a bound.") {
      .count($0.deletedFileCount)
    },
    log(.gauge, "downlinkd_log_degraded", "Whether the log cannot be written at present.") { .flag($0.isDegraded) },
    Metric(
      .counter, "downlinkd_events_suppressed_total",
      "Events that stand in no line of their own, because there were too many like them.", labels: ["event_type"]
    ) { station, writer in
      for event in station.suppressedEvents { writer.add(.count(event.count), event.type) }
    },
    Metric(.counter, "downlinkd_textfile_writes_total", "Times that the metrics were written to their file.") {
      if let textfile = $0.textfile { $1.add(.count(textfile.writeCount)) }
    },
    Metric(
      .counter, "downlinkd_textfile_write_errors_total", "Times that the file of the metrics could not be written."
    ) { if let textfile = $0.textfile { $1.add(.count(textfile.errorCount)) } },
  ]

  private static func log(
    _ kind: Metric.Kind, _ name: String, _ help: String,
    _ value: @escaping @Sendable (StationSnapshot.Log) -> MetricValue
  ) -> Metric {
    Metric(kind, name, help, labels: ["log"]) { station, writer in
      for log in station.logs { writer.add(value(log), log.name) }
    }
  }
}
