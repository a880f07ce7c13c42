import Glibc

/// Instants in UTC as text.
package enum UTCTimestamp {
  private static let nanosecondsPerSecond: Int64 = 1_000_000_000

  /// RFC 3339 with six digits, such as `2026-11-21T09:24:37.251547Z`.
  package static func rfc3339(_ nanosecondsSince1970: Int64) -> String {
    let fields = Fields(nanosecondsSince1970)
    return "\(padded(fields.year, 4))-\(padded(fields.month, 2))-\(padded(fields.day, 2))"
      + "T\(padded(fields.hour, 2)):\(padded(fields.minute, 2)):\(padded(fields.second, 2))"
      + ".\(padded(fields.microsecond, 6))Z"
  }

  /// The form used in file names, such as `20261121T092437Z`.
  package static func compact(_ nanosecondsSince1970: Int64) -> String {
    let fields = Fields(nanosecondsSince1970)
    return "\(padded(fields.year, 4))\(padded(fields.month, 2))\(padded(fields.day, 2))"
      + "T\(padded(fields.hour, 2))\(padded(fields.minute, 2))\(padded(fields.second, 2))Z"
  }

  /// Reads back exactly what `rfc3339` writes; `nil` for any other text.
  package static func nanoseconds(rfc3339 text: some StringProtocol) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count == 27 else { return nil }
    for (offset, separator) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"), (19, "."), (26, "Z")] {
      guard bytes[offset] == separator.utf8.first else { return nil }
    }
    guard let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
      let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
      let microsecond = number(bytes[20..<26]), (1700...2200).contains(year)
    else { return nil }
    var parts = unsafe tm()
    unsafe parts.tm_year = Int32(year - 1900)
    unsafe parts.tm_mon = Int32(month - 1)
    unsafe parts.tm_mday = Int32(day)
    unsafe parts.tm_hour = Int32(hour)
    unsafe parts.tm_min = Int32(minute)
    unsafe parts.tm_sec = Int32(second)
    let nanoseconds = unsafe Int64(timegm(&parts)) * nanosecondsPerSecond + Int64(microsecond) * 1000
    return rfc3339(nanoseconds) == text ? nanoseconds : nil
  }

  /// Reads back exactly what `compact` writes; `nil` for any other text.
  package static func nanoseconds(compact text: some StringProtocol) -> Int64? {
    let digits = Array(text.utf8)
    guard digits.count == 16, digits[8] == UInt8(ascii: "T"), digits[15] == UInt8(ascii: "Z") else { return nil }
    let parts = [0..<4, 4..<6, 6..<8, 9..<11, 11..<13, 13..<15].map { String(decoding: digits[$0], as: UTF8.self) }
    return nanoseconds(rfc3339: "\(parts[0])-\(parts[1])-\(parts[2])T\(parts[3]):\(parts[4]):\(parts[5]).000000Z")
  }

  /// The present, from the system's clock. Only edges ask.
  static func now() -> Int64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * nanosecondsPerSecond + Int64(time.tv_nsec)
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      value = value * 10 + Int(digit - 0x30)
    }
    return value
  }

  private static func padded(_ value: Int, _ digitCount: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, digitCount - text.count)) + text
  }

  private struct Fields {
    let year, month, day, hour, minute, second, microsecond: Int

    init(_ nanosecondsSince1970: Int64) {
      let (quotient, remainder) = nanosecondsSince1970.quotientAndRemainder(dividingBy: nanosecondsPerSecond)
      var seconds = time_t(remainder < 0 ? quotient - 1 : quotient)
      var parts = unsafe tm()
      _ = unsafe gmtime_r(&seconds, &parts)
      year = unsafe Int(parts.tm_year) + 1900
      month = unsafe Int(parts.tm_mon) + 1
      day = unsafe Int(parts.tm_mday)
      hour = unsafe Int(parts.tm_hour)
      minute = unsafe Int(parts.tm_min)
      second = unsafe Int(parts.tm_sec)
      microsecond = Int(remainder < 0 ? remainder + nanosecondsPerSecond : remainder) / 1000
    }
  }
}
