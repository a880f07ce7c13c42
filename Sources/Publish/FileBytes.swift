import Glibc

/// Reading and writing files: whole pieces, whatever signals and short transfers there are.
package enum FileBytes {
  /// What a transfer moves at a time.
  static let pieceByteCount = 128 << 10

  /// The bytes from `offset`: as many as asked for, or as there are.
  package static func read(
    _ descriptor: Int32, from offset: Int, byteCount: Int, path: String
  ) throws(PublishError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(0, byteCount))
    var filled = 0
    while filled < bytes.count {
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

  /// Writes as much of `bytes` as the system takes: how many those were, and why not more.
  package static func write(_ bytes: [UInt8], to descriptor: Int32) -> (byteCount: Int, errno: Int32) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress.map { unsafe $0 + written }, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return (written, count < 0 ? errno : EIO) }
      written += count
    }
    return (written, 0)
  }
}
