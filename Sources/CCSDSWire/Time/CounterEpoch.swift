/// From when the counter of a time code counts, and whether it counts leap seconds.
package struct CounterEpoch: Hashable, Sendable {
  /// When it was zero.
  package var instant: TAIInstant
  /// Whether a leap second is counted like any other, as TAI and GPS do, or left out, as UNIX time does. In the latter
  /// case it has the count of the second behind it, and stands for that one.
  package var countsLeapSeconds: Bool

  package init(_ instant: TAIInstant, countsLeapSeconds: Bool = true) {
    self.instant = instant
    self.countsLeapSeconds = countsLeapSeconds
  }

  /// The epoch that the CCSDS recommends, Level 1 of its codes.
  package static let ccsds = CounterEpoch(.ccsdsEpoch)
  /// That of GPS.
  package static let gps = CounterEpoch(.gpsEpoch)
  /// That of astronomers.
  package static let j2000 = CounterEpoch(.j2000)
  /// That of the clocks of hosts.
  package static let unix = CounterEpoch(LeapSecondTable.builtIn.instant(unixNanoseconds: 0), countsLeapSeconds: false)
}

extension CounterEpoch {
  /// The instant of a count; nothing when it lies too far away.
  func instant(
    seconds: Int64, nanoseconds: Int64, _ leapSeconds: borrowing LeapSecondTable
  ) -> TAIInstant? {
    guard !countsLeapSeconds else {
      return TAIInstant(
        seconds: instant.seconds + seconds, nanoseconds: Int64(instant.nanoseconds) + nanoseconds)
    }
    let epoch = leapSeconds.utc(of: instant)
    let sum = Int64(epoch.nanosecond) + nanoseconds
    let carry = sum.flooredQuotient(by: UTCTime.second)
    let utc = LeapSecondTable.unleaped(
      seconds: epoch.day * Int64(UTCTime.secondsPerDay) + Int64(epoch.secondOfDay) + seconds + carry,
      nanoseconds: sum - carry * UTCTime.second)
    return TAIInstant(seconds: leapSeconds.secondOfTAI(utc), nanoseconds: Int64(utc.nanosecond))
  }

  /// The count of an instant: whole seconds, rounded down, and nanoseconds.
  func count(
    of instant: TAIInstant, _ leapSeconds: borrowing LeapSecondTable
  ) -> (seconds: Int64, nanoseconds: Int64) {
    var (seconds, nanoseconds) = (
      instant.seconds - self.instant.seconds, Int64(instant.nanoseconds) - Int64(self.instant.nanoseconds)
    )
    if !countsLeapSeconds {
      let (utc, epoch) = (leapSeconds.utc(of: instant), leapSeconds.utc(of: self.instant))
      seconds = (utc.day - epoch.day) * Int64(UTCTime.secondsPerDay) + Int64(utc.secondOfDay - epoch.secondOfDay)
      nanoseconds = Int64(utc.nanosecond - epoch.nanosecond)
    }
    let carry = nanoseconds.flooredQuotient(by: UTCTime.second)
    return (seconds + carry, nanoseconds - carry * UTCTime.second)
  }
}
