import Glibc

/// Why the daemon did not answer.
enum ConnectionError: Error, Equatable {
  /// Nobody could be reached; the paths that were tried and the last `errno`.
  case unreachable(paths: [String], errno: Int32)
  /// The daemon has ended the connection, and may have said why.
  case closed(reason: String?)
  case timedOut
  /// Something else than the status protocol is spoken there.
  case notOurProtocol
  /// The daemon has refused the request.
  case refused(code: String, message: String, hint: String?)

  /// For standard error: what is wrong, then what to do.
  var description: String {
    switch self {
    case .unreachable(let paths, let errno):
      let reason = unsafe String(cString: strerror(errno))
      let advice =
        errno == EACCES
        ? "you have to be in the group of the socket, downlinkd"
        : "is downlinkd running? Try 'systemctl status downlinkd', or give --socket PATH"
      return "cannot reach the daemon at \(paths.joined(separator: ", ")): \(reason)\nhint: \(advice)"
    case .closed(let reason): return "the daemon has ended the connection" + (reason.map { ": \($0)" } ?? "")
    case .timedOut: return "the daemon does not answer"
    case .notOurProtocol: return "what listens there does not speak downlinkd-status/1"
    case .refused(_, let message, let hint): return message + (hint.map { "\nhint: \($0)" } ?? "")
    }
  }
}

/// A connection to the daemon's status socket. Nothing here waits longer than it is told to.
final class StatusConnection {
  private static let answerTimeoutMilliseconds: Int32 = 10_000
  private static let maximumLineByteCount = 4 << 20

  /// The greeting.
  private(set) var hello: Document = .null

  private let descriptor: Int32
  private var pending: [UInt8] = []
  private var searchedByteCount = 0
  private var lastRequestID = 0

  /// - Parameter paths: Tried in turn.
  init(paths: [String]) throws(ConnectionError) {
    var connected: Int32?
    var lastError = ENOENT
    for path in paths where connected == nil {
      switch Self.connect(to: path) {
      case .success(let descriptor): connected = descriptor
      case .failure(let failure): lastError = failure.errno
      }
    }
    guard let connected else { throw .unreachable(paths: paths, errno: lastError) }
    descriptor = connected
    hello = try nextDocument(within: Self.answerTimeoutMilliseconds)
    guard hello["class"]?.string == "HELLO" else { throw .notOurProtocol }
  }

  deinit { close(descriptor) }

  /// Asks, and returns the JSON text of the result.
  func ask(_ command: String, _ arguments: [(name: String, value: String)] = []) throws(ConnectionError) -> String {
    lastRequestID += 1
    let members = arguments.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ",")
    try send("{\"id\":\(lastRequestID),\"cmd\":\"\(command)\",\"args\":{\(members)}}\n")
    while true {
      let text = try nextLine(within: Self.answerTimeoutMilliseconds)
      let reply = try Self.document(text)
      switch reply["class"]?.string {
      case "BYE": throw .closed(reason: reply["message"]?.string ?? reply["reason"]?.string)
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

  private func send(_ text: String) throws(ConnectionError) {
    let bytes = Array(text.utf8)
    guard unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw .closed(reason: nil)
    }
  }

  private func receive(within milliseconds: Int32) throws(ConnectionError) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&entry, 1, milliseconds) > 0 else { throw .timedOut }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { throw .closed(reason: nil) }
    pending.append(contentsOf: buffer[..<count])
  }
}
