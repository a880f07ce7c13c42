import ArgumentParser
import Glibc

/// What all commands have in common: where the daemon is and how to answer.
struct DaemonOptions: ParsableArguments {
  private static let defaultPath = "/run/downlinkd/status.sock"

  @Option(
    help: ArgumentHelp(
      "The daemon's status socket; of several, with commas, the first that answers. (default: $DOWNLINKCTL_SOCKET, or "
        + "\(defaultPath))", valueName: "path"))
  var socket: String?

  @Flag(help: "Print JSON as it comes from the daemon.")
  var json = false

  /// The paths to try.
  var paths: [String] {
    let variable = unsafe getenv("DOWNLINKCTL_SOCKET").map { unsafe String(cString: $0) }
    let text = socket ?? variable.flatMap { $0.isEmpty ? nil : $0 } ?? Self.defaultPath
    return text.split(separator: ",").map(String.init)
  }

  /// A connection to the daemon: the one there is, or a new one.
  func connect(reusing existing: StatusConnection? = nil) throws(ConnectionError) -> StatusConnection {
    if let existing { return existing }
    return try StatusConnection(paths: paths)
  }
}

/// Standard output and standard error.
enum Console {
  static func write(_ lines: [String]) { for line in lines { print(line) } }

  /// Says why on standard error and leaves: 69 if the daemon cannot be reached or falls silent, 1 if it refuses.
  static func fail(_ error: ConnectionError) -> Never {
    let text = "downlinkctl: \(error.description)\n"
    let bytes = Array(text.utf8)
    _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
    switch error {
    case .unreachable, .closed, .timedOut, .notOurProtocol: exit(69)
    case .refused: exit(1)
    }
  }

  /// Puts out what was printed, so that a reader of a pipe has it now.
  static func flush() { _ = fflush(nil) }
}

extension StatusConnection {
  /// Asks for a list page by page, to its end.
  ///
  /// - Parameter page: Takes the JSON text of each page.
  func askForAll(
    _ command: String, _ arguments: [(name: String, value: String)], page: (String) -> Void
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
