import Glibc

/// The directory that holds the files of one log: the one being written and those it was rotated to.
///
///     events.jsonl                                 being written
///     events-20261121T092437Z-000042.jsonl         finished at that time, the 42nd
final class LogDirectory {
  /// A finished file.
  struct RotatedFile: Equatable {
    let name: String
    let number: UInt64
    let byteCount: Int
  }

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

  func rotatedName(at time: Int64, number: UInt64) -> String {
    let digits = String(number)
    let padding = String(repeating: "0", count: max(0, 6 - digits.utf8.count))
    return "\(logName)-\(UTCTimestamp.compact(time))-\(padding)\(digits).jsonl"
  }

  /// The finished files, oldest first.
  func rotatedFiles() throws(PublishError) -> [RotatedFile] {
    try names().compactMap { name in
      guard let number = number(ofRotated: name) else { return nil }
      var status = stat()
      guard unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
        status.st_mode & S_IFMT == S_IFREG
      else { return nil }
      return RotatedFile(name: name, number: number, byteCount: Int(status.st_size))
    }.sorted { $0.number < $1.number }
  }

  /// Deletes the oldest finished files until all of them together have at most `byteCount` bytes.
  func deleteOldest(keeping byteCount: Int) throws(PublishError) {
    let files = try rotatedFiles()
    var total = files.reduce(0) { $0 + $1.byteCount }
    for file in files where total > byteCount {
      guard unsafe unlinkat(descriptor, file.name, 0) == 0 else {
        throw .system(.rotateLog, path: path(of: file.name), errno: errno)
      }
      total -= file.byteCount
    }
  }

  func synchronize() throws(PublishError) {
    guard fsync(descriptor) == 0 else { throw .system(.synchronizeLog, path: path, errno: errno) }
  }

  /// The number in a finished file's name; `nil` for every other name.
  func number(ofRotated name: String) -> UInt64? {
    guard name.hasPrefix("\(logName)-"), name.hasSuffix(".jsonl") else { return nil }
    let parts = name.dropFirst(logName.utf8.count + 1).dropLast(6).split(
      separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == 16, parts[1].utf8.count >= 6,
      parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return UInt64(parts[1])
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
