/// What types take over from those that they are derived from: what those have read is shared, and never read again.
extension XTCEReader {
  /// The type that a type is derived from, which was read before.
  func base(_ chain: TypeChain) -> ParameterType? {
    chain.bases.first.flatMap { places.types[$0] }.flatMap { types[$0] }
  }

  /// Whether the labels of a type are those of its base.
  func inheritsLabels(_ chain: TypeChain) -> Bool {
    let own = chain.own.element
    return own["oneStringValue"] == nil && own["zeroStringValue"] == nil
      && chain.child("EnumerationList")?.isInherited != false
  }

  /// Counts what a type says, what it inherits included: shared or not, each type is made into a plan of its own.
  func countParts(of type: ParameterType, at place: Int, _ element: XMLElement) {
    let count = type.partCount
    partCountOfType[place] = count
    guard count <= Limits.totalPartCount - partCount else { return refuseParts(element) }
    partCount += count
  }

  /// Whether there is room for what a type inherits; nothing more is read of it where there is none.
  func hasRoomForInherited(_ chain: TypeChain) -> Bool {
    guard let base = chain.bases.first.flatMap({ places.types[$0] }),
      partCountOfType[base] > Limits.totalPartCount - partCount
    else { return true }
    refuseParts(chain.own.element)
    return false
  }

  private func refuseParts(_ element: XMLElement) {
    refuse(
      element,
      "with it all types have more than \(Limits.totalPartCount) labels, members, parts of calibrators and of alarms",
      hint: "what a type inherits counts as its own")
  }
}

extension ParameterType {
  /// Labels, members, and all that calibrators, alarms and sizes are made of.
  fileprivate var partCount: Int {
    var count = 0
    switch kind {
    case .enumerated(let ranges): count += ranges.count
    case .aggregate(let members): count += members.count
    case .array(_, let dimensions):
      for dimension in dimensions { count += dimension.startingIndex.partCount + dimension.endingIndex.partCount }
    case .integer, .float, .boolean, .string, .binary, .absoluteTime, .relativeTime: break
    }
    switch encoding {
    case .string(let encoding): count += encoding.bitCount?.partCount ?? 0
    case .binary(let bitCount): count += bitCount.partCount
    case .integer, .float, nil: break
    }
    count += calibration.standard?.partCount ?? 0
    for context in calibration.contexts { count += context.criterion.partCount + context.calibrator.partCount }
    count += alarms?.standard?.partCount ?? 0
    for context in alarms?.contexts ?? [] { count += context.criterion.partCount + context.rule.partCount }
    return count
  }
}

extension Calibrator {
  fileprivate var partCount: Int {
    switch self {
    case .polynomial(let terms): terms.count
    case .spline(let points, _, _): points.count
    case .mathOperation(let steps): steps.count
    }
  }
}

extension AlarmRule {
  fileprivate var partCount: Int {
    tests.reduce(1) { count, test in
      if case .condition(let criterion, _) = test { count + criterion.partCount } else { count + 1 }
    }
  }
}

extension Criterion {
  fileprivate var partCount: Int {
    switch self {
    case .comparison: 1
    case .all(let criteria), .any(let criteria): criteria.reduce(1) { $0 + $1.partCount }
    case .exclusive(let left, let right): 1 + left.partCount + right.partCount
    }
  }
}

extension IntegerValue {
  fileprivate var partCount: Int {
    switch self {
    case .fixed, .dynamic: 0
    case .lookup(let lookups, _): lookups.reduce(0) { $0 + $1.criterion.partCount }
    }
  }
}
