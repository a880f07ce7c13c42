/// Calibrators, which numbers have; the standard ignores those of other kinds of values.
extension XTCEReader {
  func readCalibration(_ link: TypeChain.Link, _ kind: EngineeringKind) -> Calibration {
    var calibration = Calibration()
    let element = link.element
    guard element.name == "IntegerDataEncoding" || element.name == "FloatDataEncoding" else { return calibration }
    switch kind {
    case .integer, .float, .absoluteTime, .relativeTime: break
    case .enumerated, .boolean, .string, .binary, .aggregate, .array:
      if let calibrator = element.child("DefaultCalibrator") ?? element.child("ContextCalibratorList") {
        warn(calibrator, "only numbers and times are calibrated: this is ignored")
      }
      return calibration
    }
    if let standard = element.child("DefaultCalibrator") {
      calibration.standard = readCalibrator(standard, link.system)
    }
    guard let list = element.child("ContextCalibratorList") else { return calibration }
    for child in list.children where child.name == "ContextCalibrator" {
      guard let match = child.child("ContextMatch"), let inner = child.child("Calibrator") else {
        refuse(child, "it has no <ContextMatch> with a <Calibrator>")
        continue
      }
      guard let criterion = readCriterion(match, from: link.system) else { continue }
      guard let calibrator = readCalibrator(inner, link.system) else { continue }
      calibration.contexts.append(ContextCalibrator(criterion: criterion, calibrator: calibrator))
    }
    return calibration
  }

  private func readCalibrator(_ element: XMLElement, _ system: Int) -> Calibrator? {
    for child in element.children {
      switch child.name {
      case "PolynomialCalibrator": return readPolynomial(child)
      case "SplineCalibrator": return readSpline(child)
      case "MathOperationCalibrator": return readMathOperation(child, system).map(Calibrator.mathOperation)
      case "AncillaryDataSet": continue
      default:
        refuse(child, "there is no such calibrator in XTCE")
        return nil
      }
    }
    refuse(element, "it has no calibrator in it")
    return nil
  }

  private func readPolynomial(_ element: XMLElement) -> Calibrator? {
    var terms: [PolynomialTerm] = []
    for child in element.children where child.name == "Term" {
      guard let coefficient = number("coefficient", of: child), let power = number("exponent", of: child) else {
        return nil
      }
      guard let exponent = Int(exactly: power), 0...Limits.exponent ~= exponent else {
        refuse(child, "`exponent` is \(power), and whole ones from 0 to \(Limits.exponent) are supported")
        return nil
      }
      terms.append(PolynomialTerm(exponent: exponent, coefficient: coefficient))
    }
    guard 1...Limits.termCount ~= terms.count else {
      refuse(element, "it has \(terms.count) terms, and 1 to \(Limits.termCount) are supported")
      return nil
    }
    return .polynomial(terms)
  }

  /// The order is 1 where none is written, as the schema says; some implementations take 0.
  private func readSpline(_ element: XMLElement) -> Calibrator? {
    guard let order = integer("order", of: element, default: 1, in: 0...1),
      let extrapolates = boolean("extrapolate", of: element, default: false)
    else { return nil }
    var points: [SplinePoint] = []
    for child in element.children where child.name == "SplinePoint" {
      guard let raw = number("raw", of: child), let calibrated = number("calibrated", of: child) else { return nil }
      var pointOrder: Int?
      if child["order"] != nil {
        guard let order = integer("order", of: child, in: 0...1) else { return nil }
        pointOrder = order
      }
      points.append(SplinePoint(raw: raw, calibrated: calibrated, order: pointOrder))
    }
    guard 1...Limits.splinePointCount ~= points.count else {
      refuse(element, "it has \(points.count) points, and 1 to \(Limits.splinePointCount) are supported")
      return nil
    }
    points.sort { $0.raw < $1.raw }
    for (left, right) in zip(points, points.dropFirst()) where left.raw == right.raw {
      refuse(element, "two of its points are at raw \(left.raw), so that the value there is not known")
      return nil
    }
    return .spline(points, order: order, extrapolates: extrapolates)
  }

  // MARK: Math operations

  /// Angles are radians, as XTCE 1.2 says and others read it in databases of 1.1 too, which said degrees.
  ///
  /// - Returns: Steps of which it is known that each finds what it takes, and that one number is left.
  private func readMathOperation(_ element: XMLElement, _ system: Int) -> [MathStep]? {
    var steps: [MathStep] = []
    var height = 0
    for child in element.children where child.name != "AncillaryDataSet" {
      guard let step = readMathStep(child, system) else { return nil }
      let (taken, put) = step.stackEffect
      guard height >= taken else {
        refuse(child, "it takes \(taken) numbers, and the steps before it leave \(height)")
        return nil
      }
      height += put - taken
      guard height <= PlanTables.mathStackCapacity else {
        refuse(child, "with it there are more than \(PlanTables.mathStackCapacity) numbers at once")
        return nil
      }
      steps.append(step)
      guard steps.count <= Limits.mathStepCount else {
        refuse(element, "it has more than \(Limits.mathStepCount) steps")
        return nil
      }
    }
    guard height == 1 else {
      refuse(element, "it leaves \(height) numbers, and it should leave one")
      return nil
    }
    return steps
  }

  private func readMathStep(_ element: XMLElement, _ system: Int) -> MathStep? {
    switch element.name {
    case "ValueOperand":
      if let value = Literal.number(element.text) { return .value(value) }
      refuse(element, "\"\(element.text.shortened)\" is not a number")
    case "ThisParameterOperand": return .thisParameter
    case "ParameterInstanceRefOperand":
      guard let instance = readInstance(element, from: system), isNumber(instance, element) else { return nil }
      return .parameter(instance.target.reference, usesCalibrated: instance.usesCalibrated)
    case "Operator":
      if let operation = MathOperator(rawValue: element.text) { return .operation(operation) }
      refuse(element, "operator \"\(element.text.shortened)\" is not supported")
    default: refuse(element, "there is no such operand in XTCE")
    }
    return nil
  }
}

extension MathStep {
  /// How many numbers it takes from the stack, and how many it puts there.
  fileprivate var stackEffect: (taken: Int, put: Int) {
    switch self {
    case .value, .thisParameter, .parameter: (0, 1)
    case .operation(let operation): operation.stackEffect
    }
  }
}
