import Synchronization

/// A count that one part of the daemon keeps and every queue may read.
final class RunningCount: Sendable {
  private let storage = Atomic<Int>(0)

  var value: Int { storage.load(ordering: .relaxed) }

  func add(_ count: Int = 1) { storage.add(count, ordering: .relaxed) }
}
