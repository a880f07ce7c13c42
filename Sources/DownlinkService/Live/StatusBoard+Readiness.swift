import LinkHealth

/// Whether the process is well, and the station ready.
extension StatusBoard {
  /// How long ago the daemon may have looked after its links.
  private static let healthySeconds = 10.0

  /// Why the process is not well: one sentence each.
  package var ailments: [String] {
    guard let seconds = secondsSinceVisit else { return ["the daemon has not looked after its links yet"] }
    var reasons: [String] = []
    if seconds >= Self.healthySeconds {
      reasons.append("the daemon has not looked after its links for \(Int(seconds)) s")
    }
    return reasons + problems.filter { $0.code == .unresponsive }.map(\.message)
  }

  /// Why the station is not ready to receive: links that do not listen, logs that are not written, an end in sight.
  package var obstacles: [String] {
    var reasons = ailments
    if facts.isStopping { reasons.append("the daemon is stopping") }
    reasons += links.filter { $0.state == .down && $0.listen != nil }.map { "link '\($0.snapshot.name)' is down" }
    return reasons + problems.filter { $0.code == .logDegraded }.map(\.message)
  }
}
