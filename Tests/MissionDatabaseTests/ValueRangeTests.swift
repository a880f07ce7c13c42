import MissionDatabase
import Testing

@Suite("Ranges of numbers")
struct ValueRangeTests {
  @Test("each end belongs to the range or not, as it says; what is no number lies in none")
  func contains() {
    let range = ValueRange(minimum: 1, includesMinimum: true, maximum: 2, includesMaximum: false)
    #expect(range.contains(1))
    #expect(!range.contains(2))
    #expect(!range.contains(0.999))
    #expect(!range.contains(.nan))
    #expect(ValueRange().contains(-.infinity))
  }
}
