/// How long to wait before the next attempt: a tenth of a second at first, then twice as long each time, to a limit.
package struct RetryBackoff: Equatable, Sendable {
  private let longestSeconds: Double
  private var nextSeconds = shortestSeconds

  package init(longestSeconds: Double) { self.longestSeconds = longestSeconds }

  /// The wait before the next attempt. Asking doubles the one after it.
  package mutating func next() -> Double {
    defer { nextSeconds = min(nextSeconds * 2, max(longestSeconds, Self.shortestSeconds)) }
    return min(nextSeconds, max(longestSeconds, Self.shortestSeconds))
  }

  /// Begins anew: an attempt was worth its while.
  package mutating func reset() { nextSeconds = Self.shortestSeconds }

  private static let shortestSeconds = 0.1
}
