import CCSDSLink
import CCSDSWire
import TestSupport
import Testing

@Suite("The clock on board against the time of reception")
struct ClockCorrelationTests {
  /// A clock of which everything is known.
  private struct OnboardClock {
    /// Nanoseconds ahead when it begins.
    var offset: Int64 = 0
    /// Nanoseconds that it gains in a second.
    var gain: Int64 = 0
    var correlation = ClockCorrelation()
    private(set) var estimate = ClockEstimate()
    private(set) var steps: [Int64] = []

    /// A packet that was made at a second of the ground, and took some time to get here.
    mutating func send(at seconds: Double, delay: Int64 = 0) {
      let sent = Self.start + Int64(seconds * 1e9)
      // The gain is exact for whole seconds; parts of them gain in proportion.
      let ahead = offset + gain * Int64(seconds * 1000) / 1000
      let news = correlation.note(
        onboard: TAIInstant(nanosecondsSince1958: sent + ahead),
        received: TAIInstant(nanosecondsSince1958: sent + delay))
      switch news {
      case .estimated(let estimate)?: self.estimate = estimate
      case .stepped(let nanoseconds, let estimate)?:
        self.estimate = estimate
        steps.append(nanoseconds)
      case nil: break
      }
    }

    /// 2026-11-21.
    static let start: Int64 = 2_173_910_437_000_000_000
  }

  @Test("a constant difference is found to the nanosecond, without drift or jitter")
  func findsOffset() {
    var clock = OnboardClock(offset: -5_000_000_123)
    #expect(clock.estimate.quality == .none)
    for second in 0..<8 { clock.send(at: Double(second)) }
    // The last second is still under way.
    #expect(clock.estimate.sampleCount == 7)
    #expect(clock.estimate.quality == .provisional)
    for second in 8..<10 { clock.send(at: Double(second)) }
    #expect(clock.estimate.offsetNanoseconds == -5_000_000_123)
    #expect(clock.estimate.driftPartsPerQuadrillion == 0)
    #expect(clock.estimate.jitterNanoseconds == 0)
    #expect(clock.estimate.spanNanoseconds == 8_000_000_000)
    #expect(clock.estimate.quality == .steady)
    #expect(clock.estimate.stepCount == 0)
    #expect(clock.estimate.outlierCount == 0)
  }

  @Test("a known drift is found to the last digit", arguments: [25_000, -3, 1_000_000, 40_000_000] as [Int64])
  func findsDrift(gain: Int64) {
    var clock = OnboardClock(offset: 100_000_000_000, gain: gain)
    for second in 0...100 { clock.send(at: Double(second)) }
    // A nanosecond in a second is a part in 10^9, and 10^6 parts in 10^15.
    #expect(clock.estimate.driftPartsPerQuadrillion == gain * 1_000_000)
    // The newest sample is that of second 99.
    #expect(clock.estimate.offsetNanoseconds == 100_000_000_000 + 99 * gain)
    #expect(clock.estimate.jitterNanoseconds == 0)
    #expect(clock.steps == [])
  }

  @Test("the window moves on: 128 samples, six hours")
  func forgets() {
    var clock = OnboardClock(gain: 1000)
    for second in 0...200 { clock.send(at: Double(second)) }
    #expect(clock.estimate.sampleCount == 128)
    #expect(clock.estimate.spanNanoseconds == 127_000_000_000)
    // Seven hours later, by the same line, nothing of before is left.
    clock.send(at: 25_400)
    clock.send(at: 25_401)
    #expect(clock.estimate.sampleCount == 1)
    #expect(clock.steps == [])
    #expect(clock.estimate.outlierCount == 0)
  }

  @Test("of a second the packet that came soonest counts")
  func takesSoonest() {
    var clock = OnboardClock(offset: 7)
    for second in 0..<20 {
      for (part, delay) in [80_000_000, 300_000, 50_000_000, 20_000_000].enumerated() {
        clock.send(at: Double(second) + Double(part) / 8, delay: Int64(delay))
      }
    }
    #expect(clock.estimate.offsetNanoseconds == 7 - 300_000)
    #expect(clock.estimate.jitterNanoseconds == 0)
    #expect(clock.estimate.quality == .steady)
  }

  @Test("delays scatter: the drift is found all the same, and the jitter says how much they do")
  func withstandsScatter() {
    var generator = SeededGenerator(seed: 7)
    var clock = OnboardClock(offset: 0, gain: 20_000)
    for second in 0..<129 {
      for part in 0..<20 {
        clock.send(at: Double(second) + Double(part) / 25, delay: Int64(generator.next() % 50_000_000))
      }
    }
    // The least of twenty delays of up to 50 ms scatters by 2.4 ms, and so a line through 128 s by 6 ppm.
    let drift = Double(clock.estimate.driftPartsPerQuadrillion) / 1e9
    #expect(abs(drift - 20) < 30, "\(drift) ppm")
    #expect(200_000...5_000_000 ~= clock.estimate.jitterNanoseconds, "\(clock.estimate.jitterNanoseconds) ns")
    #expect(clock.estimate.quality == .steady)
    #expect(clock.steps == [])
  }

