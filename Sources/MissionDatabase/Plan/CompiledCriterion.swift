/// A condition, or a part of one.
enum CriterionNode: Sendable {
  case comparison(CompiledComparison)
  /// Places in `criterionParts`.
  case all(first: Int32, count: Int32)
  case any(first: Int32, count: Int32)
  /// Places in `criteria`.
  case exclusive(Int32, Int32)
}

/// A value against another.
struct CompiledComparison: Sendable {
  /// What a value is compared with.
  enum Operand: Sendable {
    case number(RawNumber)
    /// The place of a label; -1 for one that there is not.
    case label(Int32)
    /// What the comparison says of each label, from a place in `labelVerdicts` on.
    case labels(first: Int32, count: Int32)
    case octets(TableRange)
    /// The place in `memories`.
    case memory(Int32, usesCalibrated: Bool)
    /// The label of a place in `memories`; the places in `labelIdentities` where those of both begin.
    case memoryLabel(Int32, first: Int32, second: Int32)
  }

  /// The place in `memories`.
  var memory: Int32
  var usesCalibrated: Bool
  var relation: Comparison.Relation
  var operand: Operand
}

/// An integer that is written down, or that a packet says.
enum Amount: Sendable {
  case fixed(Int)
  /// slope · value + intercept, of a place in `memories`.
  case memory(Int32, slope: Int, intercept: Int, usesCalibrated: Bool)
  /// The first of these places in `lookups` whose condition holds.
  case lookup(first: Int32, count: Int32, defaultValue: Int?, weight: Int32)
}

/// An integer that holds under a condition: a place in `criteria`.
struct CompiledLookup: Sendable {
  var criterion: Int32
  var value: Int
}

extension DecodePlan {
  /// Whether a criterion holds; a place below zero always does.
  func truth(of place: Int32, _ memory: borrowing ValueMemory) -> Truth {
    guard place >= 0 else { return .yes }
    switch tables.criteria[Int(place)] {
    case .comparison(let comparison): return truth(of: comparison, memory)
    case .all(let first, let count):
      var result = Truth.yes
      for part in first..<first + count where result != .no {
        result = result && truth(of: tables.criterionParts[Int(part)], memory)
      }
      return result
    case .any(let first, let count):
      var result = Truth.no
      for part in first..<first + count where result != .yes {
        result = result || truth(of: tables.criterionParts[Int(part)], memory)
      }
      return result
    case .exclusive(let left, let right): return truth(of: left, memory) ^ truth(of: right, memory)
    }
  }

  private func truth(of comparison: CompiledComparison, _ memory: borrowing ValueMemory) -> Truth {
    let order: Int?
    switch comparison.operand {
    case .number(let number):
      guard let found = memory.number(comparison.memory, usesCalibrated: comparison.usesCalibrated) else {
        return .unknown
      }
      return comparison.relation.truth(found, number)
    case .label(let label):
      guard let found = memory.value(comparison.memory)?.label else { return .unknown }
      return Truth((found == .listed(label)) == (comparison.relation == .isEqual))
    case .labels(let first, let count):
      guard let found = memory.value(comparison.memory)?.label else { return .unknown }
      guard case .listed(let label) = found, label < count else { return found.truth(comparison.relation) }
      return Truth(tables.labelVerdicts[Int(first) + Int(label)])
    case .memoryLabel(let other, let first, let second):
      guard let left = memory.value(comparison.memory)?.label, let right = memory.value(other)?.label else {
        return .unknown
      }
      return comparison.relation.truth(left, right, tables.labelIdentities, first: first, second: second)
    case .octets(let literal):
      let literals = tables.octets
      order = memory.compare(comparison.memory, with: literals.span.extracting(literal.range))
    case .memory(let other, let usesCalibrated):
      if let left = memory.number(comparison.memory, usesCalibrated: comparison.usesCalibrated),
        let right = memory.number(other, usesCalibrated: usesCalibrated)
      {
        return comparison.relation.truth(left, right)
      }
      order = memory.compare(comparison.memory, withPlace: other)
    }
    return order.map { Truth(comparison.relation.holds($0)) } ?? .unknown
  }

  /// How much work it is to find out what an integer is.
  func weight(of amount: Int32) -> Int32 {
    switch tables.amounts[Int(amount)] {
    case .fixed, .memory: 1
    case .lookup(_, _, _, let weight): weight
    }
  }

  /// What an integer is now; nil where it is not known, or too large.
  func value(of amount: Int32, _ memory: borrowing ValueMemory) -> Int? {
    switch tables.amounts[Int(amount)] {
    case .fixed(let value): return value
    case .memory(let place, let slope, let intercept, let usesCalibrated):
      guard let value = memory.number(place, usesCalibrated: usesCalibrated)?.integer else { return nil }
      let (product, overflows) = Int(value).multipliedReportingOverflow(by: slope)
      let (sum, overflowsToo) = product.addingReportingOverflow(intercept)
      return overflows || overflowsToo ? nil : sum
    case .lookup(let first, let count, let defaultValue, _):
      for place in first..<first + count where truth(of: tables.lookups[Int(place)].criterion, memory) == .yes {
        return tables.lookups[Int(place)].value
      }
      return defaultValue
    }
  }
}
