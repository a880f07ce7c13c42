import Glibc
import Ingest
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
        case .cannotCreate(_, let errno): "cannot be made or opened: \(IngestError.text(errno))"
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
    let bytes: [UInt8]
    do throws(PublishError) {
      bytes = try FileBytes.read(file, from: 0, byteCount: Int(information.st_size), path: Self.name)
    } catch {
      throw failure("cannot be read", error.systemErrorNumber)
    }
    guard let value = try? JSONReader.read(bytes), let document = CounterDocument(value) else {
      throw failure("is not what this daemon writes")
    }
    return document
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
    let bytes = Array((document.json + "\n").utf8)
    var (byteCount, error) = FileBytes.write(bytes, to: file)
    if byteCount == bytes.count, fsync(file) != 0 { (byteCount, error) = (0, errno) }
    close(file)
    guard byteCount == bytes.count else {
      _ = unsafe unlinkat(descriptor, temporary, 0)
      throw failure("cannot be written", error)
    }
    guard unsafe renameat(descriptor, temporary, descriptor, Self.name) == 0, fsync(descriptor) == 0 else {
      throw failure("cannot be replaced", errno)
    }
  }

  private func failure(_ reason: String, _ number: Int32? = nil) -> Failure {
    Failure(path: directory + "/" + Self.name, reason: number.map { "\(reason): \(IngestError.text($0))" } ?? reason)
  }
}
