/// Where browsers, Prometheus and scripts ask over HTTP.
package struct WebConfiguration: Sendable, Equatable {
  /// The files that make connections private.
  package struct Privacy: Sendable, Equatable {
    /// Absolute paths of PEM files.
    package var certificatePath: String
    package var keyPath: String
    /// Whose certificates clients must have; absent, none are asked for.
    package var clientAuthorityPath: String?

    package init(certificatePath: String, keyPath: String, clientAuthorityPath: String? = nil) {
      self.certificatePath = certificatePath
      self.keyPath = keyPath
      self.clientAuthorityPath = clientAuthorityPath
    }
  }

  package var address: IPAddress
  package var port: UInt16
  /// Names that clients may call the server by, beside its addresses and `localhost`; at most 32.
  package var hostNames: [String] = []
  /// An absolute path of a file with the token that clients have to show.
  package var tokenPath: String?
  package var privacy: Privacy?
  /// The connections at one time, 1…4096.
  package var maximumConnectionCount = 512
  /// Those from one address, 1…4096.
  package var maximumConnectionCountPerAddress = 64

  package init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }
}
