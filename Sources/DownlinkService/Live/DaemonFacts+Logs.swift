import CCSDSLink
import LinkHealth
import Publish
import StationConfiguration

/// What the logs have done and how far they may grow.
extension DaemonFacts {
  /// The answer to `logs`.
  var logDocument: String {
    var json = JSONWriter()
    json.object { writeLogs(to: &$0) }
    return json.text
  }

  private func writeLogs(to json: inout JSONWriter) {
    let logs = configuration.logs
    json.array("logs") { array in
      for (name, counters) in [("events", events), ("stats", statistics)] {
        array.object {
          $0.member("log", name)
          $0.member("path", logs.directory + "/" + name + ".jsonl")
          Self.write(counters, to: &$0)
        }
      }
    }
    json.object("limits") { logs.writeBounds(to: &$0) }
  }

  private static func write(_ counters: LogCounters, to json: inout JSONWriter) {
    json.member("records", counters.recordCount)
    json.member("written_bytes", counters.writtenByteCount)
    json.member("dropped", counters.droppedRecordCount)
    json.member("rotations", counters.rotationCount)
    json.member("compressed_files", counters.compressedFileCount)
    json.member("compression_errors", counters.compressionErrorCount)
    json.member("deleted_files", counters.deletedFileCount)
    json.member("damaged_bytes", counters.damagedByteCount)
    json.member("write_errors", counters.writeErrorCount)
    json.member("synchronizations", counters.synchronizationCount)
    if counters.synchronizedAt > 0 {
      json.member("last_sync", ReceptionTime(nanosecondsSince1970: counters.synchronizedAt).rfc3339)
    }
    json.member("degraded", counters.isDegraded)
    if let failure = counters.failure { json.member("last_error", failure.message) }
    let suppressed = counters.suppressed.byType.sorted { $0.key.rawValue < $1.key.rawValue }
    json.object("suppressed") { for (type, count) in suppressed { $0.member(type.rawValue, count) } }
  }
}
