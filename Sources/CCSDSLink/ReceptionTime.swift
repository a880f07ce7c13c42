package import CCSDSWire

/// When bytes were received: an instant in UTC that arrives with them, to the nanosecond.
///
/// The core never asks for the time; the kernel, or a capture, has written it down.
package struct ReceptionTime: Hashable, Comparable, Sendable {
  /// Nanoseconds since the beginning of 1970 in UTC, leap seconds not counted.
  package let nanosecondsSince1970: Int64

  package init(nanosecondsSince1970: Int64) { self.nanosecondsSince1970 = nanosecondsSince1970 }

  package static func < (left: ReceptionTime, right: ReceptionTime) -> Bool {
    left.nanosecondsSince1970 < right.nanosecondsSince1970
  }

  /// The seconds from `earlier` to here, negative when it is later.
  package func seconds(since earlier: ReceptionTime) -> Double {
    let (difference, overflow) = nanosecondsSince1970.subtractingReportingOverflow(earlier.nanosecondsSince1970)
    return overflow ? 0 : Double(difference) / 1e9
  }

  /// RFC 3339 in UTC with six digits, such as `2026-11-21T09:24:37.251547Z`.
  package var rfc3339: String {
    let microseconds = nanosecondsSince1970.floorDivided(by: 1000)
    let seconds = microseconds.floorDivided(by: 1_000_000)
    let days = seconds.floorDivided(by: 86_400)
    let secondOfDay = seconds - days * 86_400
    let (year, month, day) = Self.civil(daysSince1970: days)
    let fraction = microseconds - seconds * 1_000_000
    return "\(Self.digits(year, 4))-\(Self.digits(month, 2))-\(Self.digits(day, 2))"
      + "T\(Self.digits(secondOfDay / 3600, 2)):\(Self.digits(secondOfDay / 60 % 60, 2))"
      + ":\(Self.digits(secondOfDay % 60, 2)).\(Self.digits(fraction, 6))Z"
  }

  /// The date of the proleptic Gregorian calendar, from years that begin in March.
  private static func civil(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = shifted.floorDivided(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func digits(_ value: Int64, _ count: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
}

extension ReceptionTime {
  /// Saves or restores it.
  package mutating func archive(_ archive: inout StateArchive) {
    var nanoseconds = nanosecondsSince1970
    archive.item(&nanoseconds)
    self = ReceptionTime(nanosecondsSince1970: nanoseconds)
  }
}

extension StateArchive {
  /// A time that may not be known.
  package mutating func optional(_ time: inout ReceptionTime?) {
    optional(&time, blank: ReceptionTime(nanosecondsSince1970: 0)) { $0.archive(&$1) }
  }
}

extension Int64 {
  fileprivate func floorDivided(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
