/// An instant of International Atomic Time, exact to the nanosecond: every second is as long as every other, and none
/// is inserted.
package struct TAIInstant: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// Instants lie no more seconds than this from the epoch, four thousand million years: a few of them can be added up
  /// without a thought for overflow, and every count of a time code fits in.
  package static let largestSecond: Int64 = 1 << 57

  /// Whole seconds since 1958-01-01T00:00:00 TAI, rounded down.
  package let seconds: Int64
  /// Nanoseconds of that second, 0…999,999,999, before the epoch too.
  package let nanoseconds: Int32

  /// - Parameter nanoseconds: Any number of them; nothing comes of an instant that lies too far away.
  package init?(seconds: Int64, nanoseconds: Int64 = 0) {
    let carry = nanoseconds.flooredQuotient(by: Self.nanosecondsPerSecond)
    let (total, overflow) = seconds.addingReportingOverflow(carry)
    guard !overflow, total.magnitude <= Self.largestSecond.magnitude else { return nil }
    self.seconds = total
    self.nanoseconds = nanoseconds.remainder(behind: carry)
  }

  /// - Parameter nanosecondsSince1958: Any; the instant lies between 1665 and 2250.
  package init(nanosecondsSince1958: Int64) {
    let whole = nanosecondsSince1958.flooredQuotient(by: Self.nanosecondsPerSecond)
    seconds = whole
    nanoseconds = nanosecondsSince1958.remainder(behind: whole)
  }

  /// An instant that is known to be in range.
  init(knownSeconds: Int64, nanoseconds: Int32 = 0) {
    seconds = knownSeconds
    self.nanoseconds = nanoseconds
  }

  package static func < (left: TAIInstant, right: TAIInstant) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }

  static let nanosecondsPerSecond: Int64 = 1_000_000_000
}

// MARK: - Epochs

extension TAIInstant {
  /// 1958-01-01T00:00:00 TAI, from which the CCSDS time codes count.
  ///
  /// Standard: CCSDS 301.0-B-4 §3.2.
  package static let ccsdsEpoch = TAIInstant(knownSeconds: 0)
  /// 1980-01-06T00:00:00 UTC, when TAI was 19 seconds ahead of it.
  package static let gpsEpoch = TAIInstant(knownSeconds: 694_656_019)
  /// 2000-01-01T12:00:00 of Terrestrial Time, which is 32.184 seconds ahead of TAI.
  package static let j2000 = TAIInstant(knownSeconds: 1_325_419_167, nanoseconds: 816_000_000)
}

// MARK: - Differences

extension TAIInstant {
  /// How far apart two instants are, exactly.
  package static func - (later: TAIInstant, earlier: TAIInstant) -> Duration {
    .seconds(later.seconds - earlier.seconds) + .nanoseconds(Int64(later.nanoseconds) - Int64(earlier.nanoseconds))
  }

  /// The nanoseconds from `earlier` to here; nothing when they do not fit into 64 bits, beyond 292 years.
  package func nanoseconds(since earlier: TAIInstant) -> Int64? {
    Int64(
      exactly: Int128(seconds - earlier.seconds) * Int128(Self.nanosecondsPerSecond)
        + Int128(nanoseconds - earlier.nanoseconds))
  }

  /// The nanoseconds since 1958, where they fit into 64 bits.
  package var nanosecondsSince1958: Int64? { nanoseconds(since: .ccsdsEpoch) }

  /// The instant so much later, what is below a nanosecond rounded down; nothing when it lies too far away.
  package func advanced(by duration: Duration) -> TAIInstant? {
    let (whole, attoseconds) = duration.components
    let (sum, overflow) = seconds.addingReportingOverflow(whole)
    guard !overflow else { return nil }
    return TAIInstant(
      seconds: sum, nanoseconds: Int64(nanoseconds) + attoseconds.flooredQuotient(by: Self.attosecondsPerNanosecond))
  }

  private static let attosecondsPerNanosecond: Int64 = 1_000_000_000
}

extension TAIInstant {
  /// Saves or restores it.
  package mutating func archive(_ archive: inout StateArchive) {
    var (whole, rest) = (seconds, nanoseconds)
    archive.item(&whole)
    archive.item(&rest)
    let instant = TAIInstant(seconds: whole, nanoseconds: Int64(rest))
    archive.require(instant?.nanoseconds == rest)
    if archive.isRestoring, archive.isValid, let instant { self = instant }
  }
}

extension Int64 {
  /// The quotient rounded down, for a divisor above zero.
  @inline(__always)
  func flooredQuotient(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// What is left of these nanoseconds behind whole seconds, of which there are `seconds`, rounded down.
  @inline(__always)
  func remainder(behind seconds: Int64) -> Int32 {
    // Rounded down, the seconds may begin before the first nanosecond that there is.
    Int32(truncatingIfNeeded: self &- seconds &* TAIInstant.nanosecondsPerSecond)
  }
}
