import Glibc

/// The files of one log: which one is written, when it is finished, and which old ones may stay.
///
/// Confined to the log's queue. It reports failures and decides nothing about them.
final class RollingLogWriter {
  /// How an earlier run has left the log.
  struct Beginning: Equatable {
    var lastSequenceNumber: UInt64 = 0
    var damagedByteCount = 0
    var cutByteCount = 0
  }

  static let noBufferSpace = ENOBUFS
  private static let retryInterval: Int64 = 60_000_000_000
  private static let maximumFilesInspected = 8
  private static let reservedByteCount = 4096

  private var options: RollingLog.Options
  private var directory: LogDirectory
  private var file: LogFile?
  private var nextNumber: UInt64 = 1
  private var retryRotationAt: Int64 = .min
  /// Whether names have changed since the disk had them all.
  private var hasNewNames = false

  init(options: RollingLog.Options) throws(PublishError) {
    self.options = options
    directory = try LogDirectory(path: options.directory, logName: options.name)
  }

  var activePath: String { directory.path(of: directory.activeName) }

  /// Whether others have moved the file away, so that its name leads elsewhere.
  var isReplaced: Bool { file?.isReplaced(in: directory) ?? true }

  // MARK: Opening

  /// Opens what an earlier run has left, or a new file.
  func open(at time: Int64) throws(PublishError) -> Beginning {
    let inventory = try directory.inventory()
    for name in inventory.unfinished { try? directory.remove(name) }
    nextNumber = inventory.lastNumber + 1
    var beginning = try openActive(at: time)
    try synchronizeNames()
    for entry in inventory.entries.suffix(Self.maximumFilesInspected).reversed() {
      guard let number = lastSequenceNumber(in: entry) else { continue }
      beginning.lastSequenceNumber = max(beginning.lastSequenceNumber, number)
      break
    }
    return beginning
  }

  /// Goes by other bounds from now on.
  func setBounds(_ bounds: RollingLog.Options) {
    options.maximumFileByteCount = bounds.maximumFileByteCount
    options.maximumFileAgeSeconds = bounds.maximumFileAgeSeconds
    options.maximumTotalByteCount = bounds.maximumTotalByteCount
    options.maximumFileCount = bounds.maximumFileCount
    options.maximumDayCount = bounds.maximumDayCount
    options.minimumFreeByteCount = bounds.minimumFreeByteCount
  }

  /// Lets the file go and opens what its name leads to now.
  func reopen(at time: Int64) throws(PublishError) -> Beginning {
    let old = file
    file = nil
    directory = try LogDirectory(path: options.directory, logName: options.name)
    let beginning = try openActive(at: time)
    try old?.synchronize()
    return beginning
  }

  private func openActive(at time: Int64) throws(PublishError) -> Beginning {
    guard let existing = try LogFile.openExisting(in: directory, at: time) else {
      file = try LogFile.create(in: directory, at: time)
      hasNewNames = true
      return Beginning()
    }
    let tail = try existing.recover()
    file = existing
    return Beginning(
      lastSequenceNumber: tail.lastSequenceNumber ?? 0, damagedByteCount: tail.damagedByteCount,
      cutByteCount: tail.cutByteCount)
  }

  /// A finished file that cannot be read is passed over: the log has to begin somewhere.
  private func lastSequenceNumber(in entry: LogInventory.Entry) -> UInt64? {
    if entry.forms.contains(.plain), let file = try? directory.open(entry.name.named(.plain)) {
      return (try? LogTail(byteCount: file.byteCount, read: file.bytes))?.lastSequenceNumber
    }
    return LogArchive(directory: directory) { false }.lastSequenceNumber(inPacked: entry.name.named(.packed))
  }

  // MARK: Writing

  /// - Returns: The bytes written.
  func append(_ line: String, at time: Int64) throws(PublishError) -> Int {
    if file == nil { _ = try openActive(at: time) }
    if try file?.append(line, at: time) == .unlinked {
      // The file was deleted before this line was in it: the line goes to the next one.
      _ = try openActive(at: time)
      _ = try file?.append(line, at: time)
    }
    return line.utf8.count + 1
  }

