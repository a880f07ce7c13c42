/// The form of a CCSDS Day Segmented Time Code (CDS): days of UTC, the millisecond of the day, and parts of it.
///
/// Standard: CCSDS 301.0-B-4 §3.3.
///
///     P-field: |extension 1 = 0|code 3 = 100|agency epoch 1|day of 24 bits 1|submillisecond 2|
///     T-field: |day 16 or 24|millisecond of the day 32|[microsecond 16 or picosecond 32 of the millisecond]|
package struct DaySegmentedTimeCode: Hashable, Sendable {
  /// What is behind the millisecond, by its code in the P-field.
  package enum Submillisecond: UInt8, Sendable, CaseIterable {
    case none = 0b00
    case microseconds = 0b01
    case picoseconds = 0b10
  }

  /// Whether the day has 24 bits and not 16.
  package var hasLongDay: Bool
  /// What is behind the millisecond.
  package var submillisecond: Submillisecond
  /// The day that is number zero, in days since 1958-01-01; absent where it is that one.
  package var agencyEpochDay: Int64?

  package init(
    hasLongDay: Bool = false, submillisecond: Submillisecond = .none, agencyEpochDay: Int64? = nil
  ) {
    self.hasLongDay = hasLongDay
    self.submillisecond = submillisecond
    self.agencyEpochDay = agencyEpochDay
  }

  /// The length of the T-field.
  package var byteCount: Int { dayByteCount + 4 + submillisecond.byteCount }

  private var dayByteCount: Int { hasLongDay ? 3 : 2 }

  // MARK: T-field

  func decode(
    _ bytes: RawSpan, at offset: Int, _ leapSeconds: borrowing LeapSecondTable
  ) throws(TimeCodeError) -> DecodedTime {
    guard bytes.byteCount - offset >= byteCount else {
      throw TimeCodeError(
        .time, at: offset, found: Int64(bytes.byteCount - offset), expected: .byteCount(atLeast: byteCount))
    }
    let count = Int64(hasLongDay ? bytes.uint24(at: offset) : UInt32(bytes.uint16(at: offset)))
    let millisecond = Int64(bytes.uint32(at: offset + dayByteCount))
    let (nanoseconds, isExact) = try fraction(bytes, at: offset + dayByteCount + 4)
    let day = (agencyEpochDay ?? 0) + count
    let last = Int64(leapSeconds.secondCount(ofDay: day)) * 1000 - 1
    guard millisecond <= last else {
      throw TimeCodeError(
        .millisecondOfDay, at: offset + dayByteCount, found: millisecond, expected: .within(0...last))
    }
    guard let utc = UTCTime(day: day, nanosecondOfDay: millisecond * 1_000_000 + nanoseconds),
      let instant = leapSeconds.instant(of: utc)
    else {
      throw TimeCodeError(.day, at: offset, found: count, expected: .within(0...UTCTime.largestDay))
    }
    return DecodedTime(instant: instant, isExact: isExact, byteCount: byteCount)
  }

  private func fraction(
    _ bytes: RawSpan, at offset: Int
  ) throws(TimeCodeError) -> (nanoseconds: Int64, isExact: Bool) {
    let (value, largest, result): (Int64, Int64, (Int64, Bool))
    switch submillisecond {
    case .none: return (0, true)
    case .microseconds:
      value = Int64(bytes.uint16(at: offset))
      largest = 999
      result = (value * 1000, true)
    case .picoseconds:
      value = Int64(bytes.uint32(at: offset))
      largest = 999_999_999
      result = (value / 1000, value % 1000 == 0)
    }
    guard value <= largest else {
      throw TimeCodeError(.submillisecond, at: offset, found: value, expected: .within(0...largest))
    }
    return result
  }

  func encode(_ instant: TAIInstant, _ leapSeconds: borrowing LeapSecondTable) throws(TimeCodeError) -> [UInt8] {
    let utc = leapSeconds.utc(of: instant)
    let day = utc.day - (agencyEpochDay ?? 0)
    let range: ClosedRange<Int64> = 0...(hasLongDay ? 0xFF_FFFF : 0xFFFF)
    guard range ~= day else { throw TimeCodeError(.day, at: 0, found: day, expected: .within(range)) }
    let (millisecond, rest) = utc.nanosecondOfDay.quotientAndRemainder(dividingBy: 1_000_000)
    let fraction =
      switch submillisecond {
      case .none: [UInt8]()
      case .microseconds: Self.bytes(rest / 1000, 2)
      case .picoseconds: Self.bytes(rest * 1000, 4)
      }
    return Self.bytes(day, dayByteCount) + Self.bytes(millisecond, 4) + fraction
  }

  private static func bytes(_ value: Int64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> Int64(8 * (count - 1 - $0))) }
  }
}

extension DaySegmentedTimeCode.Submillisecond {
  /// The bytes that it takes.
  package var byteCount: Int {
    switch self {
    case .none: 0
    case .microseconds: 2
    case .picoseconds: 4
    }
  }
}

// MARK: - P-field

extension DaySegmentedTimeCode {
  /// Its P-field.
  var preamble: TimeCodePreamble {
    TimeCodePreamble(
      0b100 << 4 | (agencyEpochDay == nil ? 0 : 0b1000) | (hasLongDay ? 0b100 : 0) | submillisecond.rawValue)
  }

  /// Reads a P-field whose code is that of the day segmented time code.
  init(preamble first: UInt8, agencyEpochDay: Int64?) throws(TimeCodeError) {
    guard let submillisecond = Submillisecond(rawValue: first & 0b11) else {
      throw TimeCodeError(.preamble, at: 0, found: Int64(first & 0b11), expected: .within(0...2))
    }
    self.init(hasLongDay: first & 0b100 != 0, submillisecond: submillisecond, agencyEpochDay: agencyEpochDay)
  }
}
