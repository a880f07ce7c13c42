import Publish

/// What can be asked, by its path: a closed set.
enum WebRoute: Equatable, Sendable {
  case page(PageFile)
  case metrics
  case health
  case readiness
  case description
  case command(StatusCommand)

  /// Where the commands are.
  static let commandPrefix = "/api/v1/"

  /// What is at a path; `nil` where there is nothing.
  init?(path: String) {
    switch path {
    case "/metrics": self = .metrics
    case "/healthz": self = .health
    case "/readyz": self = .readiness
    case "/api/v1/openapi.json": self = .description
    default:
      if let file = PageFile(path: path) {
        self = .page(file)
      } else if path.hasPrefix(Self.commandPrefix),
        let command = StatusCommand(rawValue: String(path.dropFirst(Self.commandPrefix.count)))
      {
        self = .command(command)
      } else {
        return nil
      }
    }
  }

  /// Whether anybody may ask, token or not: it says nothing but that there is a process.
  var isOpen: Bool { self == .health }
}
