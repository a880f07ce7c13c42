/// Reads the lists of leap seconds that systems have: `leap-seconds.list` of the IERS and NTP, and `leapseconds` of the
/// time zone database.
///
///     #@ 3991593600                              the list expires, in seconds since 1900
///     2272060800 10 # 1 Jan 1972                 TAI - UTC from then on
///     #h 49db2447 571e5e1b 2f002a53 ...          SHA-1 of all these numbers
///
///     Leap  1972  Jun  30  23:59:60  +  S        a second was inserted at the end of that day
///     #expires 1782604800                        the list expires, in seconds since 1970
struct LeapSecondList {
  private(set) var rows: [LeapSecondTable.Row] = []
  private(set) var expiry: UTCTime?
  /// The line of each row.
  private var lines: [Int] = []
  /// Digits in the order in which the digest has them.
  private var digits: [UInt8] = []
  private var digest: (words: [UInt32], line: Int)?

  /// More than all leap seconds of centuries and what is told about them.
  static let byteCapacity = 64 << 10

  /// - Throws: The first thing that is wrong.
  init(_ text: [UInt8]) throws(LeapSecondListError) {
    guard text.count <= Self.byteCapacity else {
      throw LeapSecondListError(line: 0, fault: .tooLong(byteCount: text.count, capacity: Self.byteCapacity))
    }
    for (index, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      guard let first = line.first(where: { !Self.isSpace($0) }) else { continue }
      switch first {
      case UInt8(ascii: "#"): try readComment(line, at: index + 1)
      case UInt8(ascii: "0")...UInt8(ascii: "9"): try readOffset(line, at: index + 1)
      default: try readLeap(line, at: index + 1)
      }
    }
    try checkDigest()
  }

  /// The table of all rows.
  func table() throws(LeapSecondListError) -> LeapSecondTable {
    do throws(LeapSecondTable.RowError) {
      return try LeapSecondTable(rows: rows, expiry: expiry)
    } catch {
      let line = lines.indices.contains(error.index) ? lines[error.index] : 0
      throw LeapSecondListError(line: line, fault: .row(error.fault))
    }
  }

  // MARK: Lines

  private mutating func readComment(_ line: ArraySlice<UInt8>, at number: Int) throws(LeapSecondListError) {
    let words = Self.words(line)
    switch words.first {
    case "#$": digits += try Self.digits(words, number, expected: "'#$' and the second of its last update")
    case "#@":
      let text = try Self.digits(words, number, expected: "'#@' and the second in which it expires")
      digits += text
      expiry = Self.time(text, since: Self.daysFrom1900To1958)
    case "#expires":
      let text = try Self.digits(words, number, expected: "'#expires' and a second")
      expiry = Self.time(text, since: -LeapSecondTable.daysFrom1958To1970)
    case "#h":
      let hashes = words.dropFirst().map { UInt32($0, radix: 16) }
      guard hashes.count == 5, !hashes.contains(nil) else {
        throw Self.refusal(line, number, expected: "'#h' and five hexadecimal numbers")
      }
      digest = (hashes.compactMap(\.self), number)
    default: break
    }
  }

  /// `3692217600 37 # 1 Jan 2017`
  private mutating func readOffset(_ line: ArraySlice<UInt8>, at number: Int) throws(LeapSecondListError) {
    let words = Self.words(line.prefix { $0 != UInt8(ascii: "#") })
    guard words.count == 2, let second = Int64(words[0]), let offset = Int64(words[1]),
      second.magnitude <= Self.largestSecond
    else { throw Self.refusal(line, number, expected: "a second since 1900 and TAI - UTC in seconds") }
    guard second % Int64(UTCTime.secondsPerDay) == 0 else {
      throw LeapSecondListError(line: number, fault: .notMidnight(second: second))
    }
    digits += words.joined().utf8
    try append(
      LeapSecondTable.Row(day: second / Int64(UTCTime.secondsPerDay) - Self.daysFrom1900To1958, offset: offset), number)
  }

