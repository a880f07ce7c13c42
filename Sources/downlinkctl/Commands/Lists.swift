import ArgumentParser

/// `downlinkctl status`
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Everything: links, their ledgers and channels, problems and what to do about them.")

  @OptionGroup var daemon: DaemonOptions

  func run() throws {
    try daemon.askEach { connection throws(ConnectionError) in
      let text = try connection.ask("status")
      guard !daemon.json else { return print(text) }
      let status = try StatusConnection.document(text)
      Console.write(StatusText(paint: .standard).lines(status, version: connection.hello.text("version")))
    }
  }
}

/// A command that prints a list, of all links or of one.
private func printList(
  _ command: String, _ name: String, link: String?, daemon: DaemonOptions, lines: ([Document]) -> [String]
) throws {
  let arguments = link.map { [(name: "link", value: quoted($0))] } ?? []
  try daemon.askEach { connection throws(ConnectionError) in
    if daemon.json {
      try connection.askForAll(command, arguments) { print($0) }
    } else {
      Console.write(lines(try connection.elements(command, name, arguments)))
    }
  }
}

/// `downlinkctl links`
struct Links: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "One line per link: its state, rates and losses.")

  @Argument(help: "Only this link.") var link: String?
  @OptionGroup var daemon: DaemonOptions

  func run() throws {
    try printList("links", "links", link: link, daemon: daemon) { Tables(paint: .standard).links($0) }
  }
}

/// `downlinkctl vcs`
struct VirtualChannels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vcs", abstract: "Virtual channels: frames, gaps, missing frames, and how far to trust the counter.")

  @Argument(help: "Only this link.") var link: String?
  @OptionGroup var daemon: DaemonOptions

  func run() throws {
    try printList("vcs", "virtual_channels", link: link, daemon: daemon) {
      Tables(paint: .standard).virtualChannels($0, hasLink: true) + ClockText(channels: $0).lines
    }
  }
}

/// `downlinkctl apids`
struct ApplicationProcesses: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apids", abstract: "Application processes: packets, gaps and missing packets.")

  @Argument(help: "Only this link.") var link: String?
  @OptionGroup var daemon: DaemonOptions

  func run() throws {
    try printList("apids", "apids", link: link, daemon: daemon) {
      Tables(paint: .standard).applicationProcesses($0, hasLink: true)
    }
  }
}

/// `downlinkctl health`
struct Health: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "One line for a monitoring system.",
    discussion: "Exits with 0 if all is well, 1 on a warning, 2 if critical and 3 if the daemon cannot be asked.")

  @OptionGroup var daemon: DaemonOptions

  func run() throws {
    var worst = HealthText.State.healthy
    for path in daemon.paths {
      let text = ask(path)
      if text.state.gravity > worst.gravity { worst = text.state }
    }
    throw ExitCode(worst.rawValue)
  }

  private func ask(_ path: String) -> HealthText {
    do throws(ConnectionError) {
      let connection = try StatusConnection(paths: [path])
      let reply = try connection.ask("health")
      let links = try connection.elements("links", "links")
      let text = HealthText(health: try StatusConnection.document(reply), links: links)
      Console.write(daemon.json ? [reply] : text.lines)
      return text
    } catch {
      let text = HealthText(unreachable: error)
      Console.write(text.lines)
      return text
    }
  }
}

/// `downlinkctl problems`
struct Problems: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What is wrong, since when, what it means for the data, and what to do.")

  @Argument(help: "Only this link.") var link: String?
  @OptionGroup var daemon: DaemonOptions

  func run() throws {
    try printList("problems", "problems", link: link, daemon: daemon) { ProblemText(paint: .standard).lines($0) }
  }
}
