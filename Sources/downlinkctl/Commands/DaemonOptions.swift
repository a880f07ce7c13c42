import ArgumentParser
// `stdout` is a variable of C, which Swift takes for one that anybody may set.
@unsafe @preconcurrency import Glibc

/// What all questions have in common: which daemons to ask and how to answer.
struct DaemonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The daemon's status socket. Of several, with commas, each is asked in turn; 'watch', 'wait' and 'events "
        + "--follow' take the first that answers. (default: $DOWNLINKCTL_SOCKET, or \(SocketPaths.usual))",
      valueName: "path"))
  var socket: String?

  @Flag(help: "Print JSON as it comes from the daemon.")
  var json = false

  /// The paths to try.
  var paths: [String] { SocketPaths.list(socket ?? SocketPaths.fromEnvironment ?? SocketPaths.usual) }

  /// A connection to the first daemon that answers: the one there is, or a new one.
  func connect(reusing existing: StatusConnection? = nil) throws(ConnectionError) -> StatusConnection {
    if let existing { return existing }
    return try StatusConnection(paths: paths)
  }

  /// Asks every daemon. One that does not answer is told of on standard error, and the others are asked all the same.
  func askEach(_ ask: (StatusConnection) throws(ConnectionError) -> Void) throws {
    let paths = paths
    guard paths.count > 1 else { return try ask(try StatusConnection(paths: paths)) }
    var failure: ConnectionError?
    for (index, path) in paths.enumerated() {
      if !json { print((index > 0 ? "\n" : "") + Paint.standard("\(path.harmless):", .heading)) }
      do throws(ConnectionError) {
        try ask(try StatusConnection(paths: [path]))
      } catch {
        Console.flush()
        Console.complain(error)
        failure = error
      }
    }
    if let failure { throw ExitCode(failure.exitCode) }
  }
}

/// Where the sockets are.
enum SocketPaths {
  static let usual = "/run/downlinkd/status.sock"

  /// What the environment says, if it says anything.
  static var fromEnvironment: String? {
    unsafe getenv("DOWNLINKCTL_SOCKET").map { unsafe String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  static func list(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }

  /// The control socket that goes with a status socket.
  static func control(beside path: String) -> String {
    (path.lastIndex(of: "/").map { String(path[...$0]) } ?? "") + "control.sock"
  }
}

/// Standard output and standard error.
enum Console {
  static func write(_ lines: [String]) { for line in lines { print(line) } }

  /// Says on standard error what is wrong, in words that are ready.
  static func complain(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }

  /// Says on standard error what is wrong.
  static func complain(_ error: ConnectionError) {
    // What is wrong with a configuration begins with its place there, as in a compiler.
    let isList = if case .refused("config_invalid", _, _) = error { true } else { false }
    complain((isList ? "" : "downlinkctl: ") + error.description)
  }

  /// Says why on standard error and leaves: 69 if the daemon cannot be reached or falls silent, 75 if it is busy, 77
  /// without the right, 78 if a configuration is wrong, 1 if it refuses for another reason.
  static func fail(_ error: ConnectionError) -> Never {
    complain(error)
    exit(error.exitCode)
  }

  /// Puts out what was printed, so that a reader of a pipe has it now. Ends the program with 74 when that cannot be
  /// written; a reader that has gone has what it wanted.
  static func flush() {
    errno = 0
    guard unsafe fflush(stdout) != 0 || ferror(stdout) != 0 else { return }
    let reason = errno
    guard reason != EPIPE else { exit(0) }
    // Where it failed before, the buffer is gone, and with it the reason.
    let words = reason == 0 ? "a part of it is lost" : unsafe String(cString: strerror(reason))
    complain("downlinkctl: cannot write to standard output: \(words)\nhint: is the disk full that it goes to?")
    // Leaving in order would try to write the rest again.
    _exit(writeFailure)
  }

  private static let writeFailure: Int32 = 74
}

extension StatusConnection {
  /// Asks for a list page by page, to its end.
  ///
  /// - Parameter page: Takes the JSON text of each page.
  func askForAll(
    _ command: String, _ arguments: [(name: String, value: String)] = [], page: (String) -> Void
  ) throws(ConnectionError) {
    var cursor: Int?
    repeat {
      let text = try ask(command, arguments + (cursor.map { [("cursor", String($0))] } ?? []))
      page(text)
      let next = try Self.document(text)["cursor"]?.int
      guard next != cursor else { return }
      cursor = next
    } while cursor != nil
  }

  /// Sees to it that the daemon knows these links: of one that it does not have, nothing would ever be told.
  ///
  /// - Parameter names: With commas between them; absent for all.
  func checkLinks(_ names: String?) throws(ConnectionError) {
    guard let names else { return }
    let known = try elements("links", "links").map { $0.text("name") }
    for name in names.split(separator: ",").map(String.init) where !known.contains(name) {
      throw .refused(
        code: "not_found", message: "there is no link '\(name)'",
        hint: "the links are \(known.joined(separator: ", "))")
    }
  }

  /// All elements of a list.
  func elements(
    _ command: String, _ name: String, _ arguments: [(name: String, value: String)] = []
  ) throws(ConnectionError) -> [Document] {
    var pages: [String] = []
    try askForAll(command, arguments) { pages.append($0) }
    var elements: [Document] = []
    for page in pages { elements += try Self.document(page)[name]?.elements ?? [] }
    return elements
  }
}

/// A JSON string.
func quoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": quoted += "\\\(scalar)"
    case _ where scalar.value < 0x20:
      let digits = String(scalar.value, radix: 16)
      quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}
