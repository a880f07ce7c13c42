/// How long to wait before the next attempt: a tenth of a second at first, then twice as long each time, to a limit.
package struct RetryBackoff: Equatable, Sendable {
  private let longestSeconds: Double
  private var nextSeconds: Double

  /// - Parameter longestSeconds: The limit; even the first wait is no longer.
  package init(longestSeconds: Double) {
    self.longestSeconds = longestSeconds
    nextSeconds = min(Self.firstSeconds, longestSeconds)
  }

  /// The wait before the next attempt. Asking doubles the one after it.
  package mutating func next() -> Double {
    defer { nextSeconds = min(nextSeconds * 2, longestSeconds) }
    return nextSeconds
  }

  /// Begins anew: an attempt was worth its while.
  package mutating func reset() { nextSeconds = min(Self.firstSeconds, longestSeconds) }

  private static let firstSeconds = 0.1
}
