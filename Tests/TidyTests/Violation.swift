import Testing

/// One place that breaks a rule, and what to do about it.
struct Violation: Equatable, Comparable, CustomStringConvertible {
  let path: String
  let line: Int
  let advice: String

  var description: String { "\(path):\(line): \(advice)" }

  static func < (left: Violation, right: Violation) -> Bool {
    (left.path, left.line, left.advice) < (right.path, right.line, right.advice)
  }
}

/// Reports all of them at once, each where it is.
func expectNone(_ violations: [Violation]) {
  for violation in violations.sorted() { Issue.record("\(violation)") }
}
