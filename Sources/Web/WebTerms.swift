import Glibc
import NIOSSL
import Publish

/// The options of the server with what is in the files they name.
struct WebTerms: Sendable {
  /// Why they cannot be had.
  struct Failure: Error, Equatable {
    let message: String
    let hint: String
  }

  let options: WebOptions
  let token: AccessToken?
  let privacy: NIOSSLContext?
  let hostNames: HostNames

  /// Reads the files.
  init(_ options: WebOptions) throws(Failure) {
    self.options = options
    hostNames = HostNames(options.hostNames, listening: options.host)
    token = try options.tokenPath.map { path throws(Failure) in try Self.token(path) }
    privacy = try options.privacy.map { files throws(Failure) in try Self.context(files) }
  }

  private static func token(_ path: String) throws(Failure) -> AccessToken {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Failure(
        message: "the token file \(path) cannot be read: \(unsafe String(cString: strerror(errno)))",
        hint: "see web.token_file; the daemon's own user has to be able to read it")
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o037 == 0 else {
      throw Failure(
        message: "the token file \(path) may be read by others",
        hint: "chmod 0600 \(path), or hand it over with LoadCredential=")
    }
    guard let bytes = try? FileBytes.read(descriptor, from: 0, byteCount: 4096, path: path),
      let token = AccessToken(bytes)
    else {
      throw Failure(
        message: "there is no token in \(path)",
        hint: "write \(AccessToken.minimumByteCount) letters or more without blanks: openssl rand -hex 32 > \(path)")
    }
    return token
  }

  private static func context(_ files: WebOptions.Privacy) throws(Failure) -> NIOSSLContext {
    var path = files.certificatePath
    do {
      let certificates = try NIOSSLCertificate.fromPEMFile(path)
      path = files.keyPath
      let key = try NIOSSLPrivateKey(file: path, format: .pem)
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key))
      configuration.minimumTLSVersion = .tlsv12
      configuration.applicationProtocols = ["http/1.1"]
      if let authority = files.clientAuthorityPath {
        path = authority
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(path))
        configuration.certificateVerification = .noHostnameVerification
      }
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw Failure(
        message: "\(path) cannot be used for TLS: \(error)",
        hint: "see web.tls: certificate, key and client_ca are PEM files that the daemon's own user can read")
    }
  }
}
