import ArgumentParser

/// `downlinkctl explain`
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The last units that a link rejected for each reason: their bytes, the rule, and what to set.",
    discussion: """
      Every setting was tried on the units that were kept, and it says on how many of them, and what proves it. \
      Without a link it is about the only one.
      """)

  @Argument(help: "A link.") var link: String?
  @Option(help: "Only what was rejected for this reason, such as fecf.") var reason: String?
  @Option(help: ArgumentHelp("At most so many reasons.", valueName: "count")) var limit: Int?
  @Option(help: ArgumentHelp("Bytes of each unit to show, 0 to 256.", valueName: "bytes")) var hex = 64
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    guard (0...256).contains(hex) else { throw ValidationError("'--hex' is a number from 0 to 256.") }
    guard limit.map({ $0 > 0 }) ?? true else { throw ValidationError("'--limit' is 1 or more.") }
  }

  func run() throws {
    try daemon.askEach { connection throws(ConnectionError) in
      var arguments = link.map { [(name: "link", value: quoted($0))] } ?? []
      if let reason { arguments.append((name: "reason", value: quoted(reason))) }
      if let limit { arguments.append((name: "limit", value: String(limit))) }
      guard limit == nil else {
        let text = try connection.ask("explain", arguments)
        return daemon.json ? print(text) : show([try StatusConnection.document(text)])
      }
      var pages: [String] = []
      try connection.askForAll("explain", arguments) { pages.append($0) }
      guard !daemon.json else { return Console.write(pages) }
      var documents: [Document] = []
      for page in pages { documents.append(try StatusConnection.document(page)) }
      show(documents)
    }
  }

  private func show(_ pages: [Document]) {
    Console.write(RejectionText(paint: .standard, hexByteCount: hex).lines(pages, reason: reason))
  }
}
