/// Words that were meant to be others.
package enum Spelling {
  /// Whether two words differ by case, or in one place by a letter or two.
  package static func isSlip(_ word: some StringProtocol, of other: some StringProtocol) -> Bool {
    let (left, right) = (word.utf8, other.utf8)
    let (leftCount, rightCount) = (left.count, right.count)
    guard abs(leftCount - rightCount) <= 2, min(leftCount, rightCount) >= 3 else { return false }
    let prefix = zip(left, right).prefix { lowercased($0) == lowercased($1) }.count
    let suffix = zip(left.reversed(), right.reversed()).prefix { lowercased($0) == lowercased($1) }.count
    return prefix + suffix >= max(leftCount, rightCount) - 2
  }

  /// The choices, and which of them a word was meant to be.
  static func hint(_ word: String, among choices: [String]) -> String {
    let list = choices.map { "`\($0)`" }.joined(separator: ", ")
    let meant = choices.first { isSlip($0, of: word) }
    return "XTCE has \(list)\(meant.map { "; is `\($0)` meant?" } ?? "")"
  }

  private static func lowercased(_ letter: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= letter ? letter | 0x20 : letter
  }
}
