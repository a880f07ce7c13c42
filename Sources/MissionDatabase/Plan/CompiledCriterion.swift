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
    /// What the comparison says of each label, from a place in `labelVerdicts` on, and of a number without a label.
    case labels(first: Int32, count: Int32, unlisted: Truth)
    case octets(TableRange)
    /// The place in `memories`.
    case memory(Int32, usesCalibrated: Bool)
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
      order = RawNumber.compare(found, number)
      // What is no number differs from every number, and is neither below nor above any.
      if order == nil { return Truth(comparison.relation == .isNotEqual) }
    case .labels(let first, let count, let unlisted):
      guard let found = memory.value(comparison.memory) else { return .unknown }
      if found.validity == .noLabel { return unlisted }
      guard found.engineeringForm == .label || found.engineeringForm == .boolean,
        found.engineeringBits < UInt64(count)
      else { return .unknown }
      return Truth(tables.labelVerdicts[Int(first) + Int(found.engineeringBits)])
    case .octets(let literal):
      let literals = tables.octets
      order = memory.compare(comparison.memory, with: literals.span.extracting(literal.range))
    case .memory(let other, let usesCalibrated):
      order = compare(comparison, with: other, usesCalibrated, memory)
    }
    guard let order else { return .unknown }
    return Truth(comparison.relation.holds(order))
  }

  private func compare(
    _ comparison: CompiledComparison, with other: Int32, _ usesCalibrated: Bool, _ memory: borrowing ValueMemory
  ) -> Int? {
    if let left = memory.number(comparison.memory, usesCalibrated: comparison.usesCalibrated),
      let right = memory.number(other, usesCalibrated: usesCalibrated)
    {
      return RawNumber.compare(left, right)
    }
    return memory.compare(comparison.memory, withPlace: other)
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
