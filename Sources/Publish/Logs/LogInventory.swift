/// The finished files of a log, as a value: which there are, and which of them have to go.
struct LogInventory: Equatable {
  /// A finished file. Between the end of packing and the removal of its source it is there twice.
  struct Entry: Equatable {
    /// Its name in the plain form.
    let name: LogFileName
    var forms: [LogFileName.Form]
    var byteCount: Int

    var fileNames: [String] { forms.map { name.named($0) } }
  }

  /// How much of a log may be kept.
  struct Caps: Equatable {
    var byteCount = Int.max
    var fileCount = Int.max
    var dayCount: Int?
  }

  /// Oldest first.
  private(set) var entries: [Entry] = []
  /// The names of files that were being packed: of no use after a restart.
  private(set) var unfinished: [String] = []
  /// The largest number in any name.
  private(set) var lastNumber: UInt64 = 0

  /// What is in a directory of which these are the regular files.
  init(_ files: [(name: String, byteCount: Int)], of logNames: [String]) {
    var found: [LogFileName: Entry] = [:]
    for file in files {
      guard let name = logNames.lazy.compactMap({ LogFileName(file.name, logName: $0) }).first else { continue }
      lastNumber = max(lastNumber, name.number)
      guard name.form != .unfinished else {
        unfinished.append(file.name)
        continue
      }
      let key = LogFileName(logName: name.logName, time: name.time, number: name.number)
      var entry = found[key] ?? Entry(name: key, forms: [], byteCount: 0)
      entry.forms.append(name.form)
      entry.byteCount += file.byteCount
      found[key] = entry
    }
    entries = found.values.sorted { ($0.name.number, $0.name.time) < ($1.name.number, $1.name.time) }
  }

  /// The files that are too many, too large together or too old: always the oldest ones.
  func removals(_ caps: Caps, at time: Int64) -> [Entry] {
    var total = entries.reduce(0) { $0 + $1.byteCount }
    var count = entries.count
    return entries.prefix { entry in
      guard total > caps.byteCount || count > caps.fileCount || isTooOld(entry, caps.dayCount, at: time) else {
        return false
      }
      total -= entry.byteCount
      count -= 1
      return true
    }
  }

  /// The files in the order in which they may go when the disk is full, whichever log they are of.
  var oldestFirst: [Entry] { entries.sorted { ($0.name.time, $0.name.number) < ($1.name.time, $1.name.number) } }

  private func isTooOld(_ entry: Entry, _ dayCount: Int?, at time: Int64) -> Bool {
    guard let dayCount else { return false }
    let age = time.subtractingReportingOverflow(entry.name.time)
    return !age.overflow && age.partialValue > Int64(dayCount) * 86_400_000_000_000
  }
}
