/// What a name in a log's directory says, if it is one of that log's.
///
///     events.jsonl                                      being written
///     events-20261121T092437Z-000042.jsonl              finished at that time, the 42nd
///     events-20261121T092437Z-000042.jsonl.gz           the same, packed
///     events-20261121T092437Z-000042.jsonl.gz.tmp       being packed, or left by a run that ended meanwhile
struct LogFileName: Hashable {
  /// In which form the file is there.
  enum Form: String, CaseIterable {
    case plain = ".jsonl"
    case packed = ".jsonl.gz"
    case unfinished = ".jsonl.gz.tmp"
  }

  /// Longer numbers are not ours, and could not be counted on.
  private static let digitCounts = 6...18

  let logName: String
  /// When the file was finished, in nanoseconds since 1970.
  let time: Int64
  let number: UInt64
  var form: Form

  init(logName: String, time: Int64, number: UInt64, form: Form = .plain) {
    self.logName = logName
    self.time = time
    self.number = number
    self.form = form
  }

  /// Reads back exactly what `text` writes; `nil` for every other name.
  init?(_ name: String, logName: String) {
    guard name.hasPrefix("\(logName)-") else { return nil }
    let rest = name.dropFirst(logName.count + 1)
    guard let dot = rest.firstIndex(of: "."), let form = Form(rawValue: String(rest[dot...])) else { return nil }
    let parts = rest[..<dot].split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let time = UTCTimestamp.nanoseconds(compact: parts[0]),
      Self.digitCounts.contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = UInt64(parts[1])
    else { return nil }
    self.init(logName: logName, time: time, number: number, form: form)
  }

  /// The name itself.
  var text: String {
    let digits = String(number)
    let padding = String(repeating: "0", count: max(0, Self.digitCounts.lowerBound - digits.utf8.count))
    return "\(logName)-\(UTCTimestamp.compact(time))-\(padding)\(digits)\(form.rawValue)"
  }

  /// The same file in another form.
  func named(_ form: Form) -> String {
    var name = self
    name.form = form
    return name.text
  }
}
