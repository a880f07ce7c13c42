/// Where the server listens, who may come, and the bounds.
package struct WebOptions: Sendable, Equatable {
  /// The files that make a connection a private one.
  package struct Privacy: Sendable, Equatable {
    /// The certificates of the server, PEM.
    package var certificatePath: String
    /// Their private key, PEM.
    package var keyPath: String
    /// Whose certificates clients must have, PEM; absent, none are asked for.
    package var clientAuthorityPath: String?

    /// A certificate and its key.
    package init(certificatePath: String, keyPath: String, clientAuthorityPath: String? = nil) {
      self.certificatePath = certificatePath
      self.keyPath = keyPath
      self.clientAuthorityPath = clientAuthorityPath
    }
  }

  /// A numeric address.
  package var host: String
  /// 0 leaves it to the kernel.
  package var port: Int
  /// Names that clients may call the server by, beside its addresses and `localhost`.
  package var hostNames: [String] = []
  /// A file with the token that clients have to show; absent, none is asked for.
  package var tokenPath: String?
  /// Absent, connections are in the clear.
  package var privacy: Privacy?

  /// The connections at one time.
  package var connectionCapacity = 512
  /// Those from one address.
  package var connectionCapacityPerAddress = 64
  /// The longest request line.
  package var requestLineByteCount = 4096
  /// The longest request, from its first byte to the empty line.
  package var headByteCount = 8192
  /// How long a request may take to arrive.
  package var headSeconds = 5
  /// How long a connection may wait for the next request.
  package var idleSeconds = 60
  /// How long a client may take nothing of what it has asked for.
  package var stallSeconds = 10
  /// What may wait for one event stream.
  package var streamByteCount = 256 << 10
  /// How often an event stream that has nothing to say shows that it is there.
  package var heartbeatSeconds = 15
  /// What may be on its way in answers altogether; beyond it clients are asked to come again.
  package var answerByteCount = 32 << 20
  /// The questions that may wait for a disk at one time; beyond it clients are asked to come again.
  package var waitingCapacity = 16
  /// The events and statistics that may wait for the server.
  package var backlogCapacity = 4096
  /// How long after a failure it is tried again to listen.
  package var retrySeconds = 5

  /// Listens on a numeric address, with the usual bounds.
  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }
}
