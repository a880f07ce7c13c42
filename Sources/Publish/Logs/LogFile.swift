import Glibc

/// The file of a log that is being written: appended to line by line, and never left with half a line by us.
final class LogFile {
  let path: String
  /// When its first record was written; decides its age.
  let startTime: Int64
  private(set) var byteCount: Int

  private let descriptor: Int32
  private let device: dev_t
  private let inode: ino_t
  private var endsInTornLine = false

  /// Makes a new file, and fails if there is one.
  static func create(in directory: LogDirectory, at time: Int64) throws(PublishError) -> LogFile {
    let path = directory.path(of: directory.activeName)
    let flags = O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC
    let descriptor = unsafe openat(directory.descriptor, directory.activeName, flags, 0o640)
    guard descriptor >= 0 else { throw .system(.openLog, path: path, errno: errno) }
    let file = try LogFile(descriptor: descriptor, path: path, startTime: time)
    try directory.synchronize()
    return file
  }

  /// Opens the file that is there, if there is one. It may be anything, so opening must not wait for a reader.
  static func openExisting(in directory: LogDirectory, at time: Int64) throws(PublishError) -> LogFile? {
    let path = directory.path(of: directory.activeName)
    let flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
    let descriptor = unsafe openat(directory.descriptor, directory.activeName, flags)
    guard descriptor >= 0 else {
      guard errno == ENOENT else { throw .system(.openLog, path: path, errno: errno) }
      return nil
    }
    return try LogFile(descriptor: descriptor, path: path, startTime: LogTail.firstTimestamp(of: descriptor) ?? time)
  }

  private init(descriptor: Int32, path: String, startTime: Int64) throws(PublishError) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let error = errno
      Glibc.close(descriptor)
      throw .system(.openLog, path: path, errno: error)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      Glibc.close(descriptor)
      throw .notARegularFile(path: path)
    }
    self.descriptor = descriptor
    self.path = path
    self.startTime = startTime
    byteCount = Int(status.st_size)
    device = status.st_dev
    inode = status.st_ino
  }

  deinit { Glibc.close(descriptor) }

  /// How the file ends: its last whole record, and what follows it.
  func tail() throws(PublishError) -> LogTail {
    try LogTail(descriptor: descriptor, byteCount: byteCount, path: path)
  }

  /// Whether the name in the directory leads to another file by now, or to none.
  func isReplaced(in directory: LogDirectory) -> Bool {
    var status = stat()
    guard unsafe fstatat(directory.descriptor, directory.activeName, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      return errno == ENOENT
    }
    return status.st_dev != device || status.st_ino != inode
  }

  /// Appends one line, wholly or not at all.
  ///
  /// What a failed write has left behind is cut off again; if even that fails, the next line starts on a fresh one.
  func append(_ line: String) throws(PublishError) {
    let bytes = Array(((endsInTornLine ? "\n" : "") + line + "\n").utf8)
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress.map { unsafe $0 + written }, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let error = count < 0 ? errno : EIO
        if written > 0, ftruncate(descriptor, off_t(byteCount)) != 0 {
          byteCount += written
          endsInTornLine = true
        }
        throw .system(.writeLog, path: path, errno: error)
      }
      written += count
    }
    byteCount += bytes.count
    endsInTornLine = false
  }

  /// Ends the torn line that an earlier run has left, with the next record at the latest.
  func endTornLine() { endsInTornLine = true }

  func synchronize() throws(PublishError) {
    guard fsync(descriptor) == 0 else { throw .system(.synchronizeLog, path: path, errno: errno) }
  }
}
