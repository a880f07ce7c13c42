import CCSDSLink
import Testing

@Suite("A silence, told by the times of what is received")
struct SilenceWatchTests {
  /// For each time, in seconds, whether it ends a silence of more than a minute.
  private static func ends(_ seconds: [Int64]) -> [Bool] {
    var watch = SilenceWatch()
    return seconds.map {
      watch.endsSilence(at: ReceptionTime(nanosecondsSince1970: $0 * 1_000_000_000), longerThan: 60)
    }
  }

  @Test("more than the time allowed is one, no less, and what comes a little late changes nothing")
  func tellsSilence() {
    #expect(Self.ends([0, 60, 121, 100, 181, 242]) == [false, false, true, false, false, true])
  }

  @Test("no time says nothing")
  func ignoresMissingTimes() {
    var watch = SilenceWatch()
    let first = watch.endsSilence(at: ReceptionTime(nanosecondsSince1970: 0), longerThan: 60)
    let none = watch.endsSilence(at: nil, longerThan: 60)
    #expect(!first && !none)
  }

  @Test("one time a century ahead ends one silence; after 64 others the next silence is heard again")
  func recoversFromFutureTime() {
    let century: Int64 = 100 * 365 * 86_400
    let seconds: [Int64] = [0, century] + Array(1...64) + [64 + 61]
    let expected = [false, true] + Array(repeating: false, count: 64) + [true]
    #expect(Self.ends(seconds) == expected)
  }

  @Test("a clock that is set back by an hour hides no silence for an hour")
  func followsClockSetBack() {
    let seconds: [Int64] = [3600] + Array(0..<64) + [63 + 61, 63 + 61 + 61]
    #expect(Self.ends(seconds).filter { $0 }.count == 2)
  }

  @Test("two clocks side by side, an hour apart, end one silence and not one with every frame")
  func bearsTwoClocks() {
    let seconds = (0..<200).map { Int64($0 % 2 * 3600 + $0) }
    #expect(Self.ends(seconds).filter { $0 }.count == 1)
  }
}
