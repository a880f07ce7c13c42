/// Criteria that are evaluated on the last known values, as lists without references.
///
/// What they ask for that is not known, or cannot be compared, makes them neither true nor false.
struct ConditionTable: Sendable {
  /// A node of a criterion; those below it follow it.
  enum Node: BitwiseCopyable, Sendable {
    case comparison(SlotComparison)
    case all(count: Int)
    case any(count: Int)
    /// Exactly one of the two that follow.
    case exclusive
  }

  private(set) var nodes: [Node] = []
  /// For the labels of a slot, one after the other, whether a comparison holds of them.
  private(set) var labelTruths: [Bool] = []
  private(set) var texts: [[Unicode.Scalar]] = []
  private(set) var octetRows: [[UInt8]] = []

  /// Adds a criterion.
  ///
  /// - Returns: Where it begins.
  mutating func add(_ criterion: Criterion, _ resolver: SlotResolver) -> Int {
    let start = nodes.count
    append(criterion, resolver)
    return start
  }

  private mutating func append(_ criterion: Criterion, _ resolver: SlotResolver) {
    switch criterion {
    case .comparison(let comparison): nodes.append(.comparison(compile(comparison, resolver)))
    case .all(let criteria):
      nodes.append(.all(count: criteria.count))
      for criterion in criteria { append(criterion, resolver) }
    case .any(let criteria):
      nodes.append(.any(count: criteria.count))
      for criterion in criteria { append(criterion, resolver) }
    case .exclusive(let left, let right):
      nodes.append(.exclusive)
      append(left, resolver)
      append(right, resolver)
    }
  }

  private mutating func compile(_ comparison: Comparison, _ resolver: SlotResolver) -> SlotComparison {
    guard let slot = resolver.slot(of: comparison.parameter) else { return .neverKnown }
    return SlotComparison(
      slot: Int32(slot), usesCalibrated: comparison.usesCalibrated, relation: comparison.relation,
      operand: compile(comparison, slot, resolver))
  }

  private mutating func compile(_ comparison: Comparison, _ slot: Int, _ resolver: SlotResolver)
    -> SlotComparison.Operand
  {
    switch comparison.operand {
    case .integer(let value): return .number(.signed(value))
    case .unsigned(let value): return .number(.unsigned(value))
    case .float(let value): return .number(.float(value))
    case .text(let text):
      let labels = resolver.slots[slot].labels
      if comparison.usesCalibrated, !labels.isEmpty {
        let first = labelTruths.count
        labelTruths += labels.map { comparison.relation.holds($0 < text ? -1 : $0 == text ? 0 : 1) }
        return .labels(first: Int32(first), count: Int32(labels.count))
      }
      texts.append(Array(text.unicodeScalars))
      return .text(Int32(texts.count - 1))
    case .octets(let octets):
      octetRows.append(octets)
      return .octets(Int32(octetRows.count - 1))
    case .parameter(let reference, let usesCalibrated):
      guard let other = resolver.slot(of: reference) else { return .neverKnown }
      return .slot(Int32(other), usesCalibrated: usesCalibrated)
    }
  }
}

/// A comparison with a slot of a table on its left.
struct SlotComparison: BitwiseCopyable, Sendable {
  /// What the value is compared with.
  enum Operand: BitwiseCopyable, Sendable {
    case number(RawNumber)
    /// For each label, whether it holds.
    case labels(first: Int32, count: Int32)
    case text(Int32)
    case octets(Int32)
    case slot(Int32, usesCalibrated: Bool)
    case neverKnown
  }

  var slot: Int32
  var usesCalibrated: Bool
  var relation: Comparison.Relation
  var operand: Operand

  /// Of a parameter that no packet has.
  static let neverKnown = SlotComparison(slot: 0, usesCalibrated: false, relation: .isEqual, operand: .neverKnown)
}
