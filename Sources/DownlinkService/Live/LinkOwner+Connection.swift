import CCSDSLink
import CCSDSWire
import Ingest
import LinkHealth
import Publish
import StationConfiguration

/// Receiving a stream over connections.
extension LinkOwner {
  /// Takes the next bytes of the connection.
  func receive(stream bytes: RawSpan) {
    streamByteCount += bytes.byteCount
    let now = HostClock.wall()
    turnReadAt = turnReadAt ?? now
    pipeline.receive(stream: bytes, at: ReceptionTime(nanosecondsSince1970: now))
  }

  /// Delivers what is decoded together.
  private func endTurn() {
    pipeline.flush()
    taps.flush()
    guard let readAt = turnReadAt else { return }
    pipeline.noteStreamDecoded(readAt: readAt, at: HostClock.wall())
    turnReadAt = nil
  }

  /// Takes note of what happens to the connection. It may be made and broken ten times a second.
  func observe(_ event: TCPEvent) {
    switch event {
    case .turnEnded: endTurn()
    case .connected(let peer):
      disconnectedAt = nil
      toldFailure = nil
      report(.info, "up", reason: "connected", peer)
    case .disconnected(let failure):
      pipeline.breakStream()
      disconnectedAt = ReceptionTime(nanosecondsSince1970: HostClock.wall())
      toldFailure = failure
      report(.warning, "down", reason: "\(failure)", nil)
    case .attemptFailed(let failure):
      // The state says that it is tried again; an event is due when the reason is another.
      guard failure != toldFailure else { return }
      toldFailure = failure
      report(.warning, "down", reason: "\(failure)", nil)
    case .refusedBusy(let peer): report(.warning, "refused", reason: "another peer is connected", peer)
    case .refusedAddress(let peer): report(.warning, "refused", reason: "source_not_allowed", peer)
    }
  }

  private func report(_ severity: EventSeverity, _ action: String, reason: String, _ peer: SocketAddress?) {
    taps.journal.tick(at: HostClock.wall())
    taps.journal.reportOften(severity, reason: reason) {
      $0.member("action", action)
      if let peer { $0.member("peer", "\(peer)") }
    }
  }

  /// Where the connection stands; nothing for a link without.
  var connectionStatus: TCPStatus? {
    if case .tcp(let stream, _) = input { stream.status } else { nil }
  }

  /// What is wrong with the connection, and what to do about it.
  func connectionProblems(_ status: TCPStatus?) -> [Problem] {
    guard let status, status.connection != .connected else { return [] }
    let reason = status.lastFailure.map { ": \($0)" } ?? ""
    if let listen = place.listen {
      return [
        Problem(
          .disconnected, .warning, link: name, since: disconnectedAt,
          message: "no peer is connected to \(listen)\(reason)",
          hint: status.lastFailure?.hint ?? "have the modem connect to it, and see that no firewall is in between")
      ]
    }
    guard let failure = status.lastFailure, let endpoint = place.endpoint else { return [] }
    return [
      Problem(
        .disconnected, .critical, link: name, since: disconnectedAt, message: "not connected to \(endpoint)\(reason)",
        hint: failure.hint + "; it is tried again by itself")
    ]
  }
}

extension TCPStatus {
  /// Writes the members of the connection's object in the status document.
  func write(to json: inout JSONWriter) {
    json.member("state", connection.rawValue)
    if let peer { json.member("peer", "\(peer)") }
    json.member("connects", connectionCount)
    json.member("failed_attempts", failedAttemptCount)
    json.object("refused_peers") {
      $0.member("busy", busyRefusalCount)
      $0.member("source_not_allowed", addressRefusalCount)
    }
    json.member("accept_failures", acceptFailureCount)
    if let lastFailure { json.member("last_error", "\(lastFailure)") }
    if let retrySeconds { json.member("retry_in_seconds", retrySeconds) }
  }
}
