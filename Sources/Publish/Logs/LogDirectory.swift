import Glibc

/// The directory that holds the files of one log: the one being written and those it was rotated to.
final class LogDirectory {
  let path: String
  let logName: String
  let descriptor: Int32

  init(path: String, logName: String) throws(PublishError) {
    self.path = path
    self.logName = logName
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(.openDirectory, path: path, errno: errno) }
    self.descriptor = descriptor
  }

  deinit { Glibc.close(descriptor) }

  var activeName: String { "\(logName).jsonl" }

  func path(of name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

  /// The finished files of the log, or of all logs with these names.
  func inventory(of logNames: [String]? = nil) throws(PublishError) -> LogInventory {
    let logNames = logNames ?? [logName]
    let files = try names().compactMap { name -> (name: String, byteCount: Int)? in
      guard logNames.contains(where: { name.hasPrefix("\($0)-") }), let status = status(of: name),
        status.st_mode & S_IFMT == S_IFREG
      else { return nil }
      return (name, Int(status.st_size))
    }
    return LogInventory(files, of: logNames)
  }

  /// What the system knows of a file; `nil` if there is none.
  func status(of name: String) -> stat? {
    var status = stat()
    return unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
  }

  /// Opens a regular file to be read, without waiting for whatever else is there.
  func open(_ name: String) throws(PublishError) -> LogReading {
    let path = path(of: name)
    let file = unsafe openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw .system(.openLog, path: path, errno: errno) }
    return try LogReading(descriptor: file, path: path)
  }

  /// Deletes a file. One that is gone already is fine.
  func remove(_ name: String) throws(PublishError) {
    guard unsafe unlinkat(descriptor, name, 0) != 0, errno != ENOENT else { return }
    throw .system(.rotateLog, path: path(of: name), errno: errno)
  }

  func rename(_ name: String, to other: String) throws(PublishError) {
    guard unsafe renameat(descriptor, name, descriptor, other) == 0 else {
      throw .system(.rotateLog, path: path(of: other), errno: errno)
    }
  }

  func synchronize() throws(PublishError) {
    guard fsync(descriptor) == 0 else { throw .system(.synchronizeLog, path: path, errno: errno) }
  }

  /// Brings some zeros to the disk and takes them back: whether it takes anything.
  func probe(byteCount: Int) throws(PublishError) {
    let name = ".\(logName).probe"
    try remove(name)
    let file = unsafe openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o640)
    guard file >= 0 else { throw .system(.writeLog, path: path(of: name), errno: errno) }
    defer {
      Glibc.close(file)
      try? remove(name)
    }
    let written = FileBytes.write([UInt8](repeating: 0, count: byteCount), to: file)
    guard written.byteCount == byteCount else {
      throw .system(.writeLog, path: path(of: name), errno: written.errno)
    }
    guard fsync(file) == 0 else { throw .system(.synchronizeLog, path: path(of: name), errno: errno) }
  }

  /// The bytes that the file system has left for us; `nil` when it does not say.
  var freeByteCount: Int? {
    var status = statvfs()
    guard unsafe fstatvfs(descriptor, &status) == 0 else { return nil }
    return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
  }

  private func names() throws(PublishError) -> [String] {
    let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0 else { throw .system(.listDirectory, path: path, errno: errno) }
    guard let stream = unsafe fdopendir(copy) else {
      let error = errno
      Glibc.close(copy)
      throw .system(.listDirectory, path: path, errno: error)
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      names.append(name)
    }
    return names
  }
}

/// A file of a log that is read, and closed when it is let go.
final class LogReading {
  let descriptor: Int32
  let path: String
  let byteCount: Int

  init(descriptor: Int32, path: String) throws(PublishError) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      Glibc.close(descriptor)
      throw .notARegularFile(path: path)
    }
    self.descriptor = descriptor
    self.path = path
    byteCount = Int(status.st_size)
  }

  deinit { Glibc.close(descriptor) }

  func bytes(from offset: Int, byteCount: Int = FileBytes.pieceByteCount) throws(PublishError) -> [UInt8] {
    try FileBytes.read(descriptor, from: offset, byteCount: byteCount, path: path)
  }

  /// Gives all of it to `take`, piece by piece, as long as that returns `true`.
  func forEachPiece(_ take: ([UInt8]) throws(PublishError) -> Bool) throws(PublishError) {
    var offset = 0
    while true {
      let piece = try bytes(from: offset)
      guard !piece.isEmpty, try take(piece) else { return }
      offset += piece.count
    }
  }
}
