import CMath

extension PlanTables {
  /// As deep as a stack may become; a deeper one is refused when the plan is made.
  static let mathStackCapacity = 32
}

/// Math operations: a stack machine whose stack is known never to run empty or over.
extension DecodePlan {
  /// What a math operation leaves; nil where an operand is not known.
  func mathOperation(_ raw: Double, _ steps: Range<Int>, _ memory: borrowing ValueMemory) -> Double? {
    var stack = InlineArray<32, Double>(repeating: 0)
    var count = 0
    for step in steps {
      switch tables.mathSteps[step] {
      case .value(let value):
        stack[count] = value
        count += 1
      case .thisParameter:
        stack[count] = raw
        count += 1
      case .memory(let place, let usesCalibrated):
        guard let number = memory.number(place, usesCalibrated: usesCalibrated) else { return nil }
        stack[count] = number.value
        count += 1
      case .operation(let operation):
        operation.apply(to: &stack, &count)
      }
    }
    return stack[count - 1]
  }
}

extension MathOperator {
  /// How many numbers it takes from the stack, and how many it puts there.
  var stackEffect: (taken: Int, put: Int) {
    switch self {
    case .swap: (2, 2)
    case .drop: (1, 0)
    case .duplicate: (1, 2)
    case .over: (2, 3)
    case .naturalLogarithm, .logarithm, .exponential, .reciprocal, .factorial, .tangent, .cosine, .sine, .arcTangent,
      .arcCosine, .arcSine, .hyperbolicTangent, .hyperbolicCosine, .hyperbolicSine, .hyperbolicArcTangent,
      .hyperbolicArcCosine, .hyperbolicArcSine, .absolute, .not, .integerPart:
      (1, 1)
    case .plus, .minus, .times, .divided, .modulo, .power, .reversePower, .arcTangent2, .leftShift, .rightShift,
      .bitwiseAnd, .bitwiseOr, .and, .or, .isEqual, .isNotEqual, .isGreater, .isGreaterOrEqual, .isLess,
      .isLessOrEqual, .minimum, .maximum, .integerQuotient:
      (2, 1)
    }
  }

  fileprivate func apply(to stack: inout InlineArray<32, Double>, _ count: inout Int) {
    let top = stack[count - 1]
    switch self {
    case .drop: count -= 1
    case .duplicate:
      stack[count] = top
      count += 1
    case .over:
      stack[count] = stack[count - 2]
      count += 1
    case .swap:
      stack[count - 1] = stack[count - 2]
      stack[count - 2] = top
    default:
      if stackEffect.taken == 1 {
        stack[count - 1] = ofOne(top)
      } else {
        count -= 1
        stack[count - 1] = ofTwo(stack[count - 1], top)
      }
    }
  }

  /// What an operator makes of one number; NaN where there is nothing to make of it.
  private func ofOne(_ x: Double) -> Double {
    switch self {
    case .naturalLogarithm: log(x)
    case .logarithm: log10(x)
    case .exponential: exp(x)
    case .reciprocal: 1 / x
    case .factorial: Self.factorial(x)
    case .tangent: tan(x)
    case .cosine: cos(x)
    case .sine: sin(x)
    case .arcTangent: atan(x)
    case .arcCosine: acos(x)
    case .arcSine: asin(x)
    case .hyperbolicTangent: tanh(x)
    case .hyperbolicCosine: cosh(x)
    case .hyperbolicSine: sinh(x)
    case .hyperbolicArcTangent: atanh(x)
    case .hyperbolicArcCosine: acosh(x)
    case .hyperbolicArcSine: asinh(x)
    case .absolute: abs(x)
    case .not: Self.number(x == 0)
    case .integerPart: trunc(x)
    default: .nan
    }
  }

  /// What an operator makes of two numbers, the deeper one first.
  private func ofTwo(_ x1: Double, _ x2: Double) -> Double {
    switch self {
    case .plus: x1 + x2
    case .minus: x1 - x2
    case .times: x1 * x2
    case .divided: x1 / x2
    case .modulo: fmod(x1, x2)
    case .power: pow(x1, x2)
    case .reversePower: pow(x2, x1)
    // The top is the ordinate, as the schema says it.
    case .arcTangent2: atan2(x2, x1)
    case .leftShift: Self.ofIntegers(x1, x2) { $1 < 0 || $1 > 63 ? nil : $0 << $1 }
    case .rightShift: Self.ofIntegers(x1, x2) { $1 < 0 || $1 > 63 ? nil : $0 >> $1 }
    case .bitwiseAnd: Self.ofIntegers(x1, x2) { $0 & $1 }
    case .bitwiseOr: Self.ofIntegers(x1, x2) { $0 | $1 }
    case .and: Self.number(x1 != 0 && x2 != 0)
    case .or: Self.number(x1 != 0 || x2 != 0)
    case .isEqual: Self.number(x1 == x2)
    case .isNotEqual: Self.number(x1 != x2)
    case .isGreater: Self.number(x1 > x2)
    case .isGreaterOrEqual: Self.number(x1 >= x2)
    case .isLess: Self.number(x1 < x2)
    case .isLessOrEqual: Self.number(x1 <= x2)
    case .minimum: x1.isNaN || x2.isNaN ? .nan : min(x1, x2)
    case .maximum: x1.isNaN || x2.isNaN ? .nan : max(x1, x2)
    // Euclid's: what is left is never below zero.
    case .integerQuotient: x2 < 0 ? ceil(x1 / x2) : floor(x1 / x2)
    default: .nan
    }
  }

  private static func number(_ holds: Bool) -> Double { holds ? 1 : 0 }

  /// Of integers alone; numbers with a fraction, and those beyond 64 bits, have no bits to work on.
  private static func ofIntegers(_ x1: Double, _ x2: Double, _ work: (Int64, Int64) -> Int64?) -> Double {
    guard let x1 = Int64(exactly: x1), let x2 = Int64(exactly: x2) else { return .nan }
    return work(x1, x2).map { Double($0) } ?? .nan
  }

  /// From 171 on it is no finite number any more, and below zero and between integers there is none.
  private static func factorial(_ x: Double) -> Double {
    guard let count = Int(exactly: x), 0...170 ~= count else { return .nan }
    var product = 1.0
    for factor in 0..<count { product *= Double(factor + 1) }
    return product
  }
}
