import ArgumentParser
import Glibc

/// `downlinkctl params`
struct Parameters: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "params", abstract: "The last values of parameters, and how they stand with their limits.",
    discussion: """
      '*' in a pattern stands for any characters, '?' for one; case is no matter. A pattern without '/' is for the \
      last part of a name. Without a pattern, all parameters that have ever come.
      """, aliases: ["parameters"])

  @Argument(help: "Only parameters whose names fit this pattern.") var pattern: String?
  @Option(help: "Only this link.") var link: String?
  @Flag(help: "The values of data that were stored on board, and came later.") var stored = false
  @Flag(help: "Only those that are beyond a limit.") var alarms = false
  @Flag(help: "Show them again and again; what has changed, line by line, where there is no terminal.")
  var watch = false
  @Option(help: "Seconds between two pictures, with --watch in a terminal.") var interval = 1.0
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    guard (0.1...3600).contains(interval) else { throw ValidationError("--interval must be from 0.1 to 3600.") }
  }

  func run() throws {
    guard watch else {
      return try daemon.askEach { connection throws(ConnectionError) in
        if daemon.json {
          try connection.askForAll("parameters", arguments) { print($0) }
        } else {
          var rows = try Self.ask(connection, arguments)
          rows.areAlarmsOnly = alarms
          if let (message, hint) = rows.obstacle(pattern: pattern) {
            throw .refused(code: "not_found", message: message, hint: hint)
          }
          Console.write(ParameterText(paint: .standard).lines(rows, columns: nil))
        }
      }
    }
    let connection = try daemon.connect()
    guard isatty(STDOUT_FILENO) == 1, !daemon.json else { return try stream(connection) }
    print("\u{1B}[2J", terminator: "")
    try draw(connection)
  }

  /// Draws until interrupted; a daemon that goes is waited for.
  private func draw(_ first: StatusConnection) throws(ConnectionError) {
    var connection: StatusConnection? = first
    while true {
      do throws(ConnectionError) {
        let current = try daemon.connect(reusing: connection)
        connection = current
        let size = Terminal.size
        let lines = ParameterText(paint: .standard).lines(try Self.ask(current, arguments), columns: size.columns)
        print(WatchText.redraw(Array(lines.prefix(size.rows))), terminator: "")
      } catch {
        if case .refused = error { throw error }
        connection = nil
        let text = error.description.split(separator: "\n").first.map(String.init) ?? ""
        print(WatchText.redraw([WatchText.cut("\(text); trying again", to: Terminal.size.columns)]), terminator: "")
      }
      Console.flush()
      Terminal.pause(seconds: interval)
    }
  }

  /// Prints what has changed as the daemon tells it.
  private func stream(_ connection: StatusConnection) throws(ConnectionError) {
    var arguments = [
      (name: "stats_interval_seconds", value: "0"), (name: "types", value: quoted("parameter")),
      (name: "parameters", value: quoted(pattern ?? "*")),
    ]
    if let link { arguments.append(("links", quoted(link))) }
    _ = try connection.ask("watch", arguments)
    let text = ParameterText(paint: .standard)
    while true {
      let line = try connection.nextLine(within: -1)
      let message = try StatusConnection.document(line)
      switch message["class"]?.string {
      case "PARAMETERS"?:
        let rows = (message["parameters"]?.elements ?? []).filter(isWanted)
        guard !rows.isEmpty else { continue }
        if daemon.json {
          print(message.replacing("parameters", with: .array(rows)).json)
        } else {
          Console.write(rows.map(text.line))
        }
      case "LOST"?:
        let count = message.count("parameters").grouped
        print(daemon.json ? line : "... \(count) rows of parameters were lost on the way here")
      case "BYE"?: throw .closed(reason: message.text("reason"))
      default: continue
      }
      Console.flush()
    }
  }

  private func isWanted(_ row: Document) -> Bool {
    (row["stored"]?.bool ?? false) == stored && (!alarms || !["normal", ""].contains(row.text("limit_level")))
  }

  /// All pages as one: the rows, and the time that they are as of.
  private static func ask(
    _ connection: StatusConnection, _ arguments: [(name: String, value: String)]
  ) throws(ConnectionError) -> ParameterText.Rows {
    var rows = ParameterText.Rows()
    var pages: [String] = []
    try connection.askForAll("parameters", arguments) { pages.append($0) }
    for page in pages {
      let document = try StatusConnection.document(page)
      rows.asOf = document.text("as_of")
      rows.describedCount = document["described"]?.int
      rows.fittingCount = document["fitting"]?.int
      rows.parameters += document["parameters"]?.elements ?? []
    }
    return rows
  }

  private var arguments: [(name: String, value: String)] {
    var arguments: [(name: String, value: String)] = []
    if let pattern { arguments.append(("glob", quoted(pattern))) }
    if let link { arguments.append(("link", quoted(link))) }
    if stored { arguments.append(("data", quoted("stored"))) }
    if alarms { arguments.append(("limit_level", quoted("watch"))) }
    return arguments
  }
}
