import DownlinkService
import Glibc

/// What a person sees, on either output.
enum Terminal {
  static var isOutputATerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var isErrorATerminal: Bool { isatty(STDERR_FILENO) == 1 }

  static func say(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }
  static func complain(_ line: String) { write(line + "\n", to: STDERR_FILENO) }
  static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 || errno == EINTR else { return }
      bytes = bytes.dropFirst(max(0, count))
    }
  }

  static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Writes lines over the screen from its top: as many, and as much of each, as it has room for.
  static func redraw(_ lines: [String]) {
    let size = screenSize
    let visible = lines.count < size.rows ? lines : Array(lines.prefix(size.rows - 2)) + ["..."]
    let text = visible.map { String($0.prefix(size.columns)) + "\u{1B}[K\n" }.joined()
    write("\u{1B}[H" + text + "\u{1B}[J", to: STDOUT_FILENO)
  }

  /// How lines of text are to be laid out there.
  static var screenText: ScreenText {
    var text = ScreenText()
    if isOutputATerminal { text.columnCount = screenSize.columns }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment($0) }.first { !$0.isEmpty }
    text.isASCII = locale == "C" || locale == "POSIX"
    return text
  }

  /// The window, or what is usual where there is none.
  static var screenSize: (rows: Int, columns: Int) {
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 2, size.ws_col > 0 else {
      return (24, 80)
    }
    return (Int(size.ws_row), Int(size.ws_col))
  }
}
