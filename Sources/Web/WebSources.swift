package import LinkHealth
package import Publish

/// What the server answers from. It is called on the server's thread and must not wait, but for the questions that may.
package struct WebSources: Sendable {
  /// Which daemon and which run of it this is.
  package var identity: StatusServer.Identity
  /// Gives the JSON text of the result of a command.
  package var answer: StatusServer.Answer
  /// Whether the answer to a command may have to wait for a disk: then it is asked for on another thread.
  package var mayWait: @Sendable (StatusCommand, StatusArguments) -> Bool
  /// Gives the metrics as text in a format.
  package var metrics: @Sendable (ExpositionFormat) -> [UInt8]
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
    mayWait = { _, _ in false }
    metrics = { $0 == .openMetrics ? Array("# EOF\n".utf8) : [] }
    ailments = { [] }
    obstacles = { [] }
    notice = { _ in }
  }
}

extension ExpositionFormat {
  /// What stands in `Content-Type`.
  var contentType: String {
    switch self {
    case .text: "text/plain; version=0.0.4; charset=utf-8"
    case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
    }
  }
}
