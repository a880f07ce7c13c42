/// Why a value is what it is: which bits, read how, and what became of them.
package struct ValueExplanation: Equatable, Sendable {
  /// Such as `bits 96..<108`.
  package var bits: String
  /// Such as `unsigned, 12 bits`.
  package var encoding: String
  /// Such as `-5 + 0.01 x`; empty where the raw value is the engineering value.
  package var rule: String
  /// Where the type of the value stands in the database, which the rule is of.
  package var place: DatabasePlace
  /// Where its parameter stands.
  package var parameterPlace: DatabasePlace
}

/// Puts into words how a packet was decoded. It needs the database that the plan was made of.
package struct DecodeExplanation {
  private let plan: DecodePlan
  private let database: MissionDatabase
  private let words: DatabaseWords

  package init(_ plan: DecodePlan, of database: MissionDatabase) {
    self.plan = plan
    self.database = database
    words = DatabaseWords(database)
  }

  /// Why a sample is what it is.
  ///
  /// - Parameter index: Its place among the samples of the packet that the trace is of.
  package func explanation(of sample: ParameterSample, at index: Int, _ trace: DecodeTrace) -> ValueExplanation {
    let slot = plan.slots[Int(sample.slot)]
    let type = database.types[slot.type.value]
    let end = sample.bitOffset + sample.bitCount
    return ValueExplanation(
      bits: sample.bitCount == 1 ? "bit \(sample.bitOffset)" : "bits \(sample.bitOffset)..<\(end)",
      encoding: type.encoding.map { "\(words.text(of: $0)), \(sample.bitCount) bits" } ?? "",
      rule: rule(of: type, sample, trace.calibration(ofSample: index)), place: type.place,
      parameterPlace: database.parameters[slot.reference.parameter.value].place)
  }

  /// What was decided at a step, such as `/SAT/HK, as PKT_APID == 5`.
  package func text(of step: DecodeTrace.Step) -> String {
    switch step {
    case .container(let index, let holds):
      let container = database.containers[index.value]
      let criterion = container.base?.criterion.map { words.text(of: $0) }
      return "container \(container.path): \(criterion ?? "always") \(Self.word(for: holds))"
    case .entry(let index, let number, let holds):
      let container = database.containers[index.value]
      let criterion = container.entries[number].condition.map { words.text(of: $0) }
      return "entry \(number + 1) of \(container.path): \(criterion ?? "always") \(Self.word(for: holds))"
    }
  }

  /// What a step asked for: each parameter once, and whether its engineering value or the raw one was.
  package func operands(of step: DecodeTrace.Step) -> [(parameter: ParameterReference, usesCalibrated: Bool)] {
    let criterion =
      switch step {
      case .container(let index, _): database.containers[index.value].base?.criterion
      case .entry(let index, let number, _): database.containers[index.value].entries[number].condition
      }
    var operands: [(parameter: ParameterReference, usesCalibrated: Bool)] = []
    for comparison in criterion?.comparisons ?? [] {
      var asked = [(comparison.parameter, comparison.usesCalibrated)]
      if case .parameter(let other, let usesCalibrated) = comparison.operand { asked.append((other, usesCalibrated)) }
      for (parameter, usesCalibrated) in asked where !operands.contains(where: { $0.parameter == parameter }) {
        operands.append((parameter, usesCalibrated))
      }
    }
    return operands
  }

  /// A parameter or a part of one, without the space systems around it.
  package func name(of reference: ParameterReference) -> String { words.name(of: reference) }

  private static func word(for holds: Bool?) -> String {
    switch holds {
    case true?: "holds"
    case false?: "does not hold"
    case nil: "cannot be known"
    }
  }

  private func rule(of type: ParameterType, _ sample: ParameterSample, _ choice: CalibrationChoice?) -> String {
    if sample.validity == .noLabel { return "no label" }
    if sample.validity == .notCalibrated { return "no value" }
    switch type.kind {
    case .enumerated: return "label of \(RawNumber(form: sample.rawForm, bits: sample.rawBits).integer ?? 0)"
    case .boolean, .string, .binary, .aggregate, .array: return ""
    case .absoluteTime(let scale):
      let step = "\(DatabaseWords.number(scale.scale)) s each"
      return scale.offset == 0
        ? "\(step), from its epoch on" : "\(step), from \(Self.duration(scale.offset)) behind its epoch"
    case .relativeTime(let scale, let offset):
      let step = "\(DatabaseWords.number(scale)) s each"
      return offset == 0 ? step : "\(step), from \(Self.duration(offset)) on"
    case .integer, .float: break
    }
    let calibration = type.calibration
    switch choice {
    case .context(let index)? where calibration.contexts.indices.contains(index):
      let context = calibration.contexts[index]
      return "\(words.text(of: context.calibrator))\(words.rounding(of: type)), as \(words.text(of: context.criterion))"
    case .identity?: return ""
    case .standard?, .context?, nil:
      return calibration.standard.map { words.text(of: $0) + words.rounding(of: type) } ?? ""
    }
  }

  /// Seconds, and days where they are many.
  private static func duration(_ seconds: Double) -> String {
    let text = "\(DatabaseWords.number(seconds)) s"
    guard seconds.magnitude >= 172_800 else { return text }
    let days = (seconds / 86_400 * 1000).rounded(.toNearestOrAwayFromZero) / 1000
    return "\(DatabaseWords.number(days)) days (\(text))"
  }
}

extension Criterion {
  /// All comparisons in it, in the order in which they are written.
  fileprivate var comparisons: [Comparison] {
    switch self {
    case .comparison(let comparison): [comparison]
    case .all(let criteria), .any(let criteria): criteria.flatMap(\.comparisons)
    case .exclusive(let left, let right): left.comparisons + right.comparisons
    }
  }
}