  @Test("a clock that was set is a step of that size, told with the third sample, and the line begins anew")
  func findsStep() {
    for step in [2_500_000_000, -50_000_000, 1_767_225_600_000_000_000] as [Int64] {
      var clock = OnboardClock(offset: 1_000_000, gain: 25_000)
      for second in 0..<60 { clock.send(at: Double(second)) }
      clock.offset += step
      for second in 60..<63 { clock.send(at: Double(second)) }
      #expect(clock.steps == [])
      clock.send(at: 63)
      // Farther off than a minute the drift of the last three seconds is in it.
      let found = clock.steps.first ?? 0
      #expect(abs(found - step) <= (step.magnitude > 1 << 36 ? 75_000 : 1), "\(found)")
      #expect(clock.estimate.sampleCount == 3)
      #expect(clock.estimate.lastStepNanoseconds == found)
      for second in 64..<100 { clock.send(at: Double(second)) }
      #expect(clock.steps.count == 1)
      #expect(clock.estimate.stepCount == 1)
      #expect(clock.estimate.driftPartsPerQuadrillion == 25_000_000_000)
      #expect(clock.estimate.offsetNanoseconds == 1_000_000 + step + 98 * 25_000)
      #expect(clock.estimate.quality == .steady)
    }
  }

  @Test("one or two packets that are far off are outliers, and change nothing")
  func ignoresOutliers() {
    var clock = OnboardClock(offset: 0, gain: 1000)
    for second in 0..<100 {
      clock.send(at: Double(second), delay: [50, 51, 70].contains(second) ? 3_000_000_000 : 0)
    }
    #expect(clock.steps == [])
    #expect(clock.estimate.outlierCount == 3)
    #expect(clock.estimate.driftPartsPerQuadrillion == 1_000_000_000)
    #expect(clock.estimate.jitterNanoseconds == 0)
  }

  @Test("packets of a recorder between those of now are outliers, however many, and no steps")
  func ignoresPlayback() {
    var clock = OnboardClock()
    var playback = Int64(0)
    for second in 0..<200 {
      playback = second % 2 == 0 ? 0 : -3_600_000_000_000 - Int64(second) * 700_000_000
      clock.offset = playback
      clock.send(at: Double(second))
    }
    #expect(clock.steps == [])
    #expect(clock.estimate.outlierCount > 90)
    #expect(clock.estimate.offsetNanoseconds == 0)
  }

  @Test("samples that the line is drawn without are counted, and leave it where it is")
  func trimsSamples() {
    var clock = OnboardClock(gain: 500)
    // Nine milliseconds are within what one sample may be off, and far more than the others are.
    // Two seconds apart, so that each packet is a sample, also one that is late.
    for index in 0..<101 { clock.send(at: Double(2 * index), delay: index % 10 == 5 ? 9_000_000 : 0) }
    #expect(clock.estimate.excludedSampleCount == 10)
    #expect(clock.estimate.driftPartsPerQuadrillion == 500_000_000)
    #expect(clock.estimate.quality == .steady)
  }

  @Test("when the clock of the reception is set back, all begins anew")
  func beginsAnew() {
    var clock = OnboardClock()
    for second in 0..<50 { clock.send(at: Double(second) + 7200) }
    for second in 0..<3 { clock.send(at: Double(second)) }
    #expect(clock.estimate.sampleCount == 2)
    #expect(clock.steps == [])
  }

  @Test("what one run saves another goes on with")
  func savesState() {
    var clock = OnboardClock(offset: 3, gain: 700)
    for second in 0..<40 { clock.send(at: Double(second), delay: second == 39 ? 1_000_000_000 : 0) }
    var archive = StateArchive()
    archive.open(kind: 1)
    clock.correlation.archive(&archive)
    archive.close()
    var reader = StateArchive(restoringFrom: archive.bytes)
    reader.open(kind: 1)
    var restored = ClockCorrelation()
    restored.archive(&reader)
    reader.close()
    let isValid = reader.isValid
    #expect(isValid)
    #expect(restored == clock.correlation)
  }

  @Test("whatever the times are, nothing traps, and nothing grows")
  func survivesAnything() {
    var generator = SeededGenerator(seed: 99)
    for _ in 0..<40 {
      var correlation = ClockCorrelation()
      var now = Int64(truncatingIfNeeded: generator.next())
      for _ in 0..<500 {
        // Small steps and enormous ones, of either clock.
        let shift = generator.next() % 64
        now = now &+ Int64(truncatingIfNeeded: generator.next()) >> Int64(shift)
        let offset = Int64(truncatingIfNeeded: generator.next()) >> Int64(generator.next() % 64)
        let received = TAIInstant(nanosecondsSince1958: now)
        let onboard = TAIInstant(nanosecondsSince1958: now &+ offset)
        if case .estimated(let estimate)? = correlation.note(onboard: onboard, received: received) {
          #expect(estimate.sampleCount <= 128)
          #expect(estimate.jitterNanoseconds >= 0)
        }
      }
    }
    // As far as instants go.
    var correlation = ClockCorrelation()
    for seconds in [-(1 << 57), 1 << 57, 0] as [Int64] {
      guard let instant = TAIInstant(seconds: seconds) else { continue }
      #expect(correlation.note(onboard: instant, received: .ccsdsEpoch) == nil)
      #expect(correlation.note(onboard: .ccsdsEpoch, received: instant) == nil)
    }
  }
}
