import Testing
import Web

@Suite("The date of an answer, RFC 9110 §5.6.7")
struct HTTPDateTests {
  @Test(
    "it is written as everybody writes it",
    arguments: [
      // The example of the standard, and both sides of a leap day; `date -u -d @N` gives the same.
      (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
      (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"), (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
    ])
  func writes(seconds: Int64, text: String) {
    #expect(ResponseFields.date(seconds * 1_000_000_000) == text)
  }
}