  /// `Leap 2016 Dec 31 23:59:60 + S`
  private mutating func readLeap(_ line: ArraySlice<UInt8>, at number: Int) throws(LeapSecondListError) {
    let words = Self.words(line)
    if words.first == "Expires", words.count == 5, let day = Self.day(words[1...3]), words[4] == "00:00:00" {
      expiry = UTCTime(day: day, nanosecondOfDay: 0)
      return
    }
    guard words.count == 7, words[0] == "Leap", let day = Self.day(words[1...3]), words[6] == "S" else {
      throw Self.refusal(line, number, expected: "such as 'Leap 2016 Dec 31 23:59:60 + S'")
    }
    let step: Int64
    switch (words[4], words[5]) {
    case ("23:59:60", "+"): step = 1
    case ("23:59:59", "-"): step = -1
    default: throw Self.refusal(line, number, expected: "'23:59:60 +' or '23:59:59 -'")
    }
    // What there was before the first leap second stands in no line.
    if rows.isEmpty, let first = LeapSecondTable.builtIn.rows.first { try append(first, number) }
    try append(LeapSecondTable.Row(day: day + 1, offset: (rows.last?.offset ?? 0) + step), number)
  }

  private mutating func append(_ row: LeapSecondTable.Row, _ line: Int) throws(LeapSecondListError) {
    guard rows.count < LeapSecondTable.rowCapacity else {
      throw LeapSecondListError(line: line, fault: .row(.tooMany))
    }
    rows.append(row)
    lines.append(line)
  }

  private func checkDigest() throws(LeapSecondListError) {
    guard let digest else { return }
    let computed = SHA1.digest(of: digits)
    guard computed != digest.words else { return }
    throw LeapSecondListError(
      line: digest.line, fault: .digest(found: Self.hexadecimal(digest.words), computed: Self.hexadecimal(computed)))
  }

  // MARK: Words

  private static func words(_ line: ArraySlice<UInt8>) -> [String] {
    line.split(whereSeparator: isSpace).prefix(wordCapacity).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }

  /// The number behind the mark of a line; what is behind that is for people.
  private static func digits(
    _ words: [String], _ line: Int, expected: String
  ) throws(LeapSecondListError) -> [UInt8] {
    guard words.count >= 2, let second = Int64(words[1]), second >= 0, second.magnitude <= largestSecond else {
      throw refusal(Array(words.joined(separator: " ").utf8)[...], line, expected: expected)
    }
    return Array(words[1].utf8)
  }

  /// - Parameter epochDay: How many days before 1958 the seconds are counted from.
  private static func time(_ digits: [UInt8], since epochDay: Int64) -> UTCTime {
    let second = Int64(String(decoding: digits, as: UTF8.self)) ?? 0
    return LeapSecondTable.unleaped(seconds: second - epochDay * Int64(UTCTime.secondsPerDay), nanoseconds: 0)
  }

  private static func day(_ words: ArraySlice<String>) -> Int64? {
    let words = Array(words)
    guard let year = Int64(words[0]), let month = months.firstIndex(of: words[1]), let day = Int(words[2]) else {
      return nil
    }
    return CalendarDate(year: year, month: month + 1, day: day)?.daysSince1958
  }

  /// As much of a line as is worth showing, in printable characters.
  private static func refusal(_ line: ArraySlice<UInt8>, _ number: Int, expected: String) -> LeapSecondListError {
    let shown = line.prefix(shownByteCount).map { 0x20...0x7E ~= $0 ? $0 : UInt8(ascii: "?") }
    return LeapSecondListError(
      line: number, fault: .notExpected(found: String(decoding: shown, as: UTF8.self), expected: expected))
  }

  private static func hexadecimal(_ words: [UInt32]) -> String {
    words.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined(separator: " ")
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  private static let wordCapacity = 16
  private static let shownByteCount = 48
  /// Thousands of years.
  private static let largestSecond: UInt64 = 1 << 38
  private static let daysFrom1900To1958: Int64 = 21_184
}

extension LeapSecondTable {
  /// Reads a list in either of the forms that systems have: `leap-seconds.list` or `leapseconds`.
  ///
  /// - Parameter list: Text of at most 64 KiB.
  /// - Throws: The first thing that is wrong, with its line; a list whose digest does not fit is damaged.
  package init(list: [UInt8]) throws(LeapSecondListError) { self = try LeapSecondList(list).table() }
}
