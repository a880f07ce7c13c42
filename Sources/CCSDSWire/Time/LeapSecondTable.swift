/// The seconds by which TAI is ahead of UTC, from which day on, and until when that is known.
///
/// Before the first row its offset holds: UTC of the years before 1972, whose seconds were of another length, is
/// continued with TAI - UTC = 10 s, as POSIX and NTP do. So a difference between two instants is exact from 1972 on,
/// and every instant has one UTC time and every UTC time one instant.
package struct LeapSecondTable: Hashable, Sendable {
  /// From a day on, TAI is so many seconds ahead of UTC.
  package struct Row: Hashable, Sendable, BitwiseCopyable {
    /// Days since 1958-01-01.
    package let day: Int64
    /// TAI - UTC, in seconds.
    package let offset: Int64

    package init(day: Int64, offset: Int64) {
      self.day = day
      self.offset = offset
    }

    /// The second of TAI with which the day begins.
    var firstSecond: Int64 { day * Int64(UTCTime.secondsPerDay) + offset }
  }

  /// More than there can ever be: two a year, for centuries.
  package static let rowCapacity = 512

  /// In the order of their days; never empty.
  package let rows: [Row]
  /// From then on there may be leap seconds that it does not know; absent where nobody has said.
  package let expiry: TAIInstant?

  /// - Throws: What is wrong with the first row that is.
  package init(rows: [Row], expiry: UTCTime? = nil) throws(RowError) {
    guard !rows.isEmpty else { throw RowError(index: 0, fault: .none) }
    guard rows.count <= Self.rowCapacity else { throw RowError(index: Self.rowCapacity, fault: .tooMany) }
    for (index, row) in rows.enumerated() {
      guard row.day.magnitude <= Self.largestDay, row.offset.magnitude <= Self.largestOffset else {
        throw RowError(index: index, fault: .absurd)
      }
      guard index > 0 else { continue }
      let before = rows[index - 1]
      guard row.day > before.day else { throw RowError(index: index, fault: .notLater) }
      guard (row.offset - before.offset).magnitude == 1 else {
        throw RowError(index: index, fault: .step(from: before.offset, to: row.offset))
      }
    }
    self.init(known: rows, expiry: expiry)
  }

  /// Rows that are known to be good.
  private init(known rows: [Row], expiry: UTCTime?) {
    self.rows = rows
    let last = rows.last?.offset ?? 0
    self.expiry = expiry.flatMap { expiry in
      let offset = rows.last { $0.day <= expiry.day }?.offset ?? last
      return TAIInstant(
        seconds: expiry.day * Int64(UTCTime.secondsPerDay) + offset, nanoseconds: expiry.nanosecondOfDay)
    }
  }

  /// Whether there may be leap seconds by then that the table does not know.
  package func isExpired(at instant: TAIInstant) -> Bool { expiry.map { instant >= $0 } ?? false }

  /// Why rows are no table.
  package struct RowError: Error, Hashable, Sendable {
    /// What is wrong.
    package enum Fault: Hashable, Sendable {
      /// There are no rows.
      case none
      case tooMany
      /// Thousands of years away, or thousands of seconds.
      case absurd
      /// Its day is not behind that of the row before.
      case notLater
      /// A leap second is one second, one way or the other.
      case step(from: Int64, to: Int64)
    }

    /// Which row, from zero.
    package let index: Int
    /// What is wrong with it.
    package let fault: Fault
  }

  private static let largestDay: UInt64 = 4_000_000
  private static let largestOffset: UInt64 = 10_000
}

// MARK: - The table at hand

extension LeapSecondTable {
  /// What was announced when this program was made: the leap seconds up to that of 2016-12-31, and none before
  /// 2027-06-28.
  ///
  /// Source: IERS Bulletin C, as of 2026-11.
  package static let builtIn = LeapSecondTable(
    known: zip(announcedYears, 10...).map { announced, offset in
      Row(day: announced.days, offset: offset)
    }, expiry: CalendarDate(year: 2027, month: 6, day: 28).flatMap { UTCTime($0) })

  /// The first days of the half-years from which TAI - UTC is 10 s, 11 s, and so on.
  private static let announcedYears: [HalfYear] = [
    .first(1972), .second(1972), .first(1973), .first(1974), .first(1975), .first(1976), .first(1977), .first(1978),
    .first(1979), .first(1980), .second(1981), .second(1982), .second(1983), .second(1985), .first(1988),
    .first(1990), .first(1991), .second(1992), .second(1993), .second(1994), .first(1996), .second(1997),
    .first(1999), .first(2006), .first(2009), .second(2012), .second(2015), .first(2017),
  ]

  /// A half of a year: it begins on January 1 or July 1.
  private enum HalfYear {
    case first(Int64)
    case second(Int64)

    /// Days since 1958-01-01 to its first day.
    var days: Int64 {
      switch self {
      case .first(let year): CalendarDate(year: year, month: 1, day: 1)?.daysSince1958 ?? 0
      case .second(let year): CalendarDate(year: year, month: 7, day: 1)?.daysSince1958 ?? 0
      }
    }
  }
}
