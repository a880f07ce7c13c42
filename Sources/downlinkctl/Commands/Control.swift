import ArgumentParser

/// What all commands that change something have in common.
struct ControlOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The daemon's control socket, for root and the daemon's user; several with commas. (default: control.sock beside "
        + "$DOWNLINKCTL_SOCKET or \(SocketPaths.usual))", valueName: "path"))
  var socket: String?

  @Flag(help: "Print JSON as it comes from the daemon.")
  var json = false

  @Option(help: "Give up after so many seconds; the daemon goes on with it.")
  var timeout = 60.0

  func validate() throws {
    guard timeout >= 0, timeout <= 86_400 else { throw ValidationError("--timeout must be from 0 to 86400.") }
  }

  private var paths: [String] {
    if let socket { return SocketPaths.list(socket) }
    return SocketPaths.list(SocketPaths.fromEnvironment ?? SocketPaths.usual).map(SocketPaths.control)
  }

  /// Gives a command to every daemon. One that refuses is told of, and the others get it all the same.
  func command(
    _ command: String, _ arguments: [(name: String, value: String)] = [], done: String
  ) throws {
    let paths = paths
    var failure: ConnectionError?
    for path in paths {
      do throws(ConnectionError) {
        let connection = try StatusConnection(paths: [path])
        let text = try connection.ask(command, arguments, within: Int32(timeout * 1000))
        let place = paths.count > 1 ? "\(path): " : ""
        let outline = OutlineText(paint: .standard).lines(try StatusConnection.document(text), indentation: 2)
        Console.write(json ? [text] : [(place + done).harmless] + outline)
      } catch {
        Console.flush()
        if paths.count == 1 { throw error }
        Console.complain(error)
        failure = error
      }
    }
    if let failure { throw ExitCode(failure.exitCode) }
  }
}

/// `downlinkctl reload`
struct Reload: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read the configuration again; links that are as before lose nothing, and a bad one changes nothing.",
    discussion: "With --wait it exits with 78 if the configuration is wrong, and says where.")

  @Flag(help: "Wait until the new configuration is in force, or refused.") var wait = false
  @OptionGroup var control: ControlOptions

  func run() throws {
    try control.command(
      "reload", wait ? [("wait", "true")] : [],
      done: wait ? "the configuration is in force" : "the configuration is being read: see 'downlinkctl status'")
  }
}

/// `downlinkctl rotate`
struct Rotate: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Finish the log files and begin new ones.")

  @OptionGroup var control: ControlOptions

  func run() throws { try control.command("rotate", done: "the logs have new files") }
}

/// `downlinkctl sync`
struct Sync: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Bring all that was logged so far to the disk.")

  @OptionGroup var control: ControlOptions

  func run() throws { try control.command("sync", done: "all that was logged is on the disk") }
}

/// `downlinkctl link`
struct LinkSwitch: ParsableCommand {
  /// What is done to the link.
  enum Action: String, CaseIterable, ExpressibleByArgument { case enable, disable }

  static let configuration = CommandConfiguration(
    commandName: "link", abstract: "Let a link receive, or not.")

  @Argument(help: "enable or disable") var action: Action
  @Argument(help: "The link's name.") var name: String
  @OptionGroup var control: ControlOptions

  func run() throws {
    try control.command(
      "link", [("action", quoted(action.rawValue)), ("name", quoted(name))], done: "\(name) is \(action.rawValue)d")
  }
}

/// `downlinkctl log-level`
struct LogLevel: ParsableCommand {
  /// How much an event matters.
  enum Severity: String, CaseIterable, ExpressibleByArgument { case debug, info, notice, warning, error }

  static let configuration = CommandConfiguration(
    abstract: "The least severity that is told on the console and in the journal; the event log has everything.")

  @Argument(help: "debug, info, notice, warning or error") var severity: Severity
  @OptionGroup var control: ControlOptions

  func run() throws {
    try control.command(
      "log-level", [("severity", quoted(severity.rawValue))], done: "\(severity.rawValue) and worse is told")
  }
}

/// `downlinkctl shutdown`
struct Shutdown: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Stop the daemon in order: what was received is counted, and the logs are brought to the disk.")

  @OptionGroup var control: ControlOptions

  func run() throws { try control.command("shutdown", done: "the daemon is stopping") }
}
