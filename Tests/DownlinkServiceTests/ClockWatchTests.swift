import DownlinkService
import Testing

@Suite("Whether somebody has set the clock")
struct ClockWatchTests {
  private static let second: Int64 = 1_000_000_000

  /// What a watch says of readings of both clocks, in seconds.
  private func findings(_ readings: [(wall: Double, monotonic: Double)]) -> [Double?] {
    var watch = ClockWatch()
    return readings.map { watch.observe(wall: Int64($0.wall * 1e9), monotonic: Int64($0.monotonic * 1e9)) }
  }

  @Test("the first reading says nothing, and neither do clocks that go alike")
  func findsNothing() {
    #expect(findings([(1e9, 5), (1e9 + 1, 6), (1e9 + 61, 66)]) == [nil, nil, nil])
  }

  @Test("a step is told once, with its size and direction")
  func findsSteps() {
    #expect(findings([(1000, 0), (4601, 1), (4602, 2)]) == [nil, 3600, nil])
    #expect(findings([(5000, 0), (1401, 1), (1402, 2)]) == [nil, -3600, nil])
    // Set twice between two readings, what is left of it is seen.
    #expect(findings([(1000, 0), (1010, 5)]) == [nil, 5])
  }

  @Test("half a second is how a clock is disciplined, and more is not")
  func tolerates() {
    #expect(findings([(1000, 0), (1001.5, 1)]) == [nil, nil])
    #expect(findings([(1000, 0), (1000.5, 1)]) == [nil, nil])
    #expect(findings([(1000, 0), (1001.75, 1)]) == [nil, 0.75])
    #expect(findings([(1000, 0), (1000.25, 1)]) == [nil, -0.75])
    // Each reading is compared with the one before: a clock that is slewed is none that was set.
    #expect(findings((0..<100).map { (1000 + Double($0) * 1.4, Double($0)) }).allSatisfy { $0 == nil })
  }

  @Test("however late somebody is to look, it is no step")
  func isPatient() {
    #expect(findings([(1000, 0), (1_001_000, 1_000_000)]) == [nil, nil])
  }

  @Test("no reading traps", arguments: [Int64.min, -1, 0, 1, .max])
  func survives(reading: Int64) {
    for other in [Int64.min, -1, 0, 1, .max] {
      var watch = ClockWatch()
      _ = watch.observe(wall: reading, monotonic: other)
      _ = watch.observe(wall: other, monotonic: reading)
      _ = watch.observe(wall: reading, monotonic: reading)
    }
  }
}
