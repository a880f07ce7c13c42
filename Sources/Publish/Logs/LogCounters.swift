package import Synchronization

/// What one log has done so far; any queue may read it at any time.
package final class LogCounters: Sendable {
  package let recordCount = Atomic<UInt64>(0)
  package let writtenByteCount = Atomic<UInt64>(0)
  /// Records that never reached the file. Their sequence numbers are missing in it.
  package let droppedRecordCount = Atomic<UInt64>(0)
  package let rotationCount = Atomic<UInt64>(0)
  package let writeErrorCount = Atomic<UInt64>(0)
  package let isDegraded = Atomic<Bool>(false)

  init() {}
}
