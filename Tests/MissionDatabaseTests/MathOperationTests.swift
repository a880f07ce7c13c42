import MissionDatabase
import Testing

@Suite("Math operations")
struct MathOperationTests {
  /// What steps leave for a raw value; nil where there is no value.
  private func calculate(_ raw: Int32, _ steps: [MathStep]) throws -> Double? {
    var maker = DatabaseMaker()
    let type = maker.type(
      .float(bitCount: 64), .integer(IntegerEncoding(bitCount: 32, representation: .twosComplement)))
    maker.database.types[type.value].calibration.standard = .mathOperation(steps)
    let value = maker.parameter("VALUE", type)
    _ = maker.container("Packet", [entry(value)])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: raw >> Int32(24 - 8 * $0)) }
    guard case .number(let number)? = decoder.decoded(bytes)["VALUE"] else { return nil }
    return number
  }

  /// x1, the deeper one, and x2.
  private func binary(_ operation: MathOperator, _ x1: Double, _ x2: Double) throws -> Double? {
    try calculate(0, [.value(x1), .value(x2), .operation(operation)])
  }

  @Test(
    "two numbers, the deeper one first",
    arguments: [
      (MathOperator.plus, 7.0, 2.0, 9.0), (.minus, 7, 2, 5), (.times, 7, 2, 14), (.divided, 7, 2, 3.5),
      (.modulo, 7, 2, 1), (.modulo, -7, 2, -1), (.power, 3, 2, 9), (.reversePower, 3, 2, 8),
      (.leftShift, 3, 4, 48), (.rightShift, 48, 4, 3), (.bitwiseAnd, 12, 10, 8), (.bitwiseOr, 12, 10, 14),
      (.and, 1, 0, 0), (.and, 2, 3, 1), (.or, 0, 0, 0), (.or, 0, 5, 1),
      (.isEqual, 2, 2, 1), (.isNotEqual, 2, 2, 0), (.isGreater, 3, 2, 1), (.isGreaterOrEqual, 2, 2, 1),
      (.isLess, 3, 2, 0), (.isLessOrEqual, 2, 2, 1), (.minimum, 3, 2, 2), (.maximum, 3, 2, 3),
      // 7 = 2 · 3 + 1, −7 = 2 · −4 + 1, 7 = −2 · −3 + 1, −7 = −2 · 4 + 1.
      (.integerQuotient, 7, 2, 3), (.integerQuotient, -7, 2, -4), (.integerQuotient, 7, -2, -3),
      (.integerQuotient, -7, -2, 4),
      // The top is the ordinate: a quarter of a circle for (0, 1).
      (.arcTangent2, 0, 1, 1.5707963267948966), (.arcTangent2, 1, 0, 0),
    ])
  func ofTwo(operation: MathOperator, x1: Double, x2: Double, expected: Double) throws {
    #expect(try binary(operation, x1, x2) == expected)
  }

  @Test(
    "one number",
    arguments: [
      (MathOperator.naturalLogarithm, 1, 0.0), (.logarithm, 1000, 3), (.exponential, 0, 1), (.reciprocal, 4, 0.25),
      (.factorial, 5, 120), (.factorial, 0, 1), (.tangent, 0, 0), (.cosine, 0, 1), (.sine, 0, 0), (.arcTangent, 0, 0),
      (.arcCosine, 1, 0), (.arcSine, 0, 0), (.hyperbolicTangent, 0, 0), (.hyperbolicCosine, 0, 1),
      (.hyperbolicSine, 0, 0), (.hyperbolicArcTangent, 0, 0), (.hyperbolicArcCosine, 1, 0), (.hyperbolicArcSine, 0, 0),
      (.absolute, -3, 3), (.not, 0, 1), (.not, 7, 0), (.integerPart, -3, -3),
    ])
  func ofOne(operation: MathOperator, raw: Int32, expected: Double) throws {
    #expect(try calculate(raw, [.thisParameter, .operation(operation)]) == expected)
  }

  @Test("the integer part drops the fraction towards zero")
  func integerPart() throws {
    #expect(try calculate(0, [.value(-3.7), .operation(.integerPart)]) == -3)
  }

  @Test("steps that move the stack")
  func stack() throws {
    #expect(try calculate(0, [.value(1), .value(2), .operation(.swap), .operation(.minus)]) == 1)
    #expect(try calculate(0, [.value(1), .value(2), .operation(.drop)]) == 1)
    #expect(try calculate(5, [.thisParameter, .operation(.duplicate), .operation(.times)]) == 25)
    // 1 2 1: 2 − 1 = 1, 1 · 1 … as 1 − (2 − 1) = 0.
    #expect(
      try calculate(0, [.value(1), .value(2), .operation(.over), .operation(.minus), .operation(.minus)]) == 0)
  }

  @Test(
    "what has no value has none",
    arguments: [
      (MathOperator.divided, 1.0, 0.0), (.modulo, 1, 0), (.integerQuotient, 1, 0), (.leftShift, 1, 64),
      (.leftShift, 1, -1), (.rightShift, 1, 1e30), (.bitwiseAnd, 0.5, 1), (.bitwiseOr, 1e300, 1), (.power, -1, 0.5),
      (.power, 1e300, 2),
    ])
  func undefinedOfTwo(operation: MathOperator, x1: Double, x2: Double) throws {
    #expect(try binary(operation, x1, x2) == nil)
  }

  @Test(
    "the same of one number: a factorial of a million ends at once",
    arguments: [
      (MathOperator.factorial, Int32(1_000_000)), (.factorial, 171), (.factorial, -1), (.naturalLogarithm, -1),
      (.naturalLogarithm, 0), (.logarithm, -5), (.reciprocal, 0), (.arcSine, 2), (.arcCosine, -2),
      (.hyperbolicArcCosine, 0), (.hyperbolicArcTangent, 1), (.exponential, 1000),
    ])
  func undefinedOfOne(operation: MathOperator, raw: Int32) throws {
    #expect(try calculate(raw, [.thisParameter, .operation(operation)]) == nil)
  }

  @Test("every operator is decided for every pair of awkward numbers")
  func neverTraps() throws {
    let awkward: [Double] = [0, -1, 0.5, 63, 64, 1e19, -1e19, 1e308, .leastNonzeroMagnitude]
    for operation in MathOperator.allCases {
      for x1 in awkward {
        for x2 in awkward {
          let pair: [MathStep] = [.value(x1), .value(x2), .operation(operation)]
          // What is left is made one number, whatever the operator took and put.
          let rest: [MathStep]
          switch operation {
          case .drop: rest = []
          case .swap: rest = [.operation(.plus)]
          case .duplicate, .over: rest = [.operation(.plus), .operation(.plus)]
          default: rest = (try? calculate(1, pair)) != nil ? [] : [.operation(.plus)]
          }
          _ = try? calculate(1, pair + rest)
        }
      }
    }
  }

  @Test("another parameter is an operand, by its engineering or its raw value; unknown, there is no value")
  func operands() throws {
    var maker = DatabaseMaker()
    let offsetType = maker.calibrated(8, .polynomial([PolynomialTerm(exponent: 1, coefficient: 0.5)]))
    let offset = maker.parameter("OFFSET", offsetType)
    let types = [true, false].map { usesCalibrated in
      maker.calibrated(
        8,
        .mathOperation([
          .thisParameter, .parameter(ParameterReference(offset), usesCalibrated: usesCalibrated), .operation(.plus),
        ]))
    }
    let values = [maker.parameter("FIRST", types[0]), maker.parameter("SECOND", types[1])]
    _ = maker.container("Packet", [entry(values[0]), entry(offset), entry(values[1])])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let first = decoder.decoded([1, 10, 100])
    #expect(first["FIRST"] == Value.none)
    #expect(first["SECOND"] == .number(110))
    // The offset of the packet before is known now, until the one of this packet comes.
    let second = decoder.decoded([1, 20, 100])
    #expect(second["FIRST"] == .number(6))
    #expect(second["SECOND"] == .number(120))
  }

  @Test(
    "a stack that runs empty, or over, or does not end with one number is refused when the plan is made",
    arguments: [
      [MathStep.operation(.plus)], [.thisParameter, .operation(.plus)], [.thisParameter, .thisParameter], [],
      Array(repeating: MathStep.thisParameter, count: 33) + Array(repeating: .operation(.plus), count: 32),
    ])
  func refusesStacks(steps: [MathStep]) {
    #expect(throws: DatabaseErrors.self) { try calculate(1, steps) }
  }

  @Test("a stack as deep as it may be")
  func deepStack() throws {
    let steps =
      Array(repeating: MathStep.thisParameter, count: 32) + Array(repeating: .operation(.plus), count: 31)
    #expect(try calculate(2, steps) == 64)
  }
}
