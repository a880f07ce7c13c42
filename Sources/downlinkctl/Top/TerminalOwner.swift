import Dispatch
import Glibc

/// The terminal while a screen has it: raw, on the alternate screen, and as it was before when that is over.
@MainActor
final class TerminalOwner {
  private static let piece = 256
  private static let enterText = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[0m\u{1B}[2J"
  private static let leaveText = "\u{1B}[0m\u{1B}[2J\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

  private let hasKeyboard = isatty(STDIN_FILENO) == 1
  private var saved: termios?
  private var isEntered = false
  private var pending: [UInt8] = []

  /// Whether what was written before is not out yet: a line that is slow, or stopped.
  var isBusy: Bool { !pending.isEmpty }

  /// Takes the terminal, or takes it again after a stop.
  func enter() {
    if hasKeyboard {
      var attributes = termios()
      guard unsafe tcgetattr(STDIN_FILENO, &attributes) == 0 else { return }
      if !isEntered { saved = attributes }
      // Keys that interrupt and stop go on to be signals, for everything that was started along with this program.
      attributes.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
      attributes.c_iflag &= ~tcflag_t(IXON | ICRNL)
      attributes.c_oflag |= tcflag_t(OPOST)
      _ = unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &attributes)
    }
    isEntered = true
    pending = []
    write(Self.enterText)
  }

  /// Gives it back as it was.
  func leave() {
    guard isEntered else { return }
    isEntered = false
    pending = []
    write(Self.leaveText)
    // One that takes nothing for so long will not have it.
    for _ in 0..<20 where isBusy {
      wait(milliseconds: 50)
      flush()
    }
    if var attributes = saved { _ = unsafe tcsetattr(STDIN_FILENO, TCSANOW, &attributes) }
  }

  /// Writes as much as the terminal takes at once; the rest stays for `flush`.
  func write(_ text: String) {
    pending += Array(text.utf8)
    flush()
  }

  /// Goes on with what is pending. A terminal that is gone takes all of it.
  func flush() {
    var start = 0
    while start < pending.count, isWritable {
      let end = min(pending.count, start + Self.piece)
      let count = unsafe Glibc.write(STDOUT_FILENO, Array(pending[start..<end]), end - start)
      if count < 0, errno == EINTR || errno == EAGAIN { break }
      start = count < 0 ? pending.count : start + count
    }
    pending.removeFirst(start)
  }

  /// The keys that were pressed since; absent when nobody can press one any more.
  func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 1024)
    let count = unsafe Glibc.read(STDIN_FILENO, &buffer, buffer.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return [] }
    return count > 0 ? Array(buffer[..<count]) : nil
  }

  private var isWritable: Bool {
    var entry = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    return unsafe poll(&entry, 1, 0) > 0
  }

  private func wait(milliseconds: Int32) {
    var entry = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    _ = unsafe poll(&entry, 1, milliseconds)
  }
}
