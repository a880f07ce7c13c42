/// Tells when somebody sets the clock: it then goes on from elsewhere than the clock that is never set.
package struct ClockWatch: Sendable {
  /// Less than this is how a clock is disciplined, or how late somebody was to look.
  private static let toleratedNanoseconds: Int64 = 500_000_000

  private var last: (wall: Int64, monotonic: Int64)?

  package init() {}

  /// Takes a reading of both clocks, in nanoseconds.
  ///
  /// - Returns: By how many seconds the clock was set forward since the last one, if it was.
  package mutating func observe(wall: Int64, monotonic: Int64) -> Double? {
    defer { last = (wall, monotonic) }
    guard let last else { return nil }
    let delta = (wall &- last.wall) &- (monotonic &- last.monotonic)
    return delta.magnitude > Self.toleratedNanoseconds.magnitude ? Double(delta) / 1e9 : nil
  }
}
