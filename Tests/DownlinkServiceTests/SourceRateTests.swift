import AllocationCounter
import DownlinkService
import Ingest
import Testing

@Suite("The rate of each sender")
struct SourceRateTests {
  private static let second: Int64 = 1_000_000_000
  private static let start: Int64 = 1_700_000_000 * second

  private func address(_ number: UInt32, port: UInt16 = 1) -> SocketAddress {
    SocketAddress(ipv4: 0x0A00_0000 + number, port: port)
  }

  @Test(
    "allows one second's worth at once, at least 64",
    arguments: [(1, 64), (63, 64), (64, 64), (65, 65), (1000, 1000), (100_000, 100_000)])
  func allowsBurst(rate: Int, burst: Int) {
    let rates = Rates(datagramsPerSecond: rate)
    #expect(rates.admitted(of: burst + 10, address(1), at: Self.start) == burst)
  }

  @Test("gives back what the rate says, to the nanosecond", arguments: [1, 3, 100, 7919])
  func refills(rate: Int) {
    let rates = Rates(datagramsPerSecond: rate)
    _ = rates.admitted(of: max(rate, 64), address(1), at: Self.start)
    // The next is due when one token has come in: after 1/rate seconds, rounded up.
    let due = (Self.second + Int64(rate) - 1) / Int64(rate)
    #expect(!rates.admits(address(1), at: Self.start + due - 1))
    #expect(rates.admits(address(1), at: Self.start + due))
    #expect(!rates.admits(address(1), at: Self.start + due))
    // A steady stream at the rate is admitted whole; at twice the rate, half of it.
    let tenSeconds = Self.start + 100 * Self.second
    var count = rates.admitted(of: max(rate, 64), address(1), at: tenSeconds)
    for index in 1...(20 * rate) {
      count += rates.admits(address(1), at: tenSeconds + Int64(index) * Self.second / Int64(2 * rate)) ? 1 : 0
    }
    #expect(count == max(rate, 64) + 10 * rate)
  }

  @Test("is that of an address, whatever its port, and one sender does not cost another anything")
  func separatesSources() {
    let rates = Rates(datagramsPerSecond: 10)
    #expect(rates.admitted(of: 100, address(1, port: 1), at: Self.start) == 64)
    #expect(!rates.admits(address(1, port: 2), at: Self.start))
    #expect(rates.admitted(of: 100, address(2), at: Self.start) == 64)
    #expect(rates.admits(SocketAddress(ipv6High: 0, low: 0x0A00_0001, port: 1), at: Self.start))
    #expect(rates.sourceCount == 3)
  }

  @Test("is kept for 256 senders; strangers beyond them share, and take the place of one that has been quiet")
  func boundsTable() {
    let rates = Rates(datagramsPerSecond: 64)
    for number in 0..<256 { #expect(rates.admits(address(UInt32(number)), at: Self.start)) }
    #expect(rates.sourceCount == 256)
    #expect(rates.sharedDatagramCount == 0)
    // All are one datagram short of full: none is to be had before 1/64 s.
    #expect(rates.admitted(of: 50, address(1000), at: Self.start) == 50)
    #expect(rates.admitted(of: 50, address(1001), at: Self.start) == 14)
    #expect(rates.sharedDatagramCount == 100)
    #expect(rates.admits(address(255), at: Self.start))
    let later = Self.start + Self.second
    #expect(rates.admitted(of: 100, address(1000), at: later) == 64)
    #expect(rates.sharedDatagramCount == 100)
    #expect(rates.sourceCount == 256)
  }

  @Test("survives any time: one that goes back gives nothing, one that jumps fills up")
  func survivesClock() {
    let rates = Rates(datagramsPerSecond: 100)
    #expect(rates.admitted(of: 200, address(1), at: Self.start) == 100)
    #expect(!rates.admits(address(1), at: Self.start - 3600 * Self.second))
    #expect(rates.admits(address(1), at: Self.start - 3599 * Self.second))
    for time: Int64 in [.max, .min, 0, .max, -1, .min] { _ = rates.admits(address(1), at: time) }
    #expect(rates.admitted(of: 200, address(1), at: .max) == 100)
  }

  @Test(
    "takes no memory",
    .enabled(if: allocation_counter_is_counting(), "a sanitizer has an allocator of its own"))
  func takesNoMemory() {
    let rates = Rates(datagramsPerSecond: 100)
    _ = rates.admits(address(1), at: Self.start)
    let before = allocation_counter_count()
    for number in 0..<10_000 { _ = rates.admits(address(UInt32(number % 400)), at: Self.start + Int64(number)) }
    #expect(allocation_counter_count() - before == 0)
  }
}

/// The rates under test, in a place where the macros of the tests can change them.
private final class Rates {
  private var value: SourceRates

  init(datagramsPerSecond: Int) { value = SourceRates(datagramsPerSecond: datagramsPerSecond) }

  var sourceCount: Int { value.sourceCount }
  var sharedDatagramCount: Int { value.sharedDatagramCount }

  func admits(_ source: SocketAddress, at time: Int64) -> Bool { value.admits(source, at: time) }

  /// How many of so many datagrams, one after the other at the same time, are admitted.
  func admitted(of count: Int, _ source: SocketAddress, at time: Int64) -> Int {
    (0..<count).reduce(0) { sum, _ in sum + (admits(source, at: time) ? 1 : 0) }
  }
}
