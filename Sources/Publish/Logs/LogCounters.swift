import Synchronization

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
  /// Finished files that were packed.
  package var compressedFileCount: UInt64 { compressedFiles.value }
  /// Attempts to pack a file that failed; the file stays as it is.
  package var compressionErrorCount: UInt64 { compressionErrors.value }
  /// Finished files that were deleted because of a cap.
  package var deletedFileCount: UInt64 { deletedFiles.value }
  /// Times that all that was written was brought to the disk.
  package var synchronizationCount: UInt64 { synchronizations.value }
  /// When that was last, in nanoseconds since 1970; zero if never.
  package var synchronizedAt: Int64 { Int64(clamping: lastSynchronization.value) }
  /// Times that the system refused something.
  package var writeErrorCount: UInt64 { writeErrors.value }
  /// Bytes behind the last whole record that an earlier run has left.
  package var damagedByteCount: UInt64 { damagedBytes.value }
  /// What failed last, as long as nothing has proved that it works again.
  package var failure: PublishError? { lastFailure.withLock { $0 } }
  /// Whether something failed and nothing has proved yet that it works again.
  package var isDegraded: Bool { failure != nil }
  /// Events that stand in no line of their own, because there were too many like them.
  package let suppressed = SuppressedCounts()

  let records = SharedCount()
  let writtenBytes = SharedCount()
  let droppedRecords = SharedCount()
  let rotations = SharedCount()
  let compressedFiles = SharedCount()
  let compressionErrors = SharedCount()
  let deletedFiles = SharedCount()
  let synchronizations = SharedCount()
  let lastSynchronization = SharedCount()
  let writeErrors = SharedCount()
  let damagedBytes = SharedCount()
  private let lastFailure = Mutex<PublishError?>(nil)

  init() {}

  func note(failure: PublishError?) { lastFailure.withLock { $0 = failure } }
}
