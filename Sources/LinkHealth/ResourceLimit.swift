/// A bound of something that could otherwise grow, and what happens when it is reached.
package struct ResourceLimit: Sendable, Equatable {
  /// What happens to what there is no room for.
  package enum Policy: String, Sendable, CaseIterable {
    /// It is counted, and gets no counters of its own.
    case unlisted
    /// It is counted, and not kept.
    case counted
    /// The oldest goes for it.
    case dropOldest = "drop_oldest"
    /// It goes itself.
    case dropNewest = "drop_newest"
    /// It is discarded, under a reason of its own.
    case discard
    /// Whoever wants it is told no.
    case refuse
  }

  /// What it is a bound of.
  package let name: String
  /// How much of it there is now; absent where nobody counts.
  package let use: Int?
  /// The most there can be.
  package let capacity: Int
  /// What happens at the bound.
  package let policy: Policy
  /// How often that happened.
  package let hitCount: Int

  package init(_ name: String, use: Int?, capacity: Int, _ policy: Policy, hitCount: Int) {
    self.name = name
    self.use = use
    self.capacity = capacity
    self.policy = policy
    self.hitCount = hitCount
  }

  /// Writes the members of the object about it.
  package func write(to json: inout JSONWriter, link: String?) {
    json.member("resource", name)
    if let link { json.member("link", link) }
    if let use { json.member("use", use) }
    json.member("capacity", capacity)
    json.member("policy", policy.rawValue)
    json.member("hits", hitCount)
  }
}
