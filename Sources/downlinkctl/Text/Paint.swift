import Glibc

/// What a word means to the person who reads it.
package enum Emphasis: Sendable {
  case plain, heading, good, caution, alarm, quiet

  /// As the terminal has it.
  var code: String {
    switch self {
    case .plain: ""
    case .heading: "1"
    case .good: "32"
    case .caution: "33"
    case .alarm: "1;31"
    case .quiet: "2"
    }
  }
}

/// Colours for a terminal; none for anything else.
struct Paint {
  let isOn: Bool

  /// On a terminal, unless `NO_COLOR` is set.
  static var standard: Paint {
    let isRefused = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
    return Paint(isOn: isatty(STDOUT_FILENO) == 1 && !isRefused)
  }

  func callAsFunction(_ text: String, _ emphasis: Emphasis) -> String {
    isOn && emphasis != .plain ? "\u{1B}[\(emphasis.code)m\(text)\u{1B}[0m" : text
  }
}
