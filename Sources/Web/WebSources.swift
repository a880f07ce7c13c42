package import Publish

/// What the server answers from. All of it is called on the server's thread, and must not wait.
package struct WebSources: Sendable {
  /// Which daemon and which run of it this is.
  package var identity: StatusServer.Identity
  /// Gives the JSON text of the result of a command.
  package var answer: StatusServer.Answer
  /// Gives the metrics as text in a format.
  package var metrics: @Sendable (MetricsFormat) -> [UInt8]
  /// Says why the process is not well; nothing, when it is.
  package var ailments: @Sendable () -> [String]
  /// Says why the station is not ready to receive; nothing, when it is.
  package var obstacles: @Sendable () -> [String]
  /// Takes an event about a client.
  package var notice: @Sendable (EventRecord) -> Void

  /// Sources that have nothing but answers to commands.
  package init(identity: StatusServer.Identity, answer: @escaping StatusServer.Answer) {
    self.identity = identity
    self.answer = answer
    metrics = { MetricsFormat.end(of: $0) }
    ailments = { [] }
    obstacles = { [] }
    notice = { _ in }
  }
}

/// How metrics are written.
package enum MetricsFormat: Sendable, Equatable, CaseIterable {
  /// Prometheus, text 0.0.4.
  case prometheus
  /// OpenMetrics 1.0.0.
  case openMetrics

  /// What stands in `Content-Type`.
  package var contentType: String {
    switch self {
    case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
    case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
    }
  }

  /// What an exposition without any metric is.
  static func end(of format: MetricsFormat) -> [UInt8] { format == .openMetrics ? Array("# EOF\n".utf8) : [] }
}
