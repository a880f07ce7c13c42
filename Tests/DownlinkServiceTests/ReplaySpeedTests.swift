import DownlinkService
import Testing

@Suite("The speed of a replay")
struct ReplaySpeedTests {
  @Test("a capture's seconds are divided by the speed; times that make no sense are no trap")
  func scalesTime() {
    #expect(ReplaySpeed.times(1).nanoseconds(for: 1.5) == 1_500_000_000)
    #expect(ReplaySpeed.times(100).nanoseconds(for: 1.5) == 15_000_000)
    #expect(ReplaySpeed.maximum.nanoseconds(for: 1e12) == 0)
    #expect(ReplaySpeed.times(1).nanoseconds(for: -3) == 0)
    #expect(ReplaySpeed.times(1).nanoseconds(for: 1.8e10) == 1_000_000_000_000_000_000)
    #expect(ReplaySpeed.times(1e-300).nanoseconds(for: 2) == 1_000_000_000_000_000_000)
  }

  @Test("words that are no speed are refused", arguments: ["", "0", "-1", "inf", "nan", "fast", "1e999"])
  func refuses(_ word: String) {
    #expect(ReplaySpeed(word) == nil)
  }
}
