import CCSDSWire

/// Calibrators, labels and times.
extension PlanCompiler {
  /// Exponents up to this become a polynomial without gaps.
  private static let denseExponent = 16

  /// The contexts of one type have no more parts than this: they are tested for every value.
  private static let contextPartCapacity: Int32 = 1_024

  /// All that makes an engineering value of a number of a type: a place in `conversions`.
  mutating func conversion(of type: ParameterType, _ index: TypeIndex) throws(DatabaseProblem) -> Int32 {
    var calibration = type.calibration
    let result: Conversion.Result
    switch type.kind {
    case .integer(let isSigned, _): result = .integer(isSigned: isSigned)
    case .float: result = .float
    case .enumerated:
      // What is a label is not calibrated.
      calibration = Calibration()
      result = .label(labelTable(of: index))
    case .boolean:
      calibration = Calibration()
      result = .boolean
    case .absoluteTime(let scale): result = .time(try time(scale, of: type))
    case .relativeTime(let scale, let offset):
      tables.times.append(TimeScaling(origin: .unknown, scale: scale, offset: offset))
      result = .time(Int32(tables.times.count - 1))
    case .string, .binary, .aggregate, .array: result = .none
    }
    var contexts: [CompiledContext] = []
    var weight: Int32 = 0
    for context in calibration.contexts {
      let (criterion, contextWeight) = try self.criterion(context.criterion, at: type.place)
      weight &+= contextWeight
      guard weight <= Self.contextPartCapacity else {
        throw problem(
          "context calibrators with more than \(Self.contextPartCapacity) parts of criteria", at: type.place,
          "ContextCalibratorList")
      }
      contexts.append(
        CompiledContext(criterion: criterion, calibrator: try calibrator(context.calibrator, of: type)))
    }
    var standard: Int32 = -1
    if let calibrator = calibration.standard { standard = try self.calibrator(calibrator, of: type) }
    let conversion = Conversion(
      firstContext: Int32(tables.contexts.count), contextCount: Int32(contexts.count), standard: standard,
      result: result)
    tables.contexts += contexts
    tables.conversions.append(conversion)
    return Int32(tables.conversions.count - 1)
  }

  // MARK: Calibrators

  private mutating func calibrator(_ calibrator: Calibrator, of type: ParameterType) throws(DatabaseProblem) -> Int32 {
    let compiled: CompiledCalibrator
    switch calibrator {
    case .polynomial(let terms):
      if let dense = Self.coefficients(terms) {
        compiled = .polynomial(first: Int32(tables.coefficients.count), count: Int32(dense.count))
        tables.coefficients += dense.reversed()
      } else {
        compiled = .terms(first: Int32(tables.terms.count), count: Int32(terms.count))
        tables.terms += terms
      }
    case .spline(let points, let order, let extrapolates):
      try check(points, order: order, of: type)
      compiled = .spline(
        first: Int32(tables.points.count), count: Int32(points.count), order: order, extrapolates: extrapolates)
      tables.points += points
    case .mathOperation(let steps):
      compiled = .mathOperation(first: Int32(tables.mathSteps.count), count: Int32(steps.count))
      // Operands of the steps take no room in the table of steps, so that they stay one behind the other.
      let compiledSteps = try mathSteps(steps, of: type)
      tables.mathSteps += compiledSteps
    }
    tables.calibrators.append(compiled)
    return Int32(tables.calibrators.count - 1)
  }

  /// The coefficients from that of exponent zero on; nil where exponents are negative or far apart.
  static func coefficients(_ terms: [PolynomialTerm]) -> [Double]? {
    guard terms.allSatisfy({ 0...denseExponent ~= $0.exponent }) else { return nil }
    var dense: [Double] = Array(repeating: 0, count: 1 + (terms.map(\.exponent).max() ?? 0))
    for term in terms { dense[term.exponent] += term.coefficient }
    return dense
  }

  private func check(_ points: [SplinePoint], order: Int, of type: ParameterType) throws(DatabaseProblem) {
    let orders = [order] + points.compactMap(\.order)
    guard orders.allSatisfy({ 0...1 ~= $0 }) else {
      throw problem(
        "a spline of order \(orders.max() ?? 0)", at: type.place, "SplineCalibrator",
        hint: "order 0 is a staircase, order 1 straight lines; others are not supported")
    }
    guard !points.isEmpty, zip(points, points.dropFirst()).allSatisfy({ $0.raw < $1.raw }) else {
      throw problem("points that are none, or not in ascending order", at: type.place, "SplineCalibrator")
    }
  }

  private mutating func mathSteps(
    _ steps: [MathStep], of type: ParameterType
  ) throws(DatabaseProblem) -> [CompiledMathStep] {
    var compiled: [CompiledMathStep] = []
    var depth = 0
    for step in steps {
      switch step {
      case .value(let value): compiled.append(.value(value))
      case .thisParameter: compiled.append(.thisParameter)
      case .parameter(let reference, let usesCalibrated):
        compiled.append(.memory(try memory(of: reference, at: type.place), usesCalibrated: usesCalibrated))
      case .operation(let operation): compiled.append(.operation(operation))
      }
      let effect: (taken: Int, put: Int)
      if case .operation(let operation) = step { effect = operation.stackEffect } else { effect = (0, 1) }
      guard depth >= effect.taken, depth - effect.taken + effect.put <= PlanTables.mathStackCapacity else {
        throw problem(
          "its stack runs empty, or deeper than \(PlanTables.mathStackCapacity)", at: type.place,
          "MathOperationCalibrator")
      }
      depth += effect.put - effect.taken
    }
    guard depth == 1 else {
      throw problem("it leaves \(depth) numbers and not one", at: type.place, "MathOperationCalibrator")
    }
    return compiled
  }

  // MARK: Labels

  /// The labels of a type.
  mutating func labels(of type: TypeIndex) -> DistinctLabels {
    if let labels = labelsByType[type] { return labels }
    let labels = DistinctLabels(database.types[type.value].kind)
    labelsByType[type] = labels
    return labels
  }

  /// The place in `labelTables` of the labels of an enumeration.
  mutating func labelTable(of type: TypeIndex) -> Int32 {
    if let place = labelPlaces[type] { return place }
    let labels = self.labels(of: type)
    var ranges: [(values: ClosedRange<Int64>, label: Int32)] = []
    if case .enumerated(let enumerated) = database.types[type.value].kind {
      ranges = enumerated.map { ($0.values, labels.place(of: $0.label) ?? 0) }
    }
    let place = Int32(tables.labelTables.count)
    tables.append(ranges)
    labelPlaces[type] = place
    return place
  }

  // MARK: Times

  private mutating func time(_ scale: AbsoluteTimeScale, of type: ParameterType) throws(DatabaseProblem) -> Int32 {
    let origin: TimeScaling.Origin
    switch scale.origin {
    case .epoch(let seconds, let nanoseconds, let isUniform):
      guard let instant = TAIInstant(seconds: seconds, nanoseconds: Int64(nanoseconds)),
        let uniform = instant.nanosecondsSince1958, let unix = tables.leapSeconds.unixNanoseconds(of: instant)
      else {
        throw problem(
          "an epoch that lies too far away", at: type.place, "Epoch", hint: "times reach from the year 1666 to 2250")
      }
      origin = isUniform ? .uniform(nanoseconds: uniform) : .coordinated(unixNanoseconds: unix)
    case .offset(let reference): origin = .memory(try memory(of: reference, at: type.place))
    case .unknown: origin = .unknown
    }
    tables.times.append(TimeScaling(origin: origin, scale: scale.scale, offset: scale.offset))
    return Int32(tables.times.count - 1)
  }
}
