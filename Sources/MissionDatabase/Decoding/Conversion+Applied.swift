import CCSDSWire

/// What a raw number was calibrated by.
package enum CalibrationChoice: Equatable, Sendable {
  /// By nothing: the raw number is the engineering number.
  case identity
  case standard
  /// By a context, by its place in the list of the type.
  case context(Int)
}

extension DecodePlan {
  /// Puts the engineering value of a raw number into a sample, and says by what it was calibrated.
  @discardableResult
  func convert(
    _ raw: RawNumber, by place: Int32, _ memory: borrowing ValueMemory, _ sample: inout ParameterSample
  ) -> CalibrationChoice {
    let conversion = tables.conversions[Int(place)]
    guard raw.form.isNumber else {
      sample.refuse()
      return .identity
    }
    var choice = conversion.standard < 0 ? CalibrationChoice.identity : .standard
    var calibrator = conversion.standard
    for context in conversion.firstContext..<conversion.firstContext + conversion.contextCount
    where truth(of: tables.contexts[Int(context)].criterion, memory) == .yes {
      choice = .context(Int(context - conversion.firstContext))
      calibrator = tables.contexts[Int(context)].calibrator
      break
    }
    var number = raw
    if calibrator >= 0 {
      guard let value = calibrated(raw.value, by: calibrator, memory) else {
        sample.refuse()
        return choice
      }
      number = .float(value)
    }
    finish(number, conversion.result, memory, &sample)
    return choice
  }

  private func finish(
    _ number: RawNumber, _ result: Conversion.Result, _ memory: borrowing ValueMemory, _ sample: inout ParameterSample
  ) {
    switch result {
    case .float:
      sample.engineeringForm = .float
      sample.engineeringBits = number.value.bitPattern
    case .integer(let isSigned): integer(number, isSigned, &sample)
    case .label(let table):
      sample.engineeringForm = .label
      sample.setLabel(number.integer.flatMap { label(of: $0, by: table) })
    case .boolean:
      sample.engineeringForm = .boolean
      sample.engineeringBits = number.value == 0 ? 0 : 1
    case .time(let place): time(number, tables.times[Int(place)], memory, &sample)
    case .none: sample.refuse()
    }
  }

  /// The nearest integer, of two the one that is farther from zero.
  private func integer(_ number: RawNumber, _ isSigned: Bool, _ sample: inout ParameterSample) {
    guard number.form == .float else {
      sample.engineeringForm = number.form
      sample.engineeringBits = number.bits
      if !isSigned, number.form == .signed, Int64(bitPattern: number.bits) < 0 { sample.validity = .outOfRange }
      return
    }
    let rounded = number.value.rounded()
    if let value = Int64(exactly: rounded) {
      sample.engineeringForm = .signed
      sample.engineeringBits = UInt64(bitPattern: value)
      if value < 0, !isSigned { sample.validity = .outOfRange }
    } else if let value = UInt64(exactly: rounded) {
      sample.engineeringForm = .unsigned
      sample.engineeringBits = value
    } else {
      sample.refuse()
    }
  }

  private func time(
    _ number: RawNumber, _ scaling: TimeScaling, _ memory: borrowing ValueMemory, _ sample: inout ParameterSample
  ) {
    let nanoseconds: Int64?
    switch scaling.origin {
    case .unknown:
      sample.engineeringForm = .float
      return sample.setCalibrated(scaling.seconds(number))
    case .uniform(let origin): nanoseconds = scaling.nanoseconds(number).flatMap { TimeScaling.sum($0, origin) }
    case .coordinated(let origin):
      nanoseconds = scaling.nanoseconds(number).flatMap { TimeScaling.sum($0, origin) }.flatMap {
        tables.leapSeconds.instant(unixNanoseconds: $0).nanosecondsSince1958
      }
    case .memory(let place):
      guard let origin = memory.value(place), origin.engineeringForm == .time else { return sample.refuse() }
      nanoseconds = scaling.nanoseconds(number).flatMap {
        TimeScaling.sum($0, Int64(bitPattern: origin.engineeringBits))
      }
    }
    guard let nanoseconds else { return sample.refuse() }
    sample.engineeringForm = .time
    sample.engineeringBits = UInt64(bitPattern: nanoseconds)
  }
}
