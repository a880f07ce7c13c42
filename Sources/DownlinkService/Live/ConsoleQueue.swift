import Dispatch
import Publish
import Synchronization

/// The journal or standard error, behind a queue of its own: that may be a pipe which nobody reads, and whoever has an
/// event must not wait for it.
final class ConsoleQueue: Sendable {
  /// Events that may wait at one time; more are dropped and counted.
  static let capacity = 256

  private let console = ConsoleLog.ofTheProcess()
  private let threshold = Atomic<Int>(EventSeverity.info.priority)
  private let queue = DispatchQueue(label: "downlinkd.console")
  private let waiting = Atomic<Int>(0)
  private let refused = Atomic<UInt64>(0)

  /// Where the events go.
  var name: String { console.isJournal ? "journal" : "console" }

  /// Events that wait.
  var depth: Int { waiting.load(ordering: .relaxed) }

  /// Events that found no room here, or that the journal did not take.
  var droppedCount: UInt64 { refused.load(ordering: .relaxed) + console.droppedCount }

  /// Nothing that matters less is told.
  func setThreshold(_ severity: EventSeverity) { threshold.store(severity.priority, ordering: .relaxed) }

  func write(_ record: EventRecord) {
    guard record.severity.priority <= threshold.load(ordering: .relaxed) else { return }
    guard waiting.add(1, ordering: .relaxed).newValue <= Self.capacity else {
      waiting.subtract(1, ordering: .relaxed)
      refused.add(1, ordering: .relaxed)
      return
    }
    queue.async { [self] in
      console.write(record)
      waiting.subtract(1, ordering: .relaxed)
    }
  }

  /// Gives the last words a moment to be read.
  func finish() {
    let finished = DispatchSemaphore(value: 0)
    queue.async { finished.signal() }
    _ = finished.wait(timeout: .now() + 1)
  }
}
