import ArgumentParser

/// A command that prints a list of like things inside the daemon.
private func printTable(_ command: String, _ name: String, empty: String, daemon: DaemonOptions) throws {
  try daemon.askEach { connection throws(ConnectionError) in
    let text = try connection.ask(command)
    guard !daemon.json else { return print(text) }
    let elements = try StatusConnection.document(text)[name]?.elements ?? []
    Console.write(OutlineText(paint: .standard).table(elements, empty: empty))
  }
}

/// `downlinkctl clients`
struct Clients: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Who is connected to the socket, what waits for them, and how many were let go or turned away.")

  @OptionGroup var daemon: DaemonOptions

  func run() throws {
    try daemon.askEach { connection throws(ConnectionError) in
      let text = try connection.ask("clients")
      guard !daemon.json else { return print(text) }
      let document = try StatusConnection.document(text)
      let outline = OutlineText(paint: .standard)
      Console.write(outline.table(document["clients"]?.elements ?? [], empty: "no clients"))
      if let totals = document["totals"] { Console.write([""] + outline.lines(totals)) }
    }
  }
}

/// `downlinkctl logs`
struct Logs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The rolling logs: how much is in them, what was dropped, and whether they can be written.")

  @OptionGroup var daemon: DaemonOptions

  func run() throws { try printTable("logs", "logs", empty: "no logs", daemon: daemon) }
}

/// `downlinkctl queues`
struct Queues: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "How full the queues are, what was dropped for want of room, and every bound that was reached.",
    discussion: "With --json it has all bounds, also those that were never reached.")

  @OptionGroup var daemon: DaemonOptions

  func run() throws {
    try daemon.askEach { connection throws(ConnectionError) in
      let text = try connection.ask("queues")
      guard !daemon.json else { return print(text) }
      let document = try StatusConnection.document(text)
      let outline = OutlineText(paint: .standard)
      let reached = (document["limits"]?.elements ?? []).filter { $0.count("hits") > 0 }
      Console.write(outline.table(document["queues"]?.elements ?? [], empty: "no queues"))
      Console.write([""] + outline.table(reached, empty: "no bound was reached"))
    }
  }
}

/// `downlinkctl config`
struct Configuration: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "The configuration in force.")

  @OptionGroup var daemon: DaemonOptions

  func run() throws {
    try daemon.askEach { connection throws(ConnectionError) in
      guard !daemon.json else { return try connection.askForAll("config") { print($0) } }
      var pages: [String] = []
      try connection.askForAll("config") { pages.append($0) }
      for (index, page) in pages.enumerated() {
        // What does not belong to the links stands on each of them.
        let members = try StatusConnection.document(page).members.filter { member in
          member.name != "cursor" && (index == 0 || member.name == "links")
        }
        Console.write(OutlineText(paint: .standard).lines(.object(members)))
      }
    }
  }
}
