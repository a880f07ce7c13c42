import CCSDSWire
import Testing

@Suite("Instants of International Atomic Time")
struct TAIInstantTests {
  @Test("nanoseconds carry into seconds, rounded down before the epoch too")
  func carries() throws {
    #expect(try tai(5, 1_999_999_999) == tai(6, 999_999_999))
    let before = try tai(0, -1)
    #expect(before.seconds == -1)
    #expect(before.nanoseconds == 999_999_999)
    #expect(TAIInstant(nanosecondsSince1958: -1) == before)
    #expect(before < .ccsdsEpoch)
    #expect(TAIInstant(nanosecondsSince1958: 1_500_000_000) == (try tai(1, 500_000_000)))
    #expect(TAIInstant(nanosecondsSince1958: .min).seconds == -9_223_372_037)
    #expect(TAIInstant(nanosecondsSince1958: .max).nanoseconds == 854_775_807)
  }

  @Test("what lies beyond four thousand million years is no instant")
  func isBounded() {
    let last: Int64 = 1 << 57
    #expect(TAIInstant(seconds: last, nanoseconds: 0) != nil)
    #expect(TAIInstant(seconds: last, nanoseconds: 1_000_000_000) == nil)
    #expect(TAIInstant(seconds: -last, nanoseconds: -1) == nil)
    #expect(TAIInstant(seconds: .max, nanoseconds: .max) == nil)
    #expect(TAIInstant(seconds: .min, nanoseconds: .min) == nil)
  }

  @Test("differences are exact, however large")
  func subtracts() throws {
    let (first, last) = (try tai(-(1 << 57), 1), try tai(1 << 57))
    #expect(last - first == .seconds(Int64(1) << 58) - .nanoseconds(1))
    #expect(first - last == .nanoseconds(1) - .seconds(Int64(1) << 58))
    #expect(last.nanoseconds(since: first) == nil)
    #expect(try tai(2, 5).nanoseconds(since: tai(1, 999_999_999)) == 6)
    #expect(try tai(1, 999_999_999).nanoseconds(since: tai(2, 5)) == -6)
    // 2^63 ns is 9223372036.854775808 s.
    #expect(try tai(9_223_372_036, 854_775_807).nanosecondsSince1958 == .max)
    #expect(try tai(9_223_372_036, 854_775_808).nanosecondsSince1958 == nil)
  }

  @Test("an instant is moved exactly, and what is below a nanosecond is rounded down")
  func advances() throws {
    let instant = try tai(10, 999_999_999)
    #expect(instant.advanced(by: .nanoseconds(1)) == (try tai(11)))
    #expect(instant.advanced(by: .nanoseconds(-1)) == (try tai(10, 999_999_998)))
    #expect(instant.advanced(by: Duration(secondsComponent: 0, attosecondsComponent: -1)) == (try tai(10, 999_999_998)))
    #expect(instant.advanced(by: Duration(secondsComponent: 0, attosecondsComponent: 999_999_999)) == instant)
    #expect(instant.advanced(by: .seconds(Int64(1) << 57)) == nil)
    #expect(instant.advanced(by: .seconds(Int64.max)) == nil)
    #expect(instant.advanced(by: .seconds(Int64.min)) == nil)
  }

  @Test("the epochs are where the documents have them")
  func hasEpochs() {
    #expect(text(.gpsEpoch) == "1980-01-06T00:00:00.000000000Z")
    // 2000-01-01T12:00:00 TT is 32.184 s later than the same time of TAI, which was 32 s ahead of UTC.
    #expect(text(.j2000) == "2000-01-01T11:58:55.816000000Z")
    #expect(text(CounterEpoch.unix.instant) == "1970-01-01T00:00:00.000000000Z")
    #expect(TAIInstant.gpsEpoch.seconds == 694_656_019)
  }
}
