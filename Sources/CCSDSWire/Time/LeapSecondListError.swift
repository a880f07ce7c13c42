/// What is wrong with a list of leap seconds, and where.
package struct LeapSecondListError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package enum Fault: Hashable, Sendable {
    /// More bytes than any list of leap seconds has.
    case tooLong(byteCount: Int, capacity: Int)
    /// A line that is no part of such a list; as much of it as is worth showing.
    case notExpected(found: String, expected: String)
    /// An instant that is not the beginning of a day.
    case notMidnight(second: Int64)
    /// The row cannot follow the one before.
    case row(LeapSecondTable.RowError.Fault)
    /// The list says what its digest is, and it has another one.
    case digest(found: String, computed: String)
  }

  /// From 1; zero when the list as a whole is meant.
  package let line: Int
  /// What is wrong there.
  package let fault: Fault

  /// The line, what was found and what was expected.
  package var description: String { (line > 0 ? "line \(line): " : "") + message }

  private var message: String {
    switch fault {
    case .tooLong(let byteCount, let capacity):
      "the list has \(byteCount) bytes, and no more than \(capacity) are read"
    case .notExpected(let found, let expected): "found '\(found)', expected \(expected)"
    case .notMidnight(let second):
      "found a leap second \(second % Int64(UTCTime.secondsPerDay)) s after midnight, expected one at midnight"
    case .row(.none): "found no leap second, expected one at least"
    case .row(.tooMany): "found more than \(LeapSecondTable.rowCapacity) leap seconds"
    case .row(.absurd): "found a date or an offset that is absurd"
    case .row(.notLater): "found a leap second that is not later than the one before"
    case .row(.step(let before, let after)):
      "found TAI - UTC = \(after) s behind \(before) s, expected one second more or less"
    case .digest(let found, let computed): "found the digest \(found), expected \(computed): the list is damaged"
    }
  }
}
