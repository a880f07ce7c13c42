import Glibc

/// How a log file ends, read without reading all of it.
struct LogTail: Equatable {
  private static let maximumByteCount = 1 << 20
  private static let maximumHeadByteCount = 64

  /// The sequence number of the last whole record; `nil` if there is none within the last mebibyte.
  let lastSequenceNumber: UInt64?
  /// The bytes after the last line feed: the rest of a record that was never finished.
  let tornByteCount: Int

  init(descriptor: Int32, byteCount: Int, path: String) throws(PublishError) {
    let start = max(0, byteCount - Self.maximumByteCount)
    let bytes = try Self.read(descriptor, from: start, byteCount: byteCount - start, path: path)
    self.init(lastBytes: bytes)
  }

  init(lastBytes bytes: [UInt8]) {
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    tornByteCount = bytes.count - end
    lastSequenceNumber = Self.lastSequenceNumber(in: bytes[..<end])
  }

  /// How a finished file ends.
  init(fileNamed name: String, in directory: LogDirectory) throws(PublishError) {
    let path = directory.path(of: name)
    let descriptor = unsafe openat(directory.descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(.openLog, path: path, errno: errno) }
    defer { Glibc.close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .system(.openLog, path: path, errno: errno) }
    try self.init(descriptor: descriptor, byteCount: Int(status.st_size), path: path)
  }

  /// The timestamp of the first record of a file.
  static func firstTimestamp(of descriptor: Int32) -> Int64? {
    let prefix = Array(#"{"timestamp":""#.utf8)
    guard let head = try? read(descriptor, from: 0, byteCount: maximumHeadByteCount, path: ""),
      head.starts(with: prefix)
    else { return nil }
    let text = String(decoding: head.dropFirst(prefix.count).prefix(27), as: UTF8.self)
    return UTCTimestamp.nanoseconds(rfc3339: text)
  }

  private static func lastSequenceNumber(in bytes: ArraySlice<UInt8>) -> UInt64? {
    var end = bytes.endIndex
    while end > bytes.startIndex {
      let line = bytes[..<(end - 1)]
      let start = line.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.startIndex
      if let record = try? JSONReader.read(Array(line[start...])), let number = record["seq"]?.integer, number >= 0 {
        return UInt64(number)
      }
      end = start
    }
    return nil
  }

  private static func read(
    _ descriptor: Int32, from offset: Int, byteCount: Int, path: String
  ) throws(PublishError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    var filled = 0
    while filled < byteCount {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        let free = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        return unsafe pread(descriptor, free.baseAddress, free.count, off_t(offset + filled))
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .system(.readLog, path: path, errno: errno) }
      if count == 0 { break }
      filled += count
    }
    bytes.removeSubrange(filled...)
    return bytes
  }
}
