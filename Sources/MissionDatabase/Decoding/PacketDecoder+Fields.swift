import CCSDSWire

/// Runs of fields at constant distances: where nearly all the time goes.
extension PacketDecoder {
  /// Decodes the fields of a run, or those of them that the packet still has.
  mutating func decode(_ run: FieldRun, _ packet: RawSpan, _ witness: inout some DecodeWitness) -> Bool {
    let mark = pass.position(Place(mark: run.mark, offset: 0))
    let end = mark &+ Int(run.highestBit)
    guard mark &+ Int(run.lowestBit) >= 0 else {
      return halt(.impossibleSize, slot: Int32(bitPattern: plan.tables.fields[Int(run.first)].slot))
    }
    guard end <= pass.bitCount, pass.sampleCount &+ Int(run.count) <= values.count else {
      return decodePart(run.fields, mark, packet, &witness)
    }
    decode(stretchesOf: run, mark, packet, &witness)
    pass.describe(upTo: end)
    return true
  }

  /// Decodes rows of the same fields, the last of them perhaps in part.
  mutating func decode(_ rows: RowRun, at step: Int, _ packet: RawSpan, _ witness: inout some DecodeWitness) -> Bool {
    guard let count = value(of: rows.count), count >= 0 else { return halt(.impossibleSize, at: step) }
    guard count > 0 else { return true }
    let mark = pass.position(Place(mark: rows.run.mark, offset: 0))
    let fields = rows.run.fields
    var row = mark
    for _ in 0..<count {
      guard row + Int(rows.run.lowestBit) >= 0 else { return halt(.impossibleSize, at: step) }
      let end = row + Int(rows.run.highestBit)
      guard end <= pass.bitCount, pass.sampleCount + fields.count <= values.count else {
        return decodePart(fields, row, packet, &witness)
      }
      decode(stretchesOf: rows.run, row, packet, &witness)
      pass.describe(upTo: end)
      row += rows.stride
    }
    if rows.movesAnchor { pass.anchor = row - rows.stride + rows.contentEnd }
    return true
  }

  /// Decodes fields up to the first one that the packet has not, or that does not fit.
  private mutating func decodePart(
    _ range: Range<Int>, _ mark: Int, _ packet: RawSpan, _ witness: inout some DecodeWitness
  ) -> Bool {
    for place in range {
      let field = plan.tables.fields[place]
      let end = mark + Int(field.bitOffset) + Int(field.bitCount)
      guard end <= pass.bitCount else { return halt(.short, slot: Int32(bitPattern: field.slot)) }
      guard pass.sampleCount < values.count else {
        return halt(.tooManyValues, slot: Int32(bitPattern: field.slot))
      }
      decode(place..<place + 1, mark, packet, &witness)
      pass.describe(upTo: end)
    }
    return true
  }

  /// Decodes the fields of a run of which it is known that the packet has them and that there is room for their values.
  @inline(__always)
  private mutating func decode(
    stretchesOf run: FieldRun, _ mark: Int, _ packet: RawSpan, _ witness: inout some DecodeWitness
  ) {
    // Plain numbers are read eight bytes at a time.
    guard packet.byteCount >= 8 else { return decode(run.fields, mark, packet, &witness) }
    for place in run.stretches.range {
      let stretch = plan.tables.stretches[place]
      if stretch.kind == .others {
        decode(stretch.fields.range, mark, packet, &witness)
        continue
      }
      let first = pass.sampleCount
      pass.sampleCount = first &+ Int(stretch.fields.count)
      plan.decode(stretch, mark, packet, into: values.mutableSpan(first..<pass.sampleCount))
      for place in stretch.finishes.range { finish(plan.tables.finishes[place], of: first, packet) }
    }
  }

  /// Decodes fields of which it is known that the packet has them and that there is room for their values.
  private mutating func decode(
    _ range: Range<Int>, _ mark: Int, _ packet: RawSpan, _ witness: inout some DecodeWitness
  ) {
    var sampleCount = pass.sampleCount
    for place in range {
      let field = plan.tables.fields[place]
      let bit = mark &+ Int(field.bitOffset)
      plan.decode(field, at: bit, packet, memory, into: &values[inPlace: sampleCount], sampleCount, &witness)
      if !field.isPlain {
        var sample = values[sampleCount]
        finish(field.range, field.counter, field.memory, &sample, packet)
        values[sampleCount] = sample
      }
      sampleCount &+= 1
    }
    pass.sampleCount = sampleCount
  }

  private mutating func finish(_ rule: FieldFinish, of first: Int, _ packet: RawSpan) {
    let index = first &+ Int(rule.index)
    var sample = values[index]
    finish(rule.range, rule.counter, rule.memory, &sample, packet)
    values[index] = sample
  }

