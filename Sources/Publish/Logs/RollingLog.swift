package import Dispatch
import Synchronization

/// A log in JSON Lines that rolls: `events.jsonl` or `stats.jsonl`, and the finished files beside it.
///
/// It is owned by one serial queue. Any queue may append: that never waits, and when the owner falls behind the
/// record is dropped and counted. Each record has the next sequence number, dropped ones included, over rotations and
/// restarts, so that a gap in a log proves a loss. What is written is also handed on, numbered as in the log.
package actor RollingLog {
  /// Where a log is and how far it may grow.
  package struct Options: Sendable {
    /// The directory of its files; it has to be there.
    package var directory: String
    /// `events` or `stats`; from a closed set, never from the wire.
    package var name: String
    /// The size at which a file is finished.
    package var maximumFileByteCount = 64 << 20
    /// The age of its first record at which a file is finished.
    package var maximumFileAgeSeconds = 86_400
    /// Of the finished files together.
    package var maximumTotalByteCount = 1 << 30
    /// Whether every record is brought to the disk before the next one; otherwise `synchronize` does it for all.
    package var synchronizesEveryRecord = false
    /// The records that may wait for the owner, where nothing else is said.
    package static let defaultBacklogCapacity = 4096
    /// The records that may wait for the owner.
    package var backlogCapacity = defaultBacklogCapacity
    /// Which run this is; it stands in every record.
    package var runID: String

    /// The options of a log in `directory`, with the usual bounds.
    package init(directory: String, name: String, runID: String) {
      self.directory = directory
      self.name = name
      self.runID = runID
    }
  }

  /// What goes out of a log besides the file. Both run on the log's queue.
  package struct Outlets: Sendable {
    /// Takes each record as it stands in the log, whether the file could take it or not.
    package var line: @Sendable (EventLine) -> Void
    /// Takes what the log has to say about itself.
    package var notice: @Sendable (LogNotice) -> Void

    /// Outlets; what is not given goes nowhere.
    package init(
      line: @escaping @Sendable (EventLine) -> Void = { _ in },
      notice: @escaping @Sendable (LogNotice) -> Void = { _ in }
    ) {
      self.line = line
      self.notice = notice
    }
  }

  /// What it has done so far.
  package nonisolated let counters = LogCounters()
  /// The log's queue.
  package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  private nonisolated let executor: QueueExecutor
  private nonisolated let options: Options
  private var synchronizesEveryRecord: Bool
  private nonisolated let backlogCount = Atomic<Int>(0)
  private nonisolated let refusedCount = Atomic<UInt64>(0)
  private let outlets: Outlets
  private let clock: @Sendable () -> Int64

  private var writer: RollingLogWriter?
  private var lastSequenceNumber: UInt64 = 0
  private var droppedSinceDegraded: UInt64 = 0
  private var isDegraded = false
  /// Whether anything was written since the disk had it all.
  private var isDirty = false

  /// A log that is not open yet.
  ///
  /// - Parameter clock: Nanoseconds since 1970, for names and ages of files. Records bring their own time.
  package init(
    _ options: Options, queue: DispatchQueue, outlets: Outlets = Outlets(), clock: @escaping @Sendable () -> Int64
  ) {
    self.options = options
    synchronizesEveryRecord = options.synchronizesEveryRecord
    self.outlets = outlets
    self.clock = clock
    executor = QueueExecutor(queue: queue)
  }

  // MARK: From any queue

  /// Opens the log and takes up its numbering. Waits; not to be called on the log's queue.
  package nonisolated func open() throws(PublishError) {
    let result: Result<Void, PublishError> = executor.queue.sync { assumeIsolated { $0.openFiles() } }
    try result.get()
  }

  /// Appends a record soon. Never waits, whatever the disk does.
  package nonisolated func append(_ record: EventRecord) {
    guard backlogCount.add(1, ordering: .relaxed).newValue <= options.backlogCapacity else {
      backlogCount.subtract(1, ordering: .relaxed)
      refusedCount.add(1, ordering: .relaxed)
      return
    }
    executor.queue.async { [self] in
      backlogCount.subtract(1, ordering: .relaxed)
      assumeIsolated { $0.write(record) }
    }
  }

  /// Closes the files and opens those that the names lead to now, as HUP and USR1 ask for.
  package nonisolated func reopen() { enter { $0.reopenFiles() } }

  /// Finishes the file and starts the next one, however small or young it is.
  package nonisolated func rotate() { enter { $0.maintain(forcingRotation: true) } }

  /// Takes over how large and old files may grow and when they are brought to the disk; all else stays.
  package nonisolated func setBounds(_ options: Options) { enter { $0.take(options) } }

  /// Sees to age and to a file that was moved away by others. Call it about once a second.
  package nonisolated func tick() { enter { $0.maintain(forcingRotation: false) } }

  /// Brings what is written to the disk. A file that the disk has refused once is not trusted again: a new one begins.
  package nonisolated func synchronize() { enter { $0.synchronizeFiles() } }

  /// Writes what waits, brings it to the disk and closes. Waits; not to be called on the log's queue.
  package nonisolated func close() { executor.queue.sync { assumeIsolated { $0.closeFiles() } } }

  private nonisolated func enter(_ body: @escaping @Sendable (isolated RollingLog) -> Void) {
    executor.queue.async { [self] in assumeIsolated { body($0) } }
  }

  // MARK: On its queue

  private func openFiles() -> Result<Void, PublishError> {
    do throws(PublishError) {
      let writer = try RollingLogWriter(options: options)
      let tail = try writer.open(at: clock())
      self.writer = writer
      // A torn line has taken a number too: it is left out, so that the gap shows the loss.
      lastSequenceNumber = tail.lastSequenceNumber + (tail.tornByteCount > 0 ? 1 : 0)
      if tail.tornByteCount > 0 {
        outlets.notice(.truncated(path: writer.activePath, byteCount: tail.tornByteCount))
      }
      return .success(())
    } catch { return .failure(error) }
  }

  private func write(_ record: EventRecord) {
    countRefused()
    lastSequenceNumber += 1
    let text = record.render(seq: lastSequenceNumber, runID: options.runID)
    outlets.line(EventLine(eventType: record.eventType, link: record.link, text: text))
    guard let writer else {
      drop(1)
      return
    }
    attempt(orDrop: 1) { () throws(PublishError) in
      if let rotated = try writer.rotateIfDue(before: text, at: clock()) { noteRotation(to: rotated) }
      counters.writtenBytes.add(UInt64(try writer.append(text, at: clock())))
      counters.records.add()
      isDirty = true
      recover(writer)
    }
    if synchronizesEveryRecord { synchronizeFiles() }
  }

  private func maintain(forcingRotation isForced: Bool) {
    guard let writer else { return }
    attempt(orDrop: 0) { () throws(PublishError) in
      if writer.isReplaced { try writer.reopen(at: clock()) }
      if let rotated = try isForced ? writer.rotate(at: clock()) : writer.rotateIfDue(before: "", at: clock()) {
        noteRotation(to: rotated)
      }
    }
  }

  private func take(_ bounds: Options) {
    synchronizesEveryRecord = bounds.synchronizesEveryRecord
    writer?.setBounds(bounds)
  }

  private func reopenFiles() {
    guard let writer else { return }
    attempt(orDrop: 0) { () throws(PublishError) in try writer.reopen(at: clock()) }
  }

  private func synchronizeFiles() {
    guard let writer, isDirty else { return }
    isDirty = false
    do throws(PublishError) {
      try writer.synchronize()
      counters.synchronizations.add()
    } catch {
      fail(error)
      maintain(forcingRotation: true)
    }
  }

  private func closeFiles() {
    countRefused()
    guard let writer else { return }
    attempt(orDrop: 0) { () throws(PublishError) in try writer.synchronize() }
    self.writer = nil
  }

  private func noteRotation(to path: String) {
    counters.rotations.add()
    outlets.notice(.rotated(path: path))
  }

  /// Takes the numbers of the records that found the owner too far behind.
  private func countRefused() {
    let count = refusedCount.exchange(0, ordering: .relaxed)
    guard count > 0 else { return }
    lastSequenceNumber += count
    degrade(.system(.writeLog, path: writer?.activePath ?? options.directory, errno: RollingLogWriter.noBufferSpace))
    drop(count)
  }

  // MARK: Failure and recovery

  private func attempt(orDrop count: UInt64, _ body: () throws(PublishError) -> Void) {
    do throws(PublishError) {
      try body()
    } catch {
      fail(error)
      drop(count)
    }
  }

  private func fail(_ error: PublishError) {
    counters.writeErrors.add()
    degrade(error)
  }

  private func drop(_ count: UInt64) {
    droppedSinceDegraded += count
    counters.droppedRecords.add(count)
  }

  private func degrade(_ error: PublishError) {
    guard !isDegraded else { return }
    isDegraded = true
    counters.degraded.set(1)
    outlets.notice(.degraded(error))
  }

  private func recover(_ writer: RollingLogWriter) {
    guard isDegraded else { return }
    isDegraded = false
    counters.degraded.set(0)
    outlets.notice(.recovered(path: writer.activePath, droppedRecordCount: droppedSinceDegraded))
    droppedSinceDegraded = 0
  }
}
