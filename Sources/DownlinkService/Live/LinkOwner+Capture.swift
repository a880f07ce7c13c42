import Ingest
import LinkHealth
import Publish
import StationConfiguration

/// Receiving from a network interface.
extension LinkOwner {
  /// Takes note of what happens to the interface. It may come and go ten times a second.
  func observe(_ event: CaptureEvent) {
    switch event {
    case .turnEnded: endBatch()
    case .began: reportCapture(.info, "up", reason: "capturing on \(place.listen ?? "")")
    case .stopped(let trouble): reportCapture(.warning, "down", reason: "\(trouble)")
    }
  }

  private func reportCapture(_ severity: EventSeverity, _ action: String, reason: String) {
    taps.journal.tick(at: HostClock.wall())
    taps.journal.reportOften(severity, reason: reason) { $0.member("action", action) }
  }

  /// Where the capture stands; nothing for a link without.
  var captureStatus: CaptureStatus? {
    if case .capture(let stream, _) = input { stream.status } else { nil }
  }

  /// What is wrong with the interface, and what to do about it.
  func captureProblems(_ status: CaptureStatus?) -> [Problem] {
    guard let status, status.state == .waiting || status.state == .down, let trouble = status.lastTrouble else {
      return []
    }
    return [
      Problem(
        .inputFailed, .critical, link: name, message: "nothing is captured on \(place.listen ?? ""): \(trouble)",
        hint: trouble.hint)
    ]
  }
}

extension CaptureStatus {
  /// Writes the members of the capture's object in the status document.
  func write(to json: inout JSONWriter) {
    json.member("state", state.rawValue)
    json.member("opens", openCount)
    json.member("failed_attempts", failedAttemptCount)
    json.object("packets") {
      $0.member("captured", counts.recordCount)
      $0.member("datagrams", counts.datagramCount)
      $0.member("other_ports", counts.otherPortCount)
      $0.member("not_udp", counts.notInternetCount + counts.notUDPCount)
      $0.member("malformed", counts.malformedCount)
      $0.member("fragments_joined", counts.joinedFragmentCount + counts.repeatedFragmentCount)
      $0.member("fragments_abandoned", counts.abandonedFragmentCount)
      $0.member("fragments_held", counts.heldFragmentCount)
    }
    if let lastTrouble { json.member("last_error", "\(lastTrouble)") }
    if let retrySeconds { json.member("retry_in_seconds", retrySeconds) }
  }
}
