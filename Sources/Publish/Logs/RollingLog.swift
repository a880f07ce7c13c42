package import Dispatch
import Synchronization

/// A log in JSON Lines that rolls: `events.jsonl` or `stats.jsonl`, and the finished files beside it.
///
/// It is owned by one serial queue. Any queue may append: that never waits, and when the owner falls behind the
/// record is dropped and counted. Each record has the next sequence number, dropped ones included, over rotations and
/// restarts, so that a gap in a log proves a loss. What is written is also handed on, numbered as in the log.
package actor RollingLog {
  /// What it has done so far.
  package nonisolated let counters = LogCounters()
  /// The log's queue.
  package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  private nonisolated let executor: QueueExecutor
  private nonisolated let options: Options
  private var synchronizesEveryRecord: Bool
  private nonisolated let compressor: LogCompressor
  private nonisolated let backlogCount = Atomic<Int>(0)
  private nonisolated let refusedCount = Atomic<UInt64>(0)
  private let outlets: Outlets
  private let clocks: StatusServer.Clocks

  private var writer: RollingLogWriter?
  private var gate = EventGate()
  private var health = LogHealth()
  private var lastSequenceNumber: UInt64 = 0
  /// Whether anything was written since the disk had it all.
  private var isDirty = false
  /// Whether the file system has less room than has to stay free.
  private var isShortOfSpace = false
  private var capsCheckedAt: Int64 = .min

  /// A log that is not open yet.
  ///
  /// - Parameters:
  ///   - compression: Where finished files are packed; a queue that may be slow.
  ///   - clocks: The wall clock is for names and ages of files. Records bring their own time.
  package init(
    _ options: Options, queue: DispatchQueue, compression: DispatchQueue? = nil, outlets: Outlets = Outlets(),
    clocks: StatusServer.Clocks
  ) {
    self.options = options
    synchronizesEveryRecord = options.synchronizesEveryRecord
    self.outlets = outlets
    self.clocks = clocks
    executor = QueueExecutor(queue: queue)
    compressor = LogCompressor(
      options, counters: counters,
      queue: compression ?? DispatchQueue(label: "downlinkd.logs.compression", qos: .background)
    ) { outlets.notice(.uncompressed($0)) }
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
      assumeIsolated { $0.take(record) }
    }
  }

  /// Closes the files and opens those that the names lead to now, as HUP and USR1 ask for.
  package nonisolated func reopen() { enter { $0.reopenFiles() } }

  /// Finishes the file and starts the next one, however small or young it is.
  package nonisolated func rotate() { enter { $0.maintain(forcingRotation: true) } }

  /// Takes over how large and old files may grow and when they are brought to the disk; all else stays.
  package nonisolated func setBounds(_ options: Options) { enter { $0.take(options) } }

  /// Sees to age, caps and a file that was moved away by others. Call it about once a second.
  package nonisolated func tick() { enter { $0.maintain(forcingRotation: false) } }

  /// Brings what is written to the disk. A file that the disk has refused once is not trusted again: a new one begins.
  package nonisolated func synchronize() { enter { $0.synchronizeFiles() } }

  /// Writes what waits, brings it to the disk and closes. Waits; not to be called on the log's queue.
  package nonisolated func close() {
    compressor.stop()
    executor.queue.sync { assumeIsolated { $0.closeFiles() } }
  }

  private nonisolated func enter(_ body: @escaping @Sendable (isolated RollingLog) -> Void) {
    executor.queue.async { [self] in assumeIsolated { body($0) } }
  }

  // MARK: Opening and closing

  private func openFiles() -> Result<Void, PublishError> {
    do throws(PublishError) {
      let writer = try RollingLogWriter(options: options)
      let beginning = try writer.open(at: clocks.wall())
      self.writer = writer
      // What was damaged has taken a number too: it is left out, so that the gap shows the loss.
      lastSequenceNumber = beginning.lastSequenceNumber + (beginning.damagedByteCount > 0 ? 1 : 0)
      note(beginning, writer)
    } catch { return .failure(error) }
    keepWithinCaps()
    compressor.request(at: clocks.monotonic())
    return .success(())
  }

  private func take(_ bounds: Options) {
    synchronizesEveryRecord = bounds.synchronizesEveryRecord
    compressor.isOn = bounds.compresses
    writer?.setBounds(bounds)
    keepWithinCaps()
    compressor.request(at: clocks.monotonic())
  }

  private func reopenFiles() {
    guard let writer else { return }
    attempt { () throws(PublishError) in note(try writer.reopen(at: clocks.wall()), writer) }
  }

  private func closeFiles() {
    countRefused()
    counters.suppressed.add(gate.takeSuppressed())
    guard let writer else { return }
    attempt { () throws(PublishError) in
      try writer.synchronize()
      if health.hasWritten { recover(writer) }
    }
    self.writer = nil
  }

  private func note(_ beginning: RollingLogWriter.Beginning, _ writer: RollingLogWriter) {
    guard beginning.damagedByteCount > 0 else { return }
    counters.damagedBytes.add(UInt64(beginning.damagedByteCount))
    outlets.notice(
      .truncated(
        path: writer.activePath, byteCount: beginning.damagedByteCount, cutByteCount: beginning.cutByteCount))
  }

  // MARK: Writing

  private func take(_ record: EventRecord) {
    countRefused()
    if gate.admits(record, at: clocks.wall()) { write(record) }
  }

  private func write(_ record: EventRecord) {
    lastSequenceNumber += 1
    let text = record.render(seq: lastSequenceNumber, runID: options.runID)
    outlets.line(EventLine(eventType: record.eventType, link: record.link, text: text))
    guard let writer, !isShortOfSpace else { return drop(1) }
    attempt { () throws(PublishError) in
      if let path = try writer.rotateIfDue(before: text, at: clocks.wall(), clocks.monotonic()) {
        noteRotation(to: path)
      }
    }
    do throws(PublishError) {
      counters.writtenBytes.add(UInt64(try writer.append(text, at: clocks.wall())))
      counters.records.add()
      isDirty = true
      health.noteWritten()
    } catch {
      fail(error)
      drop(1)
    }
    if synchronizesEveryRecord || health.isProbeDue(at: clocks.monotonic()) { synchronizeFiles() }
  }

  /// Takes the numbers of the records that found the owner too far behind.
  private func countRefused() {
    let count = refusedCount.exchange(0, ordering: .relaxed)
    guard count > 0 else { return }
    lastSequenceNumber += count
    degrade(.system(.writeLog, path: writer?.activePath ?? options.directory, errno: RollingLogWriter.noBufferSpace))
    drop(count)
  }

  private func synchronizeFiles() {
    let now = clocks.monotonic()
    guard let writer, isDirty, !health.cannotSynchronize || health.isProbeDue(at: now) else { return }
    do throws(PublishError) {
      try writer.synchronize()
      isDirty = false
      counters.synchronizations.add()
      counters.lastSynchronization.set(Int(clocks.wall()))
      if health.hasWritten, health.isProbeDue(at: now) { recover(writer) }
    } catch {
      // What the disk has refused once may be lost without another word: the file ends here.
      fail(error, synchronizing: true)
      attempt { () throws(PublishError) in
        if let path = try writer.rotate(abandoning: true, at: clocks.wall(), now) { noteRotation(to: path) }
      }
    }
  }

  // MARK: Upkeep

  private func maintain(forcingRotation isForced: Bool) {
    counters.suppressed.add(gate.takeSuppressed())
    guard let writer else { return }
    let (time, now) = (clocks.wall(), clocks.monotonic())
    attempt { () throws(PublishError) in
      if writer.isReplaced { note(try writer.reopen(at: time), writer) }
      let path = try isForced ? writer.rotate(at: time, now) : writer.rotateIfDue(before: "", at: time, now)
      if let path { noteRotation(to: path) }
    }
    if capsCheckedAt == .min || now - capsCheckedAt >= Self.capsInterval { keepWithinCaps() }
    makeRoom()
    compressor.tick(at: now)
    probe(writer, at: now)
  }

  private static let capsInterval: Int64 = 60_000_000_000

  private func noteRotation(to path: String) {
    counters.rotations.add()
    outlets.notice(.rotated(path: path))
    keepWithinCaps()
    compressor.request(at: clocks.monotonic())
  }

  private func keepWithinCaps() {
    guard let writer else { return }
    capsCheckedAt = clocks.monotonic()
    attempt { () throws(PublishError) in counters.deletedFiles.add(UInt64(try writer.enforceCaps(at: clocks.wall()))) }
    makeRoom()
  }

  private func makeRoom() {
    guard let writer else { return }
    do throws(PublishError) {
      try writer.makeRoom { counters.deletedFiles.add() }
      isShortOfSpace = false
    } catch {
      let wasShortOfSpace = isShortOfSpace
      if case .shortOfSpace = error { isShortOfSpace = true }
      if !(wasShortOfSpace && isShortOfSpace) { fail(error) }
    }
  }

  /// A log without records has to find out by itself that it could be written again.
  private func probe(_ writer: RollingLogWriter, at now: Int64) {
    guard health.isProbeDue(at: now), !isShortOfSpace else { return }
    guard !health.hasWritten else { return synchronizeFiles() }
    attempt { () throws(PublishError) in
      try writer.probe()
      try writer.synchronize()
      recover(writer)
    }
  }

  // MARK: Failure and recovery

  private func attempt(_ body: () throws(PublishError) -> Void) {
    do throws(PublishError) { try body() } catch { fail(error) }
  }

  private func fail(_ error: PublishError, synchronizing: Bool = false) {
    counters.writeErrors.add()
    degrade(error, synchronizing: synchronizing)
  }

  private func degrade(_ error: PublishError, synchronizing: Bool = false) {
    guard health.fail(synchronizing: synchronizing, at: clocks.monotonic()) else { return }
    counters.degraded.set(1)
    outlets.notice(.degraded(error))
  }

  private func drop(_ count: UInt64) {
    health.drop(count)
    counters.droppedRecords.add(count)
  }

  private func recover(_ writer: RollingLogWriter) {
    counters.degraded.set(0)
    let droppedCount = health.recover(at: clocks.monotonic())
    outlets.notice(.recovered(path: writer.activePath, droppedRecordCount: droppedCount))
  }
}
