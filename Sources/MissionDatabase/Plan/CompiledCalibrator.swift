/// A function from a raw number to an engineering number, its numbers in tables.
enum CompiledCalibrator: Sendable {
  /// Coefficients from the highest exponent down to zero.
  case polynomial(first: Int32, count: Int32)
  /// Terms with exponents far apart.
  case terms(first: Int32, count: Int32)
  /// Points in ascending order.
  case spline(first: Int32, count: Int32, order: Int, extrapolates: Bool)
  case mathOperation(first: Int32, count: Int32)
}

/// A calibrator that is for a condition: places in `criteria` and in `calibrators`.
struct CompiledContext: BitwiseCopyable, Sendable {
  var criterion: Int32
  var calibrator: Int32
}

/// A step of a math operation.
enum CompiledMathStep: Sendable {
  case value(Double)
  case thisParameter
  /// The place in `memories`.
  case memory(Int32, usesCalibrated: Bool)
  case operation(MathOperator)
}

/// What is made of a raw number: by the first context that holds, else by the standard calibrator, else as it is.
struct Conversion: Sendable {
  /// What the outcome has to be.
  enum Result: BitwiseCopyable, Sendable {
    case float
    case integer(isSigned: Bool)
    /// The place in `labelTables`.
    case label(Int32)
    case boolean
    /// The place in `times`.
    case time(Int32)
    case none
  }

  var firstContext: Int32
  var contextCount: Int32
  /// The place in `calibrators`; -1 without.
  var standard: Int32
  var result: Result
}

extension DecodePlan {
  /// The engineering number for a raw one; nil where the calibrator has none, or none that can be written down.
  func calibrated(_ raw: Double, by calibrator: Int32, _ memory: borrowing ValueMemory) -> Double? {
    let value: Double? =
      switch tables.calibrators[Int(calibrator)] {
      case .polynomial(let first, let count): polynomial(raw, first: Int(first), count: Int(count))
      case .terms(let first, let count): sum(raw, first: Int(first), count: Int(count))
      case .spline(let first, let count, let order, let extrapolates):
        spline(raw, Int(first)..<Int(first) + Int(count), order: order, extrapolates: extrapolates)
      case .mathOperation(let first, let count):
        mathOperation(raw, Int(first)..<Int(first) + Int(count), memory)
      }
    guard let value, value.isFinite else { return nil }
    return value
  }

  private func polynomial(_ raw: Double, first: Int, count: Int) -> Double {
    var value = 0.0
    for index in first..<first + count { value = value * raw + tables.coefficients[index] }
    return value
  }

  private func sum(_ raw: Double, first: Int, count: Int) -> Double {
    var value = 0.0
    for index in first..<first + count {
      value += tables.terms[index].coefficient * Self.power(raw, tables.terms[index].exponent)
    }
    return value
  }

  /// By squaring; anything to the power of zero is one.
  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var rest = exponent.magnitude
    var square = base
    var value = 1.0
    while rest > 0 {
      if rest & 1 == 1 { value *= square }
      square *= square
      rest >>= 1
    }
    return exponent < 0 ? 1 / value : value
  }

  /// A staircase (order 0) or straight lines (order 1) from each point to the next.
  private func spline(_ raw: Double, _ range: Range<Int>, order: Int, extrapolates: Bool) -> Double? {
    guard let last = range.last, !raw.isNaN else { return nil }
    let outside = raw < tables.points[range.lowerBound].raw || raw > tables.points[last].raw
    if outside, !extrapolates { return nil }
    // The last point at or below the number; behind the very last one there is no segment.
    var low = range.lowerBound
    var high = last
    while low < high {
      let middle = (low + high + 1) / 2
      if tables.points[middle].raw <= raw { low = middle } else { high = middle - 1 }
    }
    if tables.points[low].raw == raw || range.count == 1 { return tables.points[low].calibrated }
    let segment = min(low, last - 1)
    let from = tables.points[segment]
    let to = tables.points[segment + 1]
    if (from.order ?? order) == 0 { return raw < from.raw ? from.calibrated : tables.points[low].calibrated }
    return from.calibrated + (raw - from.raw) * (to.calibrated - from.calibrated) / (to.raw - from.raw)
  }
}
