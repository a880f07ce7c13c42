import ArgumentParser

/// `downlinkctl events`
struct Events: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "The last events the daemon remembers, oldest first.")

  @Option(name: .shortAndLong, help: "How many, at most 1000.") var number = 20
  @Option(help: ArgumentHelp("Only these types, with commas.", valueName: "types")) var type: String?
  @Option(help: "Only this link.") var link: String?
  @Option(help: "Only from this time on, such as 2026-11-21T09:24:37.000000Z.") var since: String?
  @Flag(help: "Go on with the events to come.") var follow = false
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    guard (0...1000).contains(number) else { throw ValidationError("--number must be from 0 to 1000.") }
  }

  func run() throws {
    let connection = try daemon.connect()
    if follow { try connection.checkLinks(link) }
    // To watch first loses nothing; what is in both answers is printed once.
    if follow { _ = try connection.ask("watch", watchArguments) }
    let answer = try connection.ask("events", arguments)
    let events = try StatusConnection.document(answer)["events"]?.elements ?? []
    // A link that is no more may have events all the same.
    if events.isEmpty, !follow { try connection.checkLinks(link) }
    guard follow || !daemon.json else { return print(answer) }
    let text = EventText(paint: .standard)
    var last = -1
    for event in events {
      last = event.count("seq")
      if !daemon.json { print(text.line(event)) }
    }
    guard follow else { return }
    Console.flush()
    try EventStream(connection: connection, json: daemon.json).run(after: last)
  }

  private var arguments: [(name: String, value: String)] {
    var arguments = [(name: "n", value: String(number))]
    if let type { arguments.append(("type", quoted(type))) }
    if let link { arguments.append(("link", quoted(link))) }
    if let since { arguments.append(("since", quoted(since))) }
    return arguments
  }

  private var watchArguments: [(name: String, value: String)] {
    var arguments = [(name: "stats_interval_seconds", value: "0")]
    if let type { arguments.append(("types", quoted(type))) }
    if let link { arguments.append(("links", quoted(link))) }
    return arguments
  }
}

/// What the daemon pushes, line by line, until it or the reader goes.
struct EventStream {
  let connection: StatusConnection
  let json: Bool

  /// - Parameter last: The number of the last event that was printed already.
  func run(after last: Int = -1) throws(ConnectionError) {
    let text = EventText(paint: .standard)
    while true {
      let line = try connection.nextLine(within: -1)
      let message = try StatusConnection.document(line)
      switch message["class"]?.string {
      case "EVENT"? where message.count("seq") <= last: continue
      case "EVENT"?: print(json ? line : text.line(message))
      case "STATS"? where json: print(line)
      case "LOST"?: print(json ? line : "... \(message.count("events").grouped) events were lost on the way here")
      case "BYE"?: throw .closed(reason: message.text("reason"))
      default: continue
      }
      Console.flush()
    }
  }
}
