import Glibc

/// Why the daemon did not answer.
enum ConnectionError: Error, Equatable {
  /// Nobody could be reached; the paths that were tried and the last `errno`.
  case unreachable(paths: [String], errno: Int32)
  /// The daemon has ended the connection, and may have said why.
  case closed(reason: String?)
  /// The daemon does not serve this user there.
  case denied(message: String, path: String)
  case timedOut
  /// Something else than the status protocol is spoken there.
  case notOurProtocol
  /// The daemon has refused the request.
  case refused(code: String, message: String, hint: String?)

  /// For standard error: what is wrong, then what to do. Whatever names were given, it moves no cursor.
  var description: String {
    switch self {
    case .unreachable(let paths, let errno):
      let reason = unsafe String(cString: strerror(errno))
      let advice =
        switch errno {
        case EACCES, EPERM:
          paths.last.map(Self.isControlSocket) ?? false
            ? Self.controlAdvice : "you have to be in the group of the socket, downlinkd"
        case EAGAIN, ETIMEDOUT: Self.hangingAdvice
        default: "is downlinkd running? Try 'systemctl status downlinkd', or give --socket PATH"
        }
      return "cannot reach the daemon at \(paths.joined(separator: ", ").harmless): \(reason)\nhint: \(advice)"
    case .closed(let reason): return "the daemon has ended the connection" + (reason.map { ": \($0.harmless)" } ?? "")
    case .denied(let message, let path): return "\("\(path): \(message)".harmless)\nhint: \(Self.controlAdvice)"
    case .timedOut: return "the daemon does not answer\nhint: \(Self.hangingAdvice)"
    case .notOurProtocol: return "what listens there does not speak downlinkd-status/1"
    // What is wrong with a configuration is a list, line by line.
    case .refused(let code, let message, let hint):
      return (code == "config_invalid" ? message.harmlessLines : message.harmless)
        + (hint.map { "\nhint: \($0.harmlessLines)" } ?? "")
    }
  }

  /// What a script may go by.
  var exitCode: Int32 {
    switch self {
    case .unreachable(_, EACCES), .unreachable(_, EPERM), .denied: 77
    case .unreachable, .closed, .timedOut, .notOurProtocol: 69
    case .refused("config_invalid", _, _): 78
    case .refused("not_allowed", _, _): 77
    case .refused("busy", _, _): 75
    case .refused: 1
    }
  }

  private static let hangingAdvice =
    "it may hang, or have very much to do: see 'systemctl status downlinkd' and 'journalctl -u downlinkd'"
  private static let controlAdvice = "run as root or as the user downlinkd: 'sudo downlinkctl ...'"

  private static func isControlSocket(_ path: String) -> Bool { path.hasSuffix("control.sock") }
}

/// A connection to the daemon's status socket. Nothing here waits longer than it is told to.
final class StatusConnection {
  static let answerTimeoutMilliseconds: Int32 = 10_000
  private static let maximumLineByteCount = 4 << 20

  /// The greeting.
  private(set) var hello: Document = .null

  private let descriptor: Int32
  private let path: String
  private var pending: [UInt8] = []
  private var searchedByteCount = 0
  private var lastRequestID = 0

  /// - Parameter paths: Tried in turn.
  init(paths: [String]) throws(ConnectionError) {
    var connected: (descriptor: Int32, path: String)?
    var lastError = ENOENT
    for path in paths where connected == nil {
      switch Self.connect(to: path) {
      case .success(let descriptor): connected = (descriptor, path)
      case .failure(let failure): lastError = failure.errno
      }
    }
    guard let connected else { throw .unreachable(paths: paths, errno: lastError) }
    (descriptor, path) = connected
    hello = try nextDocument(within: Self.answerTimeoutMilliseconds)
    guard hello["class"]?.string == "HELLO" else { throw .notOurProtocol }
  }

  deinit { close(descriptor) }

  /// Asks, and returns the JSON text of the result.
  func ask(
    _ command: String, _ arguments: [(name: String, value: String)] = [],
    within milliseconds: Int32 = answerTimeoutMilliseconds
  ) throws(ConnectionError) -> String {
    lastRequestID += 1
    let members = arguments.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ",")
    send("{\"id\":\(lastRequestID),\"cmd\":\"\(command)\",\"args\":{\(members)}}\n")
    while true {
      let text = try nextLine(within: milliseconds)
      let reply = try Self.document(text)
      switch reply["class"]?.string {
      case "BYE": throw goodbye(reply)
      case "REPLY" where reply["id"]?.int == lastRequestID:
        if let error = reply["error"] {
          throw .refused(
            code: error.text("code"), message: error.text("message"), hint: error["hint"]?.string)
        }
        guard let result = DocumentReader.text(of: "result", in: text) else { throw .notOurProtocol }
        return result
      default: continue
      }
    }
  }

  /// The next line, waiting at most so long.
  func nextLine(within milliseconds: Int32) throws(ConnectionError) -> String {
    while true {
      if let end = pending[searchedByteCount...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: pending[..<end], as: UTF8.self)
        pending.removeSubrange(...end)
        searchedByteCount = 0
        return line
      }
      searchedByteCount = pending.count
      guard pending.count <= Self.maximumLineByteCount else { throw .notOurProtocol }
      try receive(within: milliseconds)
    }
  }

  /// The result of `ask` as a document.
  static func document(_ text: String) throws(ConnectionError) -> Document {
    do { return try DocumentReader.read(text) } catch { throw .notOurProtocol }
  }

  // MARK: System calls

  private struct Failure: Error { let errno: Int32 }

  private static func connect(to path: String) -> Result<Int32, Failure> {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(path.utf8)
    guard name.count < MemoryLayout.size(ofValue: address.sun_path) else {
      return .failure(Failure(errno: ENAMETOOLONG))
    }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return .failure(Failure(errno: errno)) }
    // A daemon that hangs takes up no connections, and those that wait for it have a place each, until there is none.
    var limit = timeval(tv_sec: Int(answerTimeoutMilliseconds) / 1000, tv_usec: 0)
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else {
      let failure = Failure(errno: errno)
      close(descriptor)
      return .failure(failure)
    }
    return .success(descriptor)
  }

  private func nextDocument(within milliseconds: Int32) throws(ConnectionError) -> Document {
    try Self.document(try nextLine(within: milliseconds))
  }

  private func goodbye(_ bye: Document) -> ConnectionError {
    let message = bye["message"]?.string ?? bye["reason"]?.string
    guard bye["reason"]?.string == "not_allowed" else { return .closed(reason: message) }
    return .denied(message: message ?? "", path: path)
  }

  /// A daemon that has hung up may have said why: that is what is read next, so a failure is none here.
  private func send(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  private func receive(within milliseconds: Int32) throws(ConnectionError) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // Whoever was stopped and goes on has not waited in vain: it waits anew.
    var readyCount = unsafe poll(&entry, 1, milliseconds)
    while readyCount < 0, errno == EINTR { readyCount = unsafe poll(&entry, 1, milliseconds) }
    guard readyCount > 0 else { throw .timedOut }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    if count < 0, errno == EINTR { return }
    guard count > 0 else { throw .closed(reason: nil) }
    pending.append(contentsOf: buffer[..<count])
  }
}
