/// Whether something holds, or cannot be known.
enum Truth: UInt8, Sendable {
  case no, yes, unknown

  init(_ holds: Bool) { self = holds ? .yes : .no }

  /// False is stronger than unknown, and unknown than true.
  static func && (left: Truth, right: Truth) -> Truth {
    if left == .no || right == .no { return .no }
    return left == .unknown || right == .unknown ? .unknown : .yes
  }

  /// True is stronger than unknown, and unknown than false.
  static func || (left: Truth, right: Truth) -> Truth {
    if left == .yes || right == .yes { return .yes }
    return left == .unknown || right == .unknown ? .unknown : .no
  }

  /// Exactly one of two; unknown where either is.
  static func ^ (left: Truth, right: Truth) -> Truth {
    if left == .unknown || right == .unknown { return .unknown }
    return Truth(left != right)
  }
}
