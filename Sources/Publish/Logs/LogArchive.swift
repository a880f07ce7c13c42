import CZlib
import Glibc

/// Packs the finished files of a log: at every moment the file or its packed form is there as a whole.
///
///     make .gz.tmp → bring it to the disk → read it again and compare → rename it → bring the directory to the disk
///     → remove the source
struct LogArchive {
  /// What bytes are, told by their number and their sum.
  private struct Summary: Equatable {
    var byteCount = 0
    var sum = crc32(0, nil, 0)

    mutating func add(_ bytes: ArraySlice<UInt8>) {
      byteCount += bytes.count
      sum = unsafe bytes.withUnsafeBufferPointer { unsafe crc32(sum, $0.baseAddress, UInt32($0.count)) }
    }
  }

  /// Nothing that a log wrote unpacks to more.
  private static let largestByteCount = 16 << 30

  let directory: LogDirectory
  /// Asked between pieces: whether to leave off.
  let isCancelled: () -> Bool

  /// Packs one finished file and removes it.
  ///
  /// - Returns: Whether its packed form is in its place now. It is not when the work was left off, or when the file
  ///   is gone.
  func pack(_ name: LogFileName) throws(PublishError) -> Bool {
    let (source, packed, unfinished) = (name.named(.plain), name.named(.packed), name.named(.unfinished))
    // A run that ended before it had removed the source, or a damaged one of somebody else's.
    if directory.status(of: packed) != nil, try isSame(packed, as: source) {
      try directory.remove(source)
      return true
    }
    do throws(PublishError) {
      guard try write(source, to: unfinished), directory.status(of: source) != nil else {
        try directory.remove(unfinished)
        return false
      }
      try directory.rename(unfinished, to: packed)
    } catch {
      try? directory.remove(unfinished)
      throw error
    }
    try directory.synchronize()
    try directory.remove(source)
    return true
  }

  /// The sequence number of the last record in a packed file; `nil` if there is none or it cannot be known.
  func lastSequenceNumber(inPacked name: String) -> UInt64? {
    guard let file = try? directory.open(name), let head = try? file.bytes(from: 0, byteCount: 512) else { return nil }
    if let comment = GzipHeader.comment(in: head), let number = Self.sequenceNumber(inComment: comment) {
      return number
    }
    var last: [UInt8] = []
    let keptByteCount = 1 << 20
    let isWhole = try? unpack(file) { piece in
      last.append(contentsOf: piece)
      if last.count > 4 * keptByteCount { last.removeFirst(last.count - keptByteCount) }
    }
    return isWhole == true ? LogTail(lastBytes: last).lastSequenceNumber : nil
  }

  /// The comment in a packed file's header, so that nobody has to unpack it to know where its numbers end.
  static func comment(lastSequenceNumber number: UInt64?) -> String { number.map { "last seq \($0)" } ?? "no record" }

  static func sequenceNumber(inComment comment: String) -> UInt64? {
    comment.hasPrefix("last seq ") ? UInt64(comment.dropFirst(9)).flatMap { $0 <= UInt64(Int64.max) ? $0 : nil } : nil
  }

  // MARK: Steps

  private func write(_ source: String, to unfinished: String) throws(PublishError) -> Bool {
    let file = try directory.open(source)
    let tail = try LogTail(byteCount: file.byteCount, read: file.bytes)
    guard let packer = GzipPacker(comment: Self.comment(lastSequenceNumber: tail.lastSequenceNumber)) else {
      throw .system(.compressLog, path: file.path, errno: ENOMEM)
    }
    try directory.remove(unfinished)
    let path = directory.path(of: unfinished)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = unsafe openat(directory.descriptor, unfinished, flags, 0o640)
    guard descriptor >= 0 else { throw .system(.compressLog, path: path, errno: errno) }
    defer { Glibc.close(descriptor) }
    func write(_ bytes: [UInt8]) throws(PublishError) {
      let written = FileBytes.write(bytes, to: descriptor)
      guard written.byteCount == bytes.count else { throw .system(.compressLog, path: path, errno: written.errno) }
    }
    var summary = Summary()
    try file.forEachPiece { (piece) throws(PublishError) in
      summary.add(piece[...])
      try write(packer.pack(piece, isLast: false))
      return !isCancelled()
    }
    try write(packer.pack([], isLast: true))
    guard !isCancelled() else { return false }
    guard fsync(descriptor) == 0 else { throw .system(.compressLog, path: path, errno: errno) }
    guard try self.summary(ofPacked: unfinished) == summary else {
      if isCancelled() { return false }
      throw .system(.compressLog, path: path, errno: EILSEQ)
    }
    return true
  }

  private func isSame(_ packed: String, as source: String) throws(PublishError) -> Bool {
    var expected = Summary()
    try directory.open(source).forEachPiece { (piece) throws(PublishError) in
      expected.add(piece[...])
      return !isCancelled()
    }
    let summary = try summary(ofPacked: packed)
    return !isCancelled() && summary == expected
  }

  /// What a packed file unpacks to; `nil` if it is damaged.
  private func summary(ofPacked name: String) throws(PublishError) -> Summary? {
    var summary = Summary()
    return try unpack(try directory.open(name)) { summary.add($0) } ? summary : nil
  }

  /// - Returns: Whether the file is one whole gzip member.
  private func unpack(_ file: LogReading, _ take: (ArraySlice<UInt8>) -> Void) throws(PublishError) -> Bool {
    let unpacker = GzipUnpacker()
    var byteCount = 0
    try file.forEachPiece { (piece) throws(PublishError) in
      unpacker.unpack(piece) {
        byteCount += $0.count
        take($0)
      }
      return unpacker.state != .damaged && byteCount <= Self.largestByteCount && !isCancelled()
    }
    return unpacker.state == .finished
  }
}