  /// What only some values need: the count in the packet, the valid range, the memory.
  mutating func finish(
    _ range: Int32, _ counter: Int32, _ place: Int32, _ sample: inout ParameterSample, _ packet: RawSpan
  ) {
    if counter >= 0 {
      var counted = counters[Int(counter)]
      if counted.packetNumber != pass.packetNumber { counted = OccurrenceCount(packetNumber: pass.packetNumber) }
      sample.occurrence = counted.count
      counted.count &+= 1
      counters[Int(counter)] = counted
    }
    if range >= 0, sample.validity == .valid, !plan.tables.ranges[Int(range)].contains(sample) {
      sample.validity = .outOfRange
    }
    if place >= 0 { memory.store(sample, at: place, packet) }
  }
}

extension DecodePlan {
  /// Writes the value of a field, all of it but for what needs what came before.
  @inline(__always)
  fileprivate func decode(
    _ field: FixedField, at bit: Int, _ packet: RawSpan, _ memory: borrowing ValueMemory,
    into sample: inout ParameterSample, _ index: Int, _ witness: inout some DecodeWitness
  ) {
    sample = ParameterSample(
      slot: field.slot, bitOffset: UInt32(truncatingIfNeeded: bit), bitCount: field.bitCount)
    sample.rawForm = field.rawForm
    sample.engineeringForm = field.engineeringForm
    if field.interpretation == .place {
      if field.engineering == .none { sample.refuse() }
    } else {
      let number = raw(field, at: bit, packet, &sample)
      engineer(field, number, memory, &sample, index, &witness)
    }
  }

  /// Reads the raw number into a sample, and gives it as a floating-point number.
  @inline(__always)
  private func raw(_ field: FixedField, at bit: Int, _ packet: RawSpan, _ sample: inout ParameterSample) -> Double {
    let bitCount = Int(field.bitCount)
    var word = packet.bits(at: bit, count: bitCount)
    if field.order != .asSent { word = ordered(word, bitCount, field.order, field.orderIndex) }
    switch field.interpretation {
    case .unsigned:
      sample.rawBits = word
      return Double(Int64(bitPattern: word))
    case .twosComplement:
      let value = RawInterpretation.extended(word, bitCount)
      sample.rawBits = UInt64(bitPattern: value)
      return Double(value)
    case .ieee32:
      let value = Double(Float(bitPattern: UInt32(truncatingIfNeeded: word)))
      sample.rawBits = value.bitPattern
      return value
    case .ieee64:
      sample.rawBits = word
      return Double(bitPattern: word)
    case .unsigned64, .signMagnitude, .onesComplement, .bcd, .packedBCD, .ieee16, .milStd1750A32, .milStd1750A48,
      .place:
      let number = field.interpretation.number(word, bitCount: bitCount)
      sample.rawForm = number.form
      sample.rawBits = number.bits
      return number.value
    }
  }

  /// Puts the engineering value beside the raw one.
  @inline(__always)
  private func engineer(
    _ field: FixedField, _ raw: Double, _ memory: borrowing ValueMemory, _ sample: inout ParameterSample, _ index: Int,
    _ witness: inout some DecodeWitness
  ) {
    switch field.engineering {
    case .same:
      sample.engineeringBits = sample.rawBits
      if sample.rawForm == .none { sample.refuse() }
    case .float: sample.setFloat(raw)
    case .linear: sample.setCalibrated(field.constant + field.slope * raw)
    case .polynomial:
      var value = 0.0
      for index in Int(field.table)..<Int(field.table &+ field.tableCount) {
        value = value * raw + tables.coefficients[index]
      }
      sample.setCalibrated(value)
    case .label:
      sample.setLabel(label(of: Int64(bitPattern: sample.rawBits), by: field.table))
    case .boolean: sample.engineeringBits = sample.rawBits == 0 ? 0 : 1
    case .conversion:
      let number = RawNumber(form: sample.rawForm, bits: sample.rawBits)
      let rule = convert(number, by: field.table, memory, &sample)
      witness.converted(sample: index, by: rule)
    case .none: sample.refuse()
    }
  }

  @inline(never)
  private func ordered(_ word: UInt64, _ bitCount: Int, _ order: BitOrder, _ orderIndex: Int32) -> UInt64 {
    switch order {
    case .asSent: word
    case .reversedOctets: word.byteSwapped >> UInt64(64 - bitCount)
    case .permuted: tables.orders[Int(orderIndex)].applied(to: word, bitCount: bitCount)
    }
  }
}

extension ValidRange {
  /// Whether a value is in it; what is no number is in every range.
  fileprivate func contains(_ sample: ParameterSample) -> Bool {
    let number =
      appliesToCalibrated
      ? RawNumber(form: sample.engineeringForm, bits: sample.engineeringBits)
      : RawNumber(form: sample.rawForm, bits: sample.rawBits)
    return !number.form.isNumber || range.contains(number.value)
  }
}
