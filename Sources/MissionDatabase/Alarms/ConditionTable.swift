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
  /// For labels that are compared with each other, the same number for the same text.
  private(set) var labelIdentities: [Int32] = []
  private var labelsByType: [TypeIndex: DistinctLabels] = [:]
  private var identities: [String: Int32] = [:]
  private var identityPlaces: [TypeIndex: Int32] = [:]
  /// The elements of arrays that comparisons ask for: which slot, and which of its values.
  private(set) var elements: [ElementReference] = []
  private var elementPlaces: [ElementReference: Int32] = [:]
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

  /// Whether what was added from a place on asks for a slot.
  func mentions(_ slot: Int, from start: Int) -> Bool {
    nodes[start...].contains { node in
      guard case .comparison(let comparison) = node else { return false }
      switch comparison.operand {
      case .neverKnown: return false
      case .value(let other), .otherLabel(let other, _, _):
        return comparison.value.isAny(of: slot) || other.isAny(of: slot)
      case .number, .label, .labels, .text, .octets: return comparison.value.isAny(of: slot)
      }
    }
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
    guard let value = value(comparison.parameter, comparison.usesCalibrated, resolver) else { return .neverKnown }
    return SlotComparison(
      value: value, relation: comparison.relation, operand: compile(comparison, Int(value.slot), resolver))
  }

  private mutating func value(
    _ reference: ParameterReference, _ usesCalibrated: Bool, _ resolver: SlotResolver
  ) -> SlotComparison.Value? {
    guard let slot = resolver.slot(of: reference) else { return nil }
    var value = SlotComparison.Value(slot: Int32(slot), element: -1, usesCalibrated: usesCalibrated)
    switch resolver.database.occurrence(of: reference) {
    case .any: break
    case .unknown: return nil
    case .only(let occurrence):
      let element = ElementReference(slot: UInt32(slot), occurrence: occurrence)
      value.element = elementPlaces[element] ?? Int32(elements.count)
      if elementPlaces.updateValue(value.element, forKey: element) == nil { elements.append(element) }
    }
    return value
  }

  private mutating func compile(_ comparison: Comparison, _ slot: Int, _ resolver: SlotResolver)
    -> SlotComparison.Operand
  {
    switch comparison.operand {
    case .integer(let value): return .number(.signed(value))
    case .unsigned(let value): return .number(.unsigned(value))
    case .float(let value): return .number(.float(value))
    case .text(let text):
      if comparison.usesCalibrated, !resolver.slots[slot].labels.isEmpty {
        return compile(text, labels(of: resolver.slots[slot]), comparison.relation)
      }
      texts.append(Array(text.unicodeScalars))
      return .text(Int32(texts.count - 1))
    case .octets(let octets):
      octetRows.append(octets)
      return .octets(Int32(octetRows.count - 1))
    case .parameter(let reference, let usesCalibrated):
      guard let other = value(reference, usesCalibrated, resolver) else { return .neverKnown }
      let (left, right) = (resolver.slots[slot], resolver.slots[Int(other.slot)])
      if comparison.usesCalibrated, usesCalibrated, !left.labels.isEmpty, !right.labels.isEmpty {
        return .otherLabel(other, first: firstIdentity(of: left), second: firstIdentity(of: right))
      }
      return .value(other)
    }
  }

  /// A label is equality with one; only what else is asked of labels is written down for each of them.
  private mutating func compile(
    _ text: String, _ labels: DistinctLabels, _ relation: Comparison.Relation
  ) -> SlotComparison.Operand {
    if relation == .isEqual || relation == .isNotEqual, !labels.hasEqualTexts {
      return .label(labels.place(of: text) ?? -1)
    }
    let first = labelTruths.count
    labelTruths += labels.texts.map { relation.holds($0 < text ? -1 : $0 == text ? 0 : 1) }
    return .labels(first: Int32(first), count: Int32(labels.texts.count))
  }

  private mutating func labels(of slot: ParameterSlot) -> DistinctLabels {
    if let labels = labelsByType[slot.type] { return labels }
    let labels = DistinctLabels(slot.labels)
    labelsByType[slot.type] = labels
    return labels
  }

  private mutating func firstIdentity(of slot: ParameterSlot) -> Int32 {
    if let place = identityPlaces[slot.type] { return place }
    let first = Int32(labelIdentities.count)
    for label in slot.labels {
      let identity = identities[label] ?? Int32(identities.count)
      identities[label] = identity
      labelIdentities.append(identity)
    }
    identityPlaces[slot.type] = first
    return first
  }
}

/// An element of an array.
struct ElementReference: BitwiseCopyable, Hashable, Sendable {
  var slot: UInt32
  var occurrence: UInt32
}

/// A comparison with a slot of a table on its left.
struct SlotComparison: BitwiseCopyable, Sendable {
  /// What the value is compared with.
  enum Operand: BitwiseCopyable, Sendable {
    case number(RawNumber)
    /// The place of a label; -1 for one that there is not.
    case label(Int32)
    /// For each label, whether it holds.
    case labels(first: Int32, count: Int32)
    case text(Int32)
    case octets(Int32)
    case value(Value)
    /// The label of another value; the places in `labelIdentities` where those of both begin.
    case otherLabel(Value, first: Int32, second: Int32)
    case neverKnown
  }

  /// A value of a slot.
  struct Value: BitwiseCopyable, Sendable {
    var slot: Int32
    /// The place in the list of elements; -1 where it is none.
    var element: Int32
    var usesCalibrated: Bool
  }

  var value: Value
  var relation: Comparison.Relation
  var operand: Operand

  /// Of a parameter that no packet has.
  static let neverKnown = SlotComparison(
    value: Value(slot: 0, element: -1, usesCalibrated: false), relation: .isEqual, operand: .neverKnown)
}

extension SlotComparison.Value {
  /// Whether it is whichever value of a slot is in question.
  func isAny(of slot: Int) -> Bool { self.slot == Int32(slot) && element < 0 }
}
