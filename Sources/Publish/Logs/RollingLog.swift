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
  /// Whether the owner has still to come to what it was asked to do last: asked twice, it does it once.
  private nonisolated let isTickWaiting = Atomic<Bool>(false)
  private nonisolated let isSynchronizationWaiting = Atomic<Bool>(false)
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
  package nonisolated func tick() {
    guard !isTickWaiting.exchange(true, ordering: .relaxed) else { return }
    enter {
      $0.isTickWaiting.store(false, ordering: .relaxed)
      $0.maintain(forcingRotation: false)
    }
  }

  /// Brings what is written to the disk. A file that the disk has refused once is not trusted again: a new one begins.
  package nonisolated func synchronize() { enter { $0.synchronizeFiles() } }

  /// The same for whoever asks again and again: as long as the owner has not come to it, nothing more is asked of it.
  package nonisolated func synchronizeRegularly() {
    guard !isSynchronizationWaiting.exchange(true, ordering: .acquiringAndReleasing) else { return }
    enter {
      $0.isSynchronizationWaiting.store(false, ordering: .releasing)
      $0.synchronizeFiles()
    }
  }

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
      if health.hasWritten, !health.cannotSynchronize { recover(writer) }
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
    outlets.line(
      EventLine(eventType: record.eventType, link: record.link, sequenceNumber: lastSequenceNumber, text: text))
    guard let writer, !isShortOfSpace else { return drop(1) }
    attempt { () throws(PublishError) in
      let (time, now) = (clocks.wall(), clocks.monotonic())
      noteRotation(to: try writer.rotateIfDue(before: text, abandoning: health.cannotSynchronize, at: time, now))
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

  /// A disk that has refused is not asked again for every record: `probe` sees whether it is there again.
  private func synchronizeFiles() {
    guard let writer, isDirty, !health.cannotSynchronize else { return }
    do throws(PublishError) {
      try writer.synchronize()
      isDirty = false
      counters.synchronizations.add()
      counters.lastSynchronization.set(Int(clocks.wall()))
      if health.hasWritten, health.isProbeDue(at: clocks.monotonic()) { recover(writer) }
    } catch {
      fail(error)
      abandonFile(writer)
    }
  }

  /// What the disk has refused once may be lost without another word: the file ends here.
  private func abandonFile(_ writer: RollingLogWriter) {
    attempt { () throws(PublishError) in
      noteRotation(to: try writer.rotate(abandoning: true, at: clocks.wall(), clocks.monotonic()))
    }
  }

  // MARK: Upkeep

  private func maintain(forcingRotation isForced: Bool) {
    counters.suppressed.add(gate.takeSuppressed())
    guard let writer else { return }
    let (time, now) = (clocks.wall(), clocks.monotonic())
    attempt { () throws(PublishError) in
      if writer.isReplaced { note(try writer.reopen(at: time), writer) }
      let isAbandoned = health.cannotSynchronize
      noteRotation(
        to: try isForced
          ? writer.rotate(abandoning: isAbandoned, at: time, now)
          : writer.rotateIfDue(before: "", abandoning: isAbandoned, at: time, now))
    }
    if capsCheckedAt == .min || now - capsCheckedAt >= Self.capsInterval { keepWithinCaps() }
    makeRoom()
    compressor.tick(at: now)
    probe(writer, at: now)
  }

  private static let capsInterval: Int64 = 60_000_000_000

  /// - Parameter path: Where the file that was finished is; nothing when none was.
  private func noteRotation(to path: String?) {
    guard let path, let writer else { return }
    counters.rotations.add()
    outlets.notice(.rotated(path: path))
    keepWithinCaps()
    compressor.request(at: clocks.monotonic())
    if !health.cannotSynchronize { attempt { () throws(PublishError) in try writer.synchronize() } }
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

  /// Finds out whether the log can be written again: one without records has no other way, and a disk that has refused
  /// once is first asked with bytes that nobody misses.
  private func probe(_ writer: RollingLogWriter, at now: Int64) {
    guard health.isProbeDue(at: now), !isShortOfSpace else { return }
    if health.cannotSynchronize {
      do throws(PublishError) { try writer.probeDisk() } catch { return fail(error) }
    } else if health.hasWritten {
      return synchronizeFiles()
    }
    do throws(PublishError) {
      try writer.probe()
      try writer.synchronize()
      isDirty = false
      recover(writer)
    } catch {
      fail(error)
      if error.isAboutSynchronization { abandonFile(writer) }
    }
  }

  // MARK: Failure and recovery

  private func attempt(_ body: () throws(PublishError) -> Void) {
    do throws(PublishError) { try body() } catch { fail(error) }
  }

  private func fail(_ error: PublishError) {
    counters.writeErrors.add()
    degrade(error)
  }

  private func degrade(_ error: PublishError) {
    counters.note(failure: error)
    guard health.fail(synchronizing: error.isAboutSynchronization, at: clocks.monotonic()) else { return }
    outlets.notice(.degraded(error))
  }

  private func drop(_ count: UInt64) {
    health.drop(count)
    counters.droppedRecords.add(count)
  }

  private func recover(_ writer: RollingLogWriter) {
    counters.note(failure: nil)
    let droppedCount = health.recover(at: clocks.monotonic())
    outlets.notice(.recovered(path: writer.activePath, droppedRecordCount: droppedCount))
  }
}
