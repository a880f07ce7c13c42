import CLinux
import Glibc

/// The file of a log that is being written: appended to line by line, and never left with half a line by us.
final class LogFile {
  /// Where a line went.
  enum Fate: Equatable {
    case written
    /// Into a file that has no name any more: it is gone.
    case unlinked
  }

  let path: String
  /// When its first record was written; decides its age.
  private(set) var startTime: Int64
  private(set) var byteCount: Int

  private let descriptor: Int32
  private let device: dev_t
  private let inode: ino_t
  private var endsInTornLine = false
  /// Why the disk has refused what is in it, if it ever has.
  private var refusal: Int32?

  /// Makes a new file, and fails if there is one.
  static func create(in directory: LogDirectory, at time: Int64) throws(PublishError) -> LogFile {
    let path = directory.path(of: directory.activeName)
    let flags = O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC
    let descriptor = unsafe openat(directory.descriptor, directory.activeName, flags, 0o640)
    guard descriptor >= 0 else { throw .system(.openLog, path: path, errno: errno) }
    return try LogFile(descriptor: descriptor, path: path, startTime: time)
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
    return try LogFile(descriptor: descriptor, path: path, startTime: time)
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

  /// Sees how an earlier run has left the file, and cuts off what is no line.
  func recover() throws(PublishError) -> LogTail {
    let head = try FileBytes.read(descriptor, from: 0, byteCount: 64, path: path)
    if let first = LogTail.firstTimestamp(in: head) { startTime = first }
    let tail = try LogTail(byteCount: byteCount) { (offset, count) throws(PublishError) in
      try FileBytes.read(descriptor, from: offset, byteCount: count, path: path)
    }
    guard tail.cutByteCount > 0 else { return tail }
    // What cannot be cut off is ended where it is, with the next record.
    guard ftruncate(descriptor, off_t(byteCount - tail.cutByteCount)) == 0 else {
      endsInTornLine = true
      return tail
    }
    byteCount -= tail.cutByteCount
    let last = try FileBytes.read(descriptor, from: max(0, byteCount - 1), byteCount: 1, path: path)
    endsInTornLine = byteCount > 0 && last != [UInt8(ascii: "\n")]
    return tail
  }

  /// Whether the name in the directory leads to another file by now, or to none.
  func isReplaced(in directory: LogDirectory) -> Bool {
    guard let status = directory.status(of: directory.activeName) else { return errno == ENOENT }
    return status.st_dev != device || status.st_ino != inode
  }

  /// Appends one line, wholly or not at all.
  ///
  /// What a failed write has left behind is cut off again; if even that fails, the next line starts on a fresh one.
  /// Others may have shortened the file meanwhile, so where the line went is asked for and not worked out.
  func append(_ line: String, at time: Int64) throws(PublishError) -> Fate {
    let bytes = Array(((endsInTornLine ? "\n" : "") + line + "\n").utf8)
    let written = FileBytes.write(bytes, to: descriptor)
    guard written.byteCount == bytes.count else {
      if written.byteCount > 0 { takeBack(written.byteCount) }
      throw .system(.writeLog, path: path, errno: written.errno)
    }
    endsInTornLine = false
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      byteCount += bytes.count
      return .written
    }
    byteCount = Int(status.st_size)
    if byteCount == bytes.count { startTime = time }
    return status.st_nlink == 0 ? .unlinked : .written
  }

  private func takeBack(_ count: Int) {
    let end = lseek(descriptor, 0, SEEK_CUR)
    guard end >= off_t(count), ftruncate(descriptor, end - off_t(count)) == 0 else {
      byteCount += count
      endsInTornLine = true
      return
    }
    byteCount = Int(end) - count
  }

  /// Brings it to the disk. What was refused once may have been forgotten by then, so that a second try proves nothing.
  func synchronize() throws(PublishError) {
    if refusal == nil, fsync(descriptor) != 0 { refusal = errno }
    if let refusal { throw .system(.synchronizeLog, path: path, errno: refusal) }
  }

  /// Has the file system set room aside for a record, without changing the file.
  func reserve(_ count: Int) throws(PublishError) {
    let error = -clinux_reserve(descriptor, Int64(byteCount), Int64(count))
    // Not every file system can: then only the next record shows.
    guard error != 0, error != EOPNOTSUPP, error != ENOSYS, error != EINTR else { return }
    throw .system(.writeLog, path: path, errno: error)
  }
}
