/// What can be asked on the control socket beside all that the status socket answers: a closed set.
package enum ControlCommand: String, CaseIterable, Sendable {
  case reload, rotate, sync, link, shutdown
  case logLevel = "log-level"

  /// What `help` says about it.
  package var summary: String {
    switch self {
    case .reload: "read the configuration again; a bad one changes nothing"
    case .rotate: "finish the log files and begin new ones"
    case .sync: "bring all that was logged to the disk"
    case .link: "enable or disable a link"
    case .shutdown: "stop in order"
    case .logLevel: "the least severity that is told on the console and in the journal"
    }
  }

  /// The names its arguments may have, in the order of bare words.
  package var argumentNames: [String] {
    switch self {
    case .reload: ["wait"]
    case .rotate, .sync, .shutdown: []
    case .link: ["action", "name"]
    case .logLevel: ["severity"]
    }
  }

  /// Carries a command out, and gives the JSON text of the result when that is known: at once, or after some seconds.
  ///
  /// Called on the server's queue and must not wait; `done` may be called from any queue, once.
  package typealias Handler =
    @Sendable (
      _ command: ControlCommand, _ arguments: StatusArguments,
      _ done: @escaping @Sendable (Result<String, StatusError>) -> Void
    ) -> Void

  /// A handler for a process that carries out no commands, such as a demonstration.
  package static let refusing: Handler = { command, _, done in
    done(.failure(StatusError(.notAllowed, "this daemon does not carry out '\(command.rawValue)'")))
  }
}
