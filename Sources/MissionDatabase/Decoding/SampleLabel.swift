/// The label of a value of an enumeration or a boolean.
enum SampleLabel: Equatable {
  /// By its place in the list of labels.
  case listed(Int32)
  /// The number has none.
  case unlisted

  /// What holds of a number without a label: it differs from every label, and is neither before nor behind any.
  func truth(_ relation: Comparison.Relation) -> Truth {
    switch relation {
    case .isEqual: .no
    case .isNotEqual: .yes
    case .isLess, .isLessOrEqual, .isGreater, .isGreaterOrEqual: .unknown
    }
  }
}

extension ParameterSample {
  /// Its label; nil where it is no enumeration and no boolean.
  var label: SampleLabel? {
    if validity == .noLabel { return .unlisted }
    guard engineeringForm == .label || engineeringForm == .boolean else { return nil }
    return .listed(Int32(truncatingIfNeeded: engineeringBits))
  }
}
