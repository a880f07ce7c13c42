/// Why a value is what it is: which bits, read how, and what became of them.
package struct ValueExplanation: Equatable, Sendable {
  /// Such as `bits 96..<108`.
  package var bits: String
  /// Such as `unsigned, 12 bits`.
  package var encoding: String
  /// Such as `-5 + 0.01 x`; empty where the raw value is the engineering value.
  package var rule: String
  /// Where the type of the value stands in the database.
  package var place: DatabasePlace
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
    let type = database.types[plan.slots[Int(sample.slot)].type.value]
    let end = sample.bitOffset + sample.bitCount
    return ValueExplanation(
      bits: sample.bitCount == 1 ? "bit \(sample.bitOffset)" : "bits \(sample.bitOffset)..<\(end)",
      encoding: type.encoding.map { "\(words.text(of: $0)), \(sample.bitCount) bits" } ?? "",
      rule: rule(of: type, sample, trace.calibration(ofSample: index)), place: type.place)
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
    case .absoluteTime(let scale): return "\(scale.scale) s each, from \(scale.offset) s behind its epoch"
    case .relativeTime(let scale, let offset): return "\(scale) s each, from \(offset) s on"
    case .integer, .float: break
    }
    let calibration = type.calibration
    switch choice {
    case .context(let index)? where calibration.contexts.indices.contains(index):
      let context = calibration.contexts[index]
      return "\(words.text(of: context.calibrator)), as \(words.text(of: context.criterion))"
    case .identity?: return ""
    case .standard?, .context?, nil: return calibration.standard.map { words.text(of: $0) } ?? ""
    }
  }
}
