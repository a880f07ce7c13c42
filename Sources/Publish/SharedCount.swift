import Synchronization

/// A count that its owner keeps and every queue may read.
struct SharedCount: ~Copyable, Sendable {
  private let storage = Atomic<UInt64>(0)

  var value: UInt64 { storage.load(ordering: .relaxed) }

  func add(_ count: UInt64 = 1) { storage.add(count, ordering: .relaxed) }

  func set(_ count: Int) { storage.store(UInt64(clamping: count), ordering: .relaxed) }
}
