import Glibc

/// The files of one log: which one is written, when it is finished, and which old ones may stay.
///
/// Confined to the log's queue. It reports failures and decides nothing about them.
final class RollingLogWriter {
  /// Where the numbering of an earlier run has ended.
  struct Beginning: Equatable {
    let lastSequenceNumber: UInt64
    let tornByteCount: Int
  }

  static let noBufferSpace = ENOBUFS
  private static let retryInterval: Int64 = 60_000_000_000
  private static let maximumFilesInspected = 8

  private var options: RollingLog.Options
  private var directory: LogDirectory
  private var file: LogFile?
  private var nextNumber: UInt64 = 1
  private var retryRotationAt: Int64 = .min

  init(options: RollingLog.Options) throws(PublishError) {
    self.options = options
    directory = try LogDirectory(path: options.directory, logName: options.name)
  }

  var activePath: String { directory.path(of: directory.activeName) }

  /// Whether others have moved the file away, so that its name leads elsewhere.
  var isReplaced: Bool { file?.isReplaced(in: directory) ?? true }

  /// Opens what an earlier run has left, or a new file.
  func open(at time: Int64) throws(PublishError) -> Beginning {
    let rotated = try directory.rotatedFiles()
    nextNumber = (rotated.last?.number ?? 0) + 1
    var beginning = Beginning(lastSequenceNumber: 0, tornByteCount: 0)
    var lastSequenceNumber: UInt64?
    if let file = try LogFile.openExisting(in: directory, at: time) {
      let tail = try file.tail()
      if tail.tornByteCount > 0 { file.endTornLine() }
      lastSequenceNumber = tail.lastSequenceNumber
      beginning = Beginning(lastSequenceNumber: 0, tornByteCount: tail.tornByteCount)
      self.file = file
    } else {
      file = try LogFile.create(in: directory, at: time)
    }
    for older in rotated.suffix(Self.maximumFilesInspected).reversed() where lastSequenceNumber == nil {
      lastSequenceNumber = try LogTail(fileNamed: older.name, in: directory).lastSequenceNumber
    }
    return Beginning(lastSequenceNumber: lastSequenceNumber ?? 0, tornByteCount: beginning.tornByteCount)
  }

  /// Goes by other bounds from now on.
  func setBounds(_ bounds: RollingLog.Options) {
    options.maximumFileByteCount = bounds.maximumFileByteCount
    options.maximumFileAgeSeconds = bounds.maximumFileAgeSeconds
    options.maximumTotalByteCount = bounds.maximumTotalByteCount
  }

  /// Lets the file go and opens what its name leads to now.
  func reopen(at time: Int64) throws(PublishError) {
    let old = file
    file = nil
    directory = try LogDirectory(path: options.directory, logName: options.name)
    try openActive(at: time)
    try old?.synchronize()
  }

  /// - Returns: The bytes written.
  func append(_ line: String, at time: Int64) throws(PublishError) -> Int {
    if file == nil { try openActive(at: time) }
    try file?.append(line)
    return line.utf8.count + 1
  }

  /// Finishes the file if `line` would make it too large, or if it is too old.
  ///
  /// - Returns: The path of the finished file.
  func rotateIfDue(before line: String, at time: Int64) throws(PublishError) -> String? {
    guard let file, file.byteCount > 0, time >= retryRotationAt else { return nil }
    let isTooLarge = file.byteCount + line.utf8.count + 1 > options.maximumFileByteCount
    let isTooOld = time - file.startTime >= Int64(options.maximumFileAgeSeconds) * 1_000_000_000
    return isTooLarge || isTooOld ? try rotate(at: time) : nil
  }

  /// Finishes the file: to the disk, to its final name, and a new one in its place.
  ///
  /// When that fails the file stays in use, and the next attempt waits a minute.
  func rotate(at time: Int64) throws(PublishError) -> String? {
    guard let file, file.byteCount > 0 else { return nil }
    retryRotationAt = time.addingReportingOverflow(Self.retryInterval).partialValue
    let name = directory.rotatedName(at: time, number: nextNumber)
    let path = directory.path(of: name)
    var status = stat()
    guard unsafe fstatat(directory.descriptor, name, &status, AT_SYMLINK_NOFOLLOW) != 0 else {
      throw .system(.rotateLog, path: path, errno: EEXIST)
    }
    try file.synchronize()
    guard unsafe renameat(directory.descriptor, directory.activeName, directory.descriptor, name) == 0 else {
      throw .system(.rotateLog, path: path, errno: errno)
    }
    nextNumber += 1
    self.file = nil
    retryRotationAt = .min
    self.file = try LogFile.create(in: directory, at: time)
    try directory.deleteOldest(keeping: options.maximumTotalByteCount)
    return path
  }

  func synchronize() throws(PublishError) {
    try file?.synchronize()
    try directory.synchronize()
  }

  private func openActive(at time: Int64) throws(PublishError) {
    file = try LogFile.openExisting(in: directory, at: time)
    if file == nil { file = try LogFile.create(in: directory, at: time) }
  }
}
