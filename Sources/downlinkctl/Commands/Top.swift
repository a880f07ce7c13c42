import ArgumentParser
import Dispatch
import Glibc

/// `downlinkctl top`
struct Top: ParsableCommand {
  /// When there are colours.
  enum Colour: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
  }

  static let configuration = CommandConfiguration(
    abstract: "All of a station on one screen: its links, ledgers, channels, problems, passes and events.",
    discussion: """
      In a terminal it is drawn anew every --interval until 'q'; '?' explains the keys. Elsewhere it is printed once, \
      or every --interval if that is given. When the daemon restarts, it connects again.
      """)

  @Option(help: "Seconds between two pictures, 0.1 to 3600. (default: 1 in a terminal, once elsewhere)")
  var interval: Double?
  @Option(help: "The link to begin with; where there is no terminal, the only one.") var link: String?
  @Option(help: ArgumentHelp("Colours: auto, always or never; auto obeys NO_COLOR and TERM.", valueName: "when"))
  var color = Colour.auto
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    guard (0.1...3600).contains(interval ?? 1) else {
      throw ValidationError("--interval must be from 0.1 to 3600.")
    }
    guard !daemon.json else {
      throw ValidationError("This is for people: for a program there are 'status --json' and 'watch --json'.")
    }
  }

  func run() throws {
    var view = ScreenView()
    view.link = link
    let paths = daemon.paths
    guard Self.isScreen else { return try print(view, paths) }
    let inquiry = StationInquiry(paths: paths.prefix(1).map { $0 })
    let picture = try inquiry.ask()
    try Self.checkLink(link, picture)
    let (interval, style) = (interval ?? 1, ScreenDrawing.Style(hasColours: hasColours, isUnicode: Self.isUnicode))
    MainActor.assumeIsolated {
      TopLoop(paths: paths.map { [$0] }, first: picture, interval: interval, view: view, style: style).start()
    }
    dispatchMain()
  }

  /// Once, or again and again: then a daemon that goes is told of, and waited for.
  private func print(_ view: ScreenView, _ paths: [String]) throws {
    let inquiries = paths.map { StationInquiry(paths: [$0]) }
    var isLost = false
    while true {
      for inquiry in inquiries {
        do throws(ConnectionError) {
          let picture = try inquiry.ask()
          if interval == nil { try Self.checkLink(link, picture) }
          Console.write(lines(picture, view) + (interval == nil ? [] : [""]))
          isLost = false
        } catch {
          if interval == nil { throw error }
          if !isLost { Console.complain(error) }
          isLost = true
        }
      }
      Console.flush()
      guard let interval else { return }
      Terminal.pause(seconds: interval)
    }
  }

  /// Everything, in colours only if they were asked for.
  private func lines(_ picture: StationPicture, _ view: ScreenView) -> [String] {
    guard color == .always else { return Screen.plainText(picture, view: view, columns: Self.columns) }
    let style = ScreenDrawing.Style(hasColours: true, isUnicode: true)
    return Screen.plainLines(picture, view: view, columns: Self.columns).map { ScreenDrawing.text(of: $0, style) }
  }

  private static func checkLink(_ link: String?, _ picture: StationPicture) throws(ConnectionError) {
    let names = picture.linkNames(in: .station)
    guard let link, !names.contains(link) else { return }
    throw .refused(
      code: "not_found", message: "there is no link '\(link)'",
      hint: "the links are \(names.joined(separator: ", "))")
  }

  // MARK: The terminal

  /// Whether there is one that can move its cursor.
  private static var isScreen: Bool {
    isatty(STDOUT_FILENO) == 1 && !["", "dumb"].contains(Environment.value("TERM") ?? "")
  }

  private var hasColours: Bool {
    switch color {
    case .auto: Environment.value("NO_COLOR") == nil
    case .always: true
    case .never: false
    }
  }

  /// What the locale says of the character set: the first of these that says anything.
  private static var isUnicode: Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap(Environment.value).first ?? ""
    let name = locale.lowercased()
    return name.contains("utf-8") || name.contains("utf8")
  }

  private static let longestLine = 1000

  /// How wide lines are where there is no terminal: as wide as it takes, unless somebody says otherwise.
  private static var columns: Int {
    if isatty(STDOUT_FILENO) == 1 { return Terminal.size.columns }
    let columns = Environment.value("COLUMNS").flatMap { Int($0) } ?? 0
    return (1...longestLine).contains(columns) ? columns : longestLine
  }
}

/// The environment; what is empty in it is not there.
private enum Environment {
  static func value(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}
