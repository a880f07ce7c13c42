import Dispatch
import Synchronization

/// Packs the finished files of one log in the background, the oldest first, one at a time.
///
/// It owns nothing but the work: which files there are is read from the directory each time, so that a restart, a cap
/// or an operator with `rm` may come in between at any moment.
final class LogCompressor: Sendable {
  private static let retryNanoseconds: Int64 = 600_000_000_000

  private let queue: DispatchQueue
  private let options: RollingLog.Options
  private let counters: LogCounters
  private let failed: @Sendable (PublishError) -> Void
  private let isWanted = Atomic<Bool>(false)
  private let isRequested = Atomic<Bool>(false)
  private let isCancelled = Atomic<Bool>(false)
  /// When a failed attempt was made; zero if the last one was none.
  private let failedAt = Atomic<Int64>(0)

  /// - Parameter failed: Takes the first of failures in a row. Called on `queue`.
  init(
    _ options: RollingLog.Options, counters: LogCounters, queue: DispatchQueue,
    failed: @escaping @Sendable (PublishError) -> Void
  ) {
    self.options = options
    self.counters = counters
    self.queue = queue
    self.failed = failed
    isOn = options.compresses
  }

  /// Whether files are packed at all.
  var isOn: Bool {
    get { isWanted.load(ordering: .relaxed) }
    set { isWanted.store(newValue, ordering: .relaxed) }
  }

  /// Has everything packed that is finished, soon.
  func request(at now: Int64) {
    guard isOn, !isRequested.exchange(true, ordering: .acquiringAndReleasing) else { return }
    queue.async { [self] in
      isRequested.store(false, ordering: .releasing)
      packAll(at: now)
    }
  }

  /// Tries again what has failed, every ten minutes. Call it about once a second.
  func tick(at now: Int64) {
    let since = failedAt.load(ordering: .relaxed)
    if since != 0, now - since >= Self.retryNanoseconds { request(at: now) }
  }

  /// Leaves off. Waits for the end of the piece that is being packed.
  func stop() {
    isCancelled.store(true, ordering: .relaxed)
    queue.sync {}
  }

  private func packAll(at now: Int64) {
    do throws(PublishError) {
      let directory = try LogDirectory(path: options.directory, logName: options.name)
      let archive = LogArchive(directory: directory) { [self] in isCancelled.load(ordering: .relaxed) }
      for entry in try directory.inventory().entries where entry.forms.contains(.plain) {
        guard !isCancelled.load(ordering: .relaxed) else { return }
        if try archive.pack(entry.name) { counters.compressedFiles.add() }
      }
      failedAt.store(0, ordering: .relaxed)
    } catch {
      counters.compressionErrors.add()
      if failedAt.exchange(max(1, now), ordering: .relaxed) == 0 { failed(error) }
    }
  }
}
