import Glibc
import Publish

/// `counters.json`: read with suspicion, and only ever replaced as a whole.
final class CounterFile: Sendable {
  /// Why it cannot be read or written.
  struct Failure: Error, Equatable, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "\(path) \(reason)" }
  }

  static let name = "counters.json"
  private static let largestByteCount = 1 << 20

  private let directory: String
  private let descriptor: Int32
  private let lock: DirectoryLock

  /// Makes the directory if need be, and keeps it for this daemon.
  init(directory: String) throws(Failure) {
    do throws(ServiceError) {
      try Outlets.makeDirectory(directory)
      lock = try DirectoryLock(directory)
    } catch {
      let reason =
        switch error {
        case .directoryInUse: "is used by another daemon"
        case .cannotCreate(_, let errno): "cannot be made or opened: \(Self.text(errno))"
        default: "cannot be used"
        }
      throw Failure(path: directory, reason: reason)
    }
    self.directory = directory
    descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot be opened") }
  }

  /// Nothing of this daemon is written there any longer.
  func release() { lock.release() }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The totals in it; none when there is no file.
  func read() throws(Failure) -> CounterDocument {
    // Neither a link to somewhere else nor a pipe that nobody writes to may hold us up.
    let file = unsafe openat(descriptor, Self.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT { return CounterDocument() }
      throw errno == ELOOP ? failure("is a symbolic link") : failure("cannot be opened", errno)
    }
    defer { close(file) }
    var information = stat()
    guard unsafe fstat(file, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      throw failure("is no file")
    }
    guard information.st_size <= Self.largestByteCount else {
      throw failure("is longer than \(Self.largestByteCount) bytes")
    }
    let bytes = try contents(of: file, atMost: Int(information.st_size))
    guard let value = try? JSONReader.read(bytes), let document = CounterDocument(value) else {
      throw failure("is not what this daemon writes")
    }
    return document
  }

  private func contents(of file: Int32, atMost byteCount: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    var length = 0
    while length < byteCount {
      let count = unsafe bytes.withUnsafeMutableBytes {
        unsafe Glibc.read(file, $0.baseAddress.map { unsafe $0 + length }, byteCount - length)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("cannot be read", errno) }
      guard count > 0 else { break }
      length += count
    }
    return Array(bytes[..<length])
  }

  /// Puts a file that cannot be used where a person can look at it.
  func putAside() -> Bool { unsafe renameat(descriptor, Self.name, descriptor, Self.name + ".bad") == 0 }

  /// Replaces the file: whoever reads it finds the old totals or the new ones, also after a power cut.
  func write(_ document: CounterDocument) throws(Failure) {
    let temporary = Self.name + ".tmp"
    _ = unsafe unlinkat(descriptor, temporary, 0)
    let file = unsafe openat(
      descriptor, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o640)
    guard file >= 0 else { throw failure("cannot be written", errno) }
    let isWritten = Self.write(Array((document.json + "\n").utf8), to: file) && fsync(file) == 0
    let error = errno
    close(file)
    guard isWritten else {
      _ = unsafe unlinkat(descriptor, temporary, 0)
      throw failure("cannot be written", error)
    }
    guard unsafe renameat(descriptor, temporary, descriptor, Self.name) == 0, fsync(descriptor) == 0 else {
      throw failure("cannot be replaced", errno)
    }
  }

  private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
    var offset = 0
    while offset < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(file, $0.baseAddress.map { unsafe $0 + offset }, bytes.count - offset)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      offset += count
    }
    return true
  }

  private func failure(_ reason: String, _ number: Int32? = nil) -> Failure {
    Failure(path: directory + "/" + Self.name, reason: number.map { "\(reason): \(Self.text($0))" } ?? reason)
  }

  private static func text(_ number: Int32) -> String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
  }
}
