/// What comparisons say, in criteria of containers and in conditions of alarms alike.
extension Comparison.Relation {
  /// Of numbers. What is no number differs from every number, and from what is no number either; it is neither below
  /// nor above any.
  ///
  /// Standard: IEEE 754-2019 §5.11; XTCE does not say.
  func truth(_ left: RawNumber, _ right: RawNumber) -> Truth {
    RawNumber.compare(left, right).map { Truth(holds($0)) } ?? Truth(self == .isNotEqual)
  }

  /// Of labels, by the numbers of their texts: a label differs from a number that has none, and of two such numbers
  /// nothing is known.
  func truth(_ left: SampleLabel, _ right: SampleLabel, _ identities: [Int32], first: Int32, second: Int32) -> Truth {
    guard case .listed(let left) = left, case .listed(let right) = right else {
      return left == right ? .unknown : Truth(self == .isNotEqual)
    }
    let isSame = identities[Int(first &+ left)] == identities[Int(second &+ right)]
    return Truth(isSame == (self == .isEqual))
  }
}
