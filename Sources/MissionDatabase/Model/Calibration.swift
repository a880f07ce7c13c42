/// How raw numbers become engineering numbers: the first context that holds, else the default, else as they are.
package struct Calibration: Hashable, Sendable {
  package var contexts: [ContextCalibrator]
  package var standard: Calibrator?

  package init(contexts: [ContextCalibrator] = [], standard: Calibrator? = nil) {
    self.contexts = contexts
    self.standard = standard
  }

  /// Whether raw numbers are engineering numbers.
  package var isIdentity: Bool { contexts.isEmpty && standard == nil }
}

/// A calibrator that is for a condition.
package struct ContextCalibrator: Hashable, Sendable {
  package var criterion: Criterion
  package var calibrator: Calibrator

  package init(criterion: Criterion, calibrator: Calibrator) {
    self.criterion = criterion
    self.calibrator = calibrator
  }
}

/// A function from a raw number to an engineering number.
package enum Calibrator: Hashable, Sendable {
  /// Σ coefficient · raw^exponent.
  case polynomial([PolynomialTerm])
  /// Points in ascending order of `raw`, no two alike, at least one; order 0 is a staircase, 1 straight lines. Without
  /// `extrapolates` a raw number outside of the points has no engineering value.
  case spline([SplinePoint], order: Int, extrapolates: Bool)
  /// Steps of a stack machine which leave one number; that they do is known.
  case mathOperation([MathStep])
}

/// A term of a polynomial.
package struct PolynomialTerm: Hashable, Sendable {
  package var exponent: Int
  package var coefficient: Double

  package init(exponent: Int, coefficient: Double) {
    self.exponent = exponent
    self.coefficient = coefficient
  }
}

/// A point of a spline.
package struct SplinePoint: Hashable, Sendable {
  package var raw: Double
  package var calibrated: Double
  /// The order of the segment that begins here; absent where it is that of the spline.
  package var order: Int?

  package init(raw: Double, calibrated: Double, order: Int? = nil) {
    self.raw = raw
    self.calibrated = calibrated
    self.order = order
  }
}

/// A step of a math operation.
package enum MathStep: Hashable, Sendable {
  case value(Double)
  case thisParameter
  case parameter(ParameterReference, usesCalibrated: Bool)
  case operation(MathOperator)
}

/// What a math operation can do, by its spelling in XTCE.
package enum MathOperator: String, CaseIterable, Hashable, Sendable {
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divided = "/"
  case modulo = "%"
  case power = "^"
  case reversePower = "y^x"
  case naturalLogarithm = "ln"
  case logarithm = "log"
  case exponential = "e^x"
  case reciprocal = "1/x"
  case factorial = "x!"
  case tangent = "tan"
  case cosine = "cos"
  case sine = "sin"
  case arcTangent = "atan"
  case arcTangent2 = "atan2"
  case arcCosine = "acos"
  case arcSine = "asin"
  case hyperbolicTangent = "tanh"
  case hyperbolicCosine = "cosh"
  case hyperbolicSine = "sinh"
  case hyperbolicArcTangent = "atanh"
  case hyperbolicArcCosine = "acosh"
  case hyperbolicArcSine = "asinh"
  case swap
  case drop
  case duplicate = "dup"
  case over
  case absolute = "abs"
  case leftShift = "<<"
  case rightShift = ">>"
  case bitwiseAnd = "&"
  case bitwiseOr = "|"
  case and = "&&"
  case or = "||"
  case not = "!"
  case isEqual = "=="
  case isNotEqual = "!="
  case isGreater = ">"
  case isGreaterOrEqual = ">="
  case isLess = "<"
  case isLessOrEqual = "<="
  case minimum = "min"
  case maximum = "max"
  case integerPart = "int"
  case integerQuotient = "div"
}
