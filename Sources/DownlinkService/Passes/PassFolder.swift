package import CCSDSWire
import Glibc
import Ingest
package import LinkHealth
import Publish

/// A directory of pass reports: each in a form for programs, for a terminal and for a browser, with its gap list.
///
/// Names come from the configuration and the clock, never from the wire. A file is put in its place whole, so whoever
/// reads it finds all of it.
package final class PassFolder: Sendable {
  /// How much is kept.
  package struct Bounds: Sendable, Equatable {
    /// Reports.
    package var reportCount = 1000
    /// Bytes of all their files together.
    package var byteCount = 256 << 20

    package init() {}
  }

  /// What is kept of each report, by the end of the file's name.
  package enum Form: String, Sendable, CaseIterable {
    case json = ".json"
    case text = ".txt"
    case page = ".html"
    case gaps = ".gaps.json"
    case table = ".gaps.csv"

    /// The report in this form.
    package func render(_ report: PassReport, _ leapSeconds: LeapSecondTable) -> String {
      switch self {
      case .json: report.json(leapSeconds) + "\n"
      case .text: PassText(report).lines.joined(separator: "\n") + "\n"
      case .page: PassPage(report).html
      case .gaps: GapList(report).json(leapSeconds) + "\n"
      case .table: GapList(report).csv(leapSeconds)
      }
    }
  }

  package let path: String
  private let descriptor: Int32
  private let leapSeconds: LeapSecondTable

  /// Makes the directory if need be.
  package init(path: String, _ leapSeconds: LeapSecondTable) throws(ServiceError) {
    try Outlets.makeDirectory(path)
    descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotCreate(path: path, errno: errno) }
    self.path = path
    self.leapSeconds = leapSeconds
  }

  /// A directory that is there, to read its reports.
  package init(reading path: String) throws(ServiceError) {
    descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .ingest(.cannotOpen(path: path, errno: errno))
    }
    self.path = path
    leapSeconds = .builtIn
  }

  deinit { close(descriptor) }

  /// Writes a report in all its forms.
  package func write(_ report: PassReport) throws(ServiceError) {
    for form in Form.allCases { try write(Array(form.render(report, leapSeconds).utf8), report.id + form.rawValue) }
    _ = fsync(descriptor)
  }

  /// Puts a file in its place, or in that of another.
  func write(_ bytes: [UInt8], _ name: String) throws(ServiceError) {
    let temporary = name + ".tmp"
    _ = unsafe unlinkat(descriptor, temporary, 0)
    let file = unsafe openat(
      descriptor, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o640)
    guard file >= 0 else { throw .cannotCreate(path: path + "/" + temporary, errno: errno) }
    var (byteCount, number) = FileBytes.write(bytes, to: file)
    if byteCount == bytes.count, fsync(file) != 0 { (byteCount, number) = (0, errno) }
    close(file)
    guard byteCount == bytes.count, unsafe renameat(descriptor, temporary, descriptor, name) == 0 else {
      if byteCount == bytes.count { number = errno }
      _ = unsafe unlinkat(descriptor, temporary, 0)
      throw .cannotWrite(path: path + "/" + name, errno: number)
    }
  }

  /// The bytes of a file; nothing where there is none that could be ours.
  package func read(_ name: String, atMost capacity: Int = 8 << 20) -> [UInt8]? {
    let file = unsafe openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var information = stat()
    guard unsafe fstat(file, &information) == 0, information.st_mode & S_IFMT == S_IFREG,
      information.st_size <= capacity
    else { return nil }
    return try? FileBytes.read(file, from: 0, byteCount: Int(information.st_size), path: name)
  }

  func remove(_ name: String) { _ = unsafe unlinkat(descriptor, name, 0) }

  // MARK: What is there

  /// The reports by their names, the oldest first.
  package var ids: [String] {
    names.filter { name in
      name.hasSuffix(Form.json.rawValue) && ![Form.gaps.rawValue, ".head.json"].contains { name.hasSuffix($0) }
    }
    .map { String($0.dropLast(Form.json.rawValue.count)) }
    .sorted { (Self.time(of: $0), $0) < (Self.time(of: $1), $1) }
  }

  /// When a report begins, as its name has it.
  private static func time(of id: String) -> Substring { id.split(separator: "-").last ?? "" }

  private var names: [String] {
    let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0 else { return [] }
    guard let directory = unsafe fdopendir(copy) else {
      close(copy)
      return []
    }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while names.count < Self.nameCapacity, let entry = unsafe readdir(directory) {
      names.append(
        unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }

  private static let nameCapacity = 100_000

  /// Removes the oldest reports as far as there are too many. Returns which those were.
  func prune(_ bounds: Bounds) -> [String] {
    let ids = ids
    let sizes = ids.map(byteCount)
    var total = sizes.reduce(0, +)
    var removed = 0
    while removed < ids.count - 1, ids.count - removed > bounds.reportCount || total > bounds.byteCount {
      for form in Form.allCases { remove(ids[removed] + form.rawValue) }
      total -= sizes[removed]
      removed += 1
    }
    return Array(ids.prefix(removed))
  }

  /// The bytes of all files of a report.
  private func byteCount(of id: String) -> Int {
    Form.allCases.reduce(0) { sum, form in
      var information = stat()
      let isThere = unsafe fstatat(descriptor, id + form.rawValue, &information, AT_SYMLINK_NOFOLLOW) == 0
      return sum + (isThere ? Int(information.st_size) : 0)
    }
  }
}
