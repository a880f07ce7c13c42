import ArgumentParser

/// `downlinkctl passes`
struct Passes: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The passes: those under way, those that are over, and what is missing of them.",
    discussion: "Without a pass it lists them, the newest first; with one it gives the report.")

  @Argument(help: "One pass, as the list names it.") var id: String?
  @Option(help: "Only passes of this link.") var link: String?
  @Flag(help: "The report as text; so it is without --json.") var text = false
  @Flag(help: "What is missing, for a request to send it again.") var gaps = false
  @Flag(help: "With --gaps, as a table of comma-separated values.") var csv = false
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    guard id != nil || !(text || gaps || csv) else { throw ValidationError("Name a pass: the list has their names.") }
    guard !text || !(gaps || csv || daemon.json) else { throw ValidationError("Choose one of the forms.") }
  }

  func run() throws {
    try daemon.askEach { connection throws(ConnectionError) in
      guard let id else { return try list(connection) }
      let arguments = { (form: String) in
        [(name: "id", value: quoted(id)), (name: "form", value: quoted(form))]
      }
      switch (gaps, daemon.json, csv) {
      case (true, _, false): try connection.askForAll("passes", arguments("gaps")) { print($0) }
      case (_, _, true): try write(connection, arguments("csv"))
      case (false, true, false): print(try connection.ask("passes", arguments("report")))
      case (false, false, false): try write(connection, arguments("text"))
      }
    }
  }

  private func list(_ connection: StatusConnection) throws(ConnectionError) {
    let arguments = link.map { [(name: "link", value: quoted($0))] } ?? []
    guard !daemon.json else { return try connection.askForAll("passes", arguments) { print($0) } }
    Console.write(PassTable(paint: .standard).lines(try connection.elements("passes", "passes", arguments)))
  }

  private func write(
    _ connection: StatusConnection, _ arguments: [(name: String, value: String)]
  ) throws(ConnectionError) {
    Console.write(try connection.elements("passes", "lines", arguments).compactMap(\.string))
  }
}
