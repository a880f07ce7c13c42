import CCSDSLink
import DownlinkService
import Glibc
import LinkHealth
import Testing

@Suite("What of the host troubles everything at once")
struct HostConditionTests {
  private static let second: Int64 = 1_000_000_000

  private func clockProblems(_ conditions: inout HostConditions, at seconds: Int64) -> [String] {
    conditions.problems(at: seconds * Self.second).filter { $0.code == .clockStepped }.map(\.message)
  }

  @Test("a clock that was set is a problem for ten minutes, by a clock that is never set")
  func tellsOfClock() {
    var conditions = HostConditions()
    #expect(clockProblems(&conditions, at: 1000) == [])
    conditions.noteClockStep(seconds: -3600.0004, wall: 50_000 * Self.second, monotonic: 1000 * Self.second)
    #expect(
      conditions.problems(at: 1000 * Self.second).first { $0.code == .clockStepped }?.since
        == ReceptionTime(nanosecondsSince1970: 50_000 * Self.second))
    #expect(clockProblems(&conditions, at: 1000) == ["the clock of this host was set back by 3600.0 s"])
    #expect(clockProblems(&conditions, at: 1599).count == 1)
    #expect(clockProblems(&conditions, at: 1600) == [])
    conditions.noteClockStep(seconds: 1.5, wall: 0, monotonic: 2000 * Self.second)
    #expect(clockProblems(&conditions, at: 2000) == ["the clock of this host was set forward by 1.5 s"])
  }

  @Test("descriptors are a problem when more than four in five of them are in use")
  func tellsOfDescriptors() async {
    // In a process of its own: its descriptors are what is counted.
    await #expect(processExitsWith: .success) {
      func problems(_ seconds: Int64) -> Int {
        conditions.problems(at: seconds * 1_000_000_000).count { $0.code == .descriptorsLow }
      }
      var conditions = HostConditions()
      guard problems(0) == 0 else { exit(2) }
      var limit = rlimit()
      _ = unsafe getrlimit(__rlimit_resource_t(7), &limit)
      limit.rlim_cur = 100
      _ = unsafe setrlimit(__rlimit_resource_t(7), &limit)
      while dup(2) >= 0 {}
      // They are counted every ten seconds.
      guard problems(9) == 0 else { exit(3) }
      for descriptor in Int32(90)..<100 { close(descriptor) }
      guard problems(10) == 1 else { exit(4) }
      for descriptor in Int32(50)..<90 { close(descriptor) }
      guard problems(20) == 0 else { exit(5) }
    }
  }
}
