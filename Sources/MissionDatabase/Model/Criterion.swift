/// A condition on values of the same packet, or on the last known ones. A condition on what is not known is neither
/// true nor false, and then does not hold.
package indirect enum Criterion: Hashable, Sendable {
  case comparison(Comparison)
  case all([Criterion])
  case any([Criterion])
  /// Exactly one of two.
  case exclusive(Criterion, Criterion)
}

/// A value against another.
package struct Comparison: Hashable, Sendable {
  /// How they are compared.
  package enum Relation: String, BitwiseCopyable, CaseIterable, Hashable, Sendable {
    case isEqual = "=="
    case isNotEqual = "!="
    case isLess = "<"
    case isLessOrEqual = "<="
    case isGreater = ">"
    case isGreaterOrEqual = ">="
  }

  /// What a value is compared with.
  package enum Operand: Hashable, Sendable {
    case integer(Int64)
    case unsigned(UInt64)
    case float(Double)
    case text(String)
    case octets([UInt8])
    case parameter(ParameterReference, usesCalibrated: Bool)
  }

  package var parameter: ParameterReference
  /// Whether its engineering value is meant, and not the raw one.
  package var usesCalibrated: Bool
  package var relation: Relation
  /// Read as the compared value's own type; labels of enumerations and booleans compared as calibrated are texts.
  package var operand: Operand

  package init(_ parameter: ParameterReference, usesCalibrated: Bool, _ relation: Relation, _ operand: Operand) {
    self.parameter = parameter
    self.usesCalibrated = usesCalibrated
    self.relation = relation
    self.operand = operand
  }
}
