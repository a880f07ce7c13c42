internal import CCSDSWire

/// When times begin.
enum Epoch {
  /// An epoch by its name, or a date of UTC with or without a time of day.
  ///
  /// A clock that counts from a date counts all seconds, leap seconds too, as counters on board do; but from 1970-01-01
  /// it is that of UNIX.
  static func origin(_ text: String) -> AbsoluteTimeScale.Origin? {
    let epoch: CounterEpoch? =
      switch text.uppercased() {
      case "TAI": .ccsds
      case "J2000": .j2000
      case "GPS": .gps
      case "UNIX", "POSIX": .unix
      default: dateTime(text).map { $0 == CounterEpoch.unix.instant ? .unix : CounterEpoch($0) }
      }
    return epoch.map {
      .epoch(
        seconds: $0.instant.seconds, nanoseconds: Int($0.instant.nanoseconds), isUniform: $0.countsLeapSeconds)
    }
  }

  /// As XML writes it: `2000-01-01` or `2000-01-01T12:00:00.5Z`.
  private static func dateTime(_ text: String) -> TAIInstant? {
    let parts = (text.hasSuffix("Z") ? text.dropLast() : text[...]).split(
      separator: "T", omittingEmptySubsequences: false)
    let day = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard 1...2 ~= parts.count, day.count == 3, let year = day[0], let month = day[1], let dayOfMonth = day[2],
      1900...2100 ~= year, let date = CalendarDate(year: Int64(year), month: month, day: dayOfMonth)
    else { return nil }
    guard parts.count == 2 else { return UTCTime(date).flatMap(LeapSecondTable.builtIn.instant(of:)) }
    let clock = parts[1].split(separator: ":", omittingEmptySubsequences: false)
    guard clock.count == 3, let hour = Int(clock[0]), let minute = Int(clock[1]) else { return nil }
    let second = clock[2].split(separator: ".", omittingEmptySubsequences: false)
    guard 1...2 ~= second.count, let whole = Int(second[0]) else { return nil }
    let digits = second.count == 2 ? second[1] : "0"
    guard 1...9 ~= digits.count, var nanosecond = Int(digits) else { return nil }
    for _ in digits.count..<9 { nanosecond *= 10 }
    return UTCTime(date, hour: hour, minute: minute, second: whole, nanosecond: nanosecond)
      .flatMap(LeapSecondTable.builtIn.instant(of:))
  }
}
