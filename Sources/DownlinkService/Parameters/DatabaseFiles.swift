import Glibc
import MissionDatabase

/// The bytes of the files of a mission database.
struct DatabaseFiles {
  let files: [(name: String, bytes: [UInt8])]

  /// - Parameter areConfigured: Whether a configuration names them, and not a command.
  /// - Throws: All files that cannot be read.
  init(_ paths: [String], areConfigured: Bool = true) throws(DatabaseErrors) {
    var files: [(name: String, bytes: [UInt8])] = []
    var problems: [DatabaseProblem] = []
    for path in paths {
      do throws(DatabaseProblem) {
        files.append((path, try Self.read(path)))
      } catch {
        var problem = error
        if !areConfigured, problem.hint != nil { problem.hint = "see whether the name is right, and who may read it" }
        problems.append(problem)
      }
    }
    guard problems.isEmpty else { throw DatabaseErrors(problems: problems) }
    self.files = files
  }

  /// What tells their bytes from others.
  var digest: UInt64 {
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    for file in files {
      for byte in file.bytes { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
      digest = (digest ^ 0xFF) &* 0x100_0000_01B3
    }
    return digest
  }

  /// How long files are together, unread; those that are not there have no length.
  static func byteCount(of paths: [String]) -> Int {
    paths.reduce(0) { sum, path in
      var status = stat()
      return unsafe stat(path, &status) == 0 ? sum &+ Int(clamping: status.st_size) : sum
    }
  }

  private static func read(_ path: String) throws(DatabaseProblem) -> [UInt8] {
    // Not to hang on a pipe that nobody writes to.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw problem(path, "cannot be opened", errno) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw problem(path, "cannot be read", errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DatabaseProblem(
        .error, "is not a regular file", at: DatabasePlace(file: path, line: 0, column: 0), element: "")
    }
    guard status.st_size <= largestByteCount else {
      throw DatabaseProblem(
        .error, "the file is longer than \(largestByteCount) bytes", at: DatabasePlace(file: path, line: 0, column: 0),
        element: "")
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var count = 0
    while count < bytes.count {
      let result = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
      }
      guard result >= 0 || errno == EINTR else { throw problem(path, "cannot be read", errno) }
      guard result != 0 else { break }
      count += max(0, result)
    }
    return count == bytes.count ? bytes : Array(bytes.prefix(count))
  }

  private static func problem(_ path: String, _ message: String, _ errno: Int32) -> DatabaseProblem {
    let hint: String? =
      switch errno {
      case ENOENT: "see whether the name is right; a relative one is from the directory of the configuration"
      case EACCES:
        "let the user of the daemon read it: chgrp downlinkd \(path); chmod g+r \(path). A daemon that runs reaches "
          + "only the directories that its configuration named when it was started: for another one, restart it"
      default: nil
      }
    let reason = unsafe String(cString: strerror(errno))
    return DatabaseProblem(
      .error, "\(message): \(reason)", at: DatabasePlace(file: path, line: 0, column: 0), element: "", hint: hint)
  }

  /// More than any mission has written down.
  private static let largestByteCount = 256 << 20
}