  func synchronize() throws(PublishError) {
    try file?.synchronize()
    try synchronizeNames()
  }

  /// Sees whether there is room for a record, without writing one.
  func probe() throws(PublishError) { try file?.reserve(Self.reservedByteCount) }

  /// Sees whether the disk takes bytes at all, by a file that is of no use to anybody.
  func probeDisk() throws(PublishError) { try directory.probe(byteCount: Self.reservedByteCount) }

  private func synchronizeNames() throws(PublishError) {
    guard hasNewNames else { return }
    try directory.synchronize()
    hasNewNames = false
  }

  // MARK: Rotation

  /// Finishes the file if `line` would make it too large, or if it is too old.
  ///
  /// - Returns: The path of the finished file.
  func rotateIfDue(
    before line: String, abandoning isAbandoned: Bool, at time: Int64, _ now: Int64
  ) throws(PublishError) -> String? {
    guard let file, file.byteCount > 0, now >= retryRotationAt else { return nil }
    let isTooLarge = file.byteCount + line.utf8.count + 1 > options.maximumFileByteCount
    let isTooOld = time - file.startTime >= Int64(options.maximumFileAgeSeconds) * 1_000_000_000
    return isTooLarge || isTooOld ? try rotate(abandoning: isAbandoned, at: time, now) : nil
  }

  /// Finishes the file: to the disk, to its final name, and a new one in its place, which is still to be synchronized.
  ///
  /// When that fails the file stays in use, and the next attempt waits a minute. A file that the disk has refused is
  /// not asked for again: it is finished as it is.
  ///
  /// - Returns: The path of the finished file.
  func rotate(abandoning isAbandoned: Bool, at time: Int64, _ now: Int64) throws(PublishError) -> String? {
    guard let file, file.byteCount > 0 else { return nil }
    retryRotationAt = now + Self.retryInterval
    let name = LogFileName(logName: options.name, time: time, number: nextNumber).text
    let path = directory.path(of: name)
    guard directory.status(of: name) == nil else { throw .system(.rotateLog, path: path, errno: EEXIST) }
    if !isAbandoned { try file.synchronize() }
    try directory.rename(directory.activeName, to: name)
    nextNumber += 1
    (retryRotationAt, hasNewNames) = (.min, true)
    // When there is none to be had, the next line tries it again and says why.
    self.file = try? LogFile.create(in: directory, at: time)
    return path
  }

  // MARK: Caps

  /// Deletes the finished files that are too many, too large together or too old.
  ///
  /// - Returns: How many were deleted.
  func enforceCaps(at time: Int64) throws(PublishError) -> Int {
    let caps = LogInventory.Caps(
      byteCount: options.maximumTotalByteCount, fileCount: options.maximumFileCount, dayCount: options.maximumDayCount)
    let removals = try directory.inventory().removals(caps, at: time)
    for entry in removals { try remove(entry) }
    return removals.count
  }

  /// Deletes finished files, the oldest of all logs here first, until there is as much room as has to stay free.
  ///
  /// - Parameter deleted: Called for each.
  func makeRoom(_ deleted: () -> Void) throws(PublishError) {
    guard options.minimumFreeByteCount > 0, var free = directory.freeByteCount, free < options.minimumFreeByteCount
    else { return }
    for entry in try directory.inventory(of: [options.name] + options.siblingNames).oldestFirst {
      try remove(entry)
      deleted()
      free = directory.freeByteCount ?? free
      if free >= options.minimumFreeByteCount { return }
    }
    throw .shortOfSpace(path: directory.path, freeByteCount: free, minimumByteCount: options.minimumFreeByteCount)
  }

  private func remove(_ entry: LogInventory.Entry) throws(PublishError) {
    for name in entry.fileNames { try directory.remove(name) }
  }
}
