/// What one log has done so far; any queue may read it at any time.
package final class LogCounters: Sendable {
  /// The records in the files.
  package var recordCount: UInt64 { records.value }
  /// The bytes in the files.
  package var writtenByteCount: UInt64 { writtenBytes.value }
  /// Records that never reached the file. Their sequence numbers are missing in it.
  package var droppedRecordCount: UInt64 { droppedRecords.value }
  /// Files that were finished.
  package var rotationCount: UInt64 { rotations.value }
  /// Times that all that was written was brought to the disk.
  package var synchronizationCount: UInt64 { synchronizations.value }
  /// Times that the system refused something.
  package var writeErrorCount: UInt64 { writeErrors.value }
  /// Whether records are being dropped at the moment.
  package var isDegraded: Bool { degraded.value != 0 }

  let records = SharedCount()
  let writtenBytes = SharedCount()
  let droppedRecords = SharedCount()
  let rotations = SharedCount()
  let synchronizations = SharedCount()
  let writeErrors = SharedCount()
  let degraded = SharedCount()

  init() {}
}
