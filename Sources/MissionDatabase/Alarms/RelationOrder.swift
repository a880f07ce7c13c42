extension Comparison.Relation {
  /// Whether it holds of two values whose order `RawNumber.compare` says: negative where the left one is less, 0 where
  /// they are equal.
  func holds(_ order: Int) -> Bool {
    switch self {
    case .isEqual: order == 0
    case .isNotEqual: order != 0
    case .isLess: order < 0
    case .isLessOrEqual: order <= 0
    case .isGreater: order > 0
    case .isGreaterOrEqual: order >= 0
    }
  }
}

extension ParameterSample {
  /// The engineering value, where it is a number.
  var engineeringNumber: RawNumber? { Self.number(engineeringForm, engineeringBits) }

  /// A number, where it is one: the place of a label is none.
  static func number(_ form: Form, _ bits: UInt64) -> RawNumber? {
    switch form {
    case .signed, .unsigned, .float, .boolean, .time: RawNumber(form: form, bits: bits)
    case .text, .octets, .label, .none: nil
    }
  }
}
