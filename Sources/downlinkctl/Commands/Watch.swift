import ArgumentParser
import Glibc

/// `downlinkctl watch`
struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The live ledger of every link in a terminal; events, line by line, anywhere else.")

  @Option(help: "Seconds between two pictures.") var interval = 1.0
  @Option(help: ArgumentHelp("Only events of these types, with commas.", valueName: "types")) var types: String?
  @Option(help: ArgumentHelp("Only events of these links, with commas.", valueName: "links")) var links: String?
  @Flag(help: "Print events instead of the picture in a terminal too.") var events = false
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    guard (0.1...3600).contains(interval) else { throw ValidationError("--interval must be from 0.1 to 3600.") }
  }

  func run() throws {
    let connection = try daemon.connect()
    try connection.checkLinks(links)
    guard isatty(STDOUT_FILENO) == 1, !events, !daemon.json else {
      _ = try connection.ask("watch", watchArguments)
      return try EventStream(connection: connection, json: daemon.json).run()
    }
    print("\u{1B}[2J", terminator: "")
    try draw(connection)
  }

  /// Draws until interrupted; a daemon that goes is waited for.
  private func draw(_ first: StatusConnection) throws(ConnectionError) {
    var connection: StatusConnection? = first
    var earlier: WatchText.Sample?
    while true {
      do throws(ConnectionError) {
        let current = try daemon.connect(reusing: connection)
        connection = current
        let status = try StatusConnection.document(try current.ask("status"))
        let recent = try StatusConnection.document(try current.ask("events", [("n", "5")]))
        let size = Terminal.size
        let lines = WatchText(paint: .standard).lines(
          status, events: recent["events"]?.elements ?? [], version: current.hello.text("version"), since: earlier,
          rows: size.rows, columns: size.columns)
        print(WatchText.redraw(lines), terminator: "")
        earlier = WatchText.Sample(status)
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

  private var watchArguments: [(name: String, value: String)] {
    var arguments = [(name: "stats_interval_seconds", value: daemon.json ? String(interval) : "0")]
    if let types { arguments.append(("types", quoted(types))) }
    if let links { arguments.append(("links", quoted(links))) }
    return arguments
  }
}

/// The window we are in, and time.
enum Terminal {
  static var size: (rows: Int, columns: Int) {
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else {
      return (24, 80)
    }
    return (Int(size.ws_row), Int(size.ws_col))
  }

  static func pause(seconds: Double) { _ = poll(nil, 0, Int32(max(0, min(seconds, 3600)) * 1000)) }

  /// Seconds on a clock that is never set.
  static var monotonicSeconds: Double {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
