import CCSDSLink
import Glibc

/// The clocks of this host. Only the edges ask them.
enum HostClock {
  /// Nanoseconds since 1970, UTC.
  static func wall() -> Int64 { read(CLOCK_REALTIME) }

  /// Nanoseconds of a clock that is never set.
  static func monotonic() -> Int64 { read(CLOCK_MONOTONIC) }

  /// Whole seconds since the machine was started, those that it slept included.
  static func uptimeSeconds() -> Int { Int(read(CLOCK_BOOTTIME) / 1_000_000_000) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
