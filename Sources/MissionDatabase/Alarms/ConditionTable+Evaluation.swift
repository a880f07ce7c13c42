import CCSDSWire

/// A value of its slot that a condition looks at.
private struct FoundValue {
  var sample: ParameterSample
  var form: ParameterSample.Form
  var bits: UInt64
  var place: Place

  /// Where its octets are, if it has any.
  enum Place {
    /// In the packet, which is being looked at.
    case packet
    case table
    /// Of an element of an array none are kept.
    case nowhere
  }

  /// The number; of a label the one behind it.
  var number: RawNumber? {
    form == .label
      ? ParameterSample.number(sample.rawForm, sample.rawBits) : ParameterSample.number(form, bits)
  }
}

extension ConditionTable {
  /// Whether a criterion holds, by the values that a table has.
  ///
  /// - Parameters:
  ///   - known: The last known values of elements of arrays, by their places in `elements`.
  ///   - own: The value in question, which others of its slot may follow in the same packet.
  func holds(
    _ start: Int, in table: ParameterTable, _ known: [ParameterSample?], own: ParameterSample?, _ packet: RawSpan
  ) -> Bool {
    var index = start
    return evaluate(&index, table, known, own, packet) == .yes
  }

  /// Evaluates a node, and goes behind those below it.
  private func evaluate(
    _ index: inout Int, _ table: ParameterTable, _ known: [ParameterSample?], _ own: ParameterSample?, _ packet: RawSpan
  ) -> Truth {
    let node = nodes[index]
    index += 1
    switch node {
    case .comparison(let comparison): return evaluate(comparison, table, known, own, packet)
    case .all(let count):
      var result = Truth.yes
      for _ in 0..<count { result = evaluate(&index, table, known, own, packet) && result }
      return result
    case .any(let count):
      var result = Truth.no
      for _ in 0..<count { result = evaluate(&index, table, known, own, packet) || result }
      return result
    case .exclusive:
      let left = evaluate(&index, table, known, own, packet)
      return left ^ evaluate(&index, table, known, own, packet)
    }
  }

  private func evaluate(
    _ comparison: SlotComparison, _ table: ParameterTable, _ known: [ParameterSample?], _ own: ParameterSample?,
    _ packet: RawSpan
  ) -> Truth {
    if case .neverKnown = comparison.operand { return .unknown }
    guard let left = find(comparison.value, table, known, own) else { return .unknown }
    let relation = comparison.relation
    switch comparison.operand {
    case .neverKnown: return .unknown
    case .number(let operand): return left.number.map { relation.truth($0, operand) } ?? .unknown
    case .label(let label):
      guard let found = left.sample.label else { return .unknown }
      return Truth((found == .listed(label)) == (relation == .isEqual))
    case .labels(let first, let count):
      guard let found = left.sample.label else { return .unknown }
      guard case .listed(let label) = found, label < count else { return found.truth(relation) }
      return Truth(labelTruths[Int(first) + Int(label)])
    case .otherLabel(let other, let first, let second):
      guard let one = left.sample.label, let two = find(other, table, known, own)?.sample.label else {
        return .unknown
      }
      return relation.truth(one, two, labelIdentities, first: first, second: second)
    case .text(let index):
      guard left.form == .text else { return .unknown }
      return compare(left, texts[Int(index)], table, packet, relation)
    case .octets(let index):
      guard left.form == .octets else { return .unknown }
      let row = octetRows[Int(index)]
      guard let count = octetCount(of: left, table) else { return .unknown }
      for index in 0..<min(count, row.count) {
        let octet = octet(index, of: left, table, packet)
        if octet != row[index] { return Truth(relation.holds(octet < row[index] ? -1 : 1)) }
      }
      return Truth(relation.holds(count - row.count))
    case .value(let other):
      guard let right = find(other, table, known, own) else { return .unknown }
      if let one = left.number, let two = right.number { return relation.truth(one, two) }
      return compareOctets(left, right, table, packet).map { Truth(relation.holds($0)) } ?? .unknown
    }
  }

  /// The raw or the engineering value; nothing where there is none.
  private func find(
    _ value: SlotComparison.Value, _ table: ParameterTable, _ known: [ParameterSample?], _ own: ParameterSample?
  ) -> FoundValue? {
    var sample: ParameterSample
    var place = FoundValue.Place.table
    if value.element >= 0 {
      guard let element = known[Int(value.element)] else { return nil }
      sample = element
      place = .nowhere
    } else if let own, own.slot == UInt32(value.slot) {
      sample = own
      place = .packet
    } else {
      let entry = table.entries[Int(value.slot)]
      guard entry.count > 0 else { return nil }
      sample = entry.sample
    }
    guard value.usesCalibrated else {
      return FoundValue(sample: sample, form: sample.rawForm, bits: sample.rawBits, place: place)
    }
    guard sample.validity != .notCalibrated else { return nil }
    return FoundValue(sample: sample, form: sample.engineeringForm, bits: sample.engineeringBits, place: place)
  }

  // MARK: Texts

  /// How many octets a text has; nil where less is kept of it.
  private func octetCount(of value: FoundValue, _ table: ParameterTable) -> Int? {
    guard value.sample.hasOctets else { return nil }
    switch value.place {
    case .packet: return Int(value.sample.bitCount) / 8
    case .table:
      let entry = table.entries[Int(value.sample.slot)]
      return table.isCut(entry) ? nil : Int(entry.octetCount)
    case .nowhere: return nil
    }
  }

  private func octet(_ index: Int, of value: FoundValue, _ table: ParameterTable, _ packet: RawSpan) -> UInt8 {
    if value.place == .packet { return packet.octet(atBit: Int(value.sample.bitOffset) + 8 * index) }
    let octets = table.octets(of: Int(value.sample.slot))
    return octets[octets.startIndex + index]
  }

  private func compareOctets(
    _ left: FoundValue, _ right: FoundValue, _ table: ParameterTable, _ packet: RawSpan
  ) -> Int? {
    guard let count = octetCount(of: left, table), let otherCount = octetCount(of: right, table) else { return nil }
    for index in 0..<min(count, otherCount) {
      let one = octet(index, of: left, table, packet)
      let two = octet(index, of: right, table, packet)
      if one != two { return one < two ? -1 : 1 }
    }
    return count - otherCount
  }

  private func compare(
    _ left: FoundValue, _ operand: [Unicode.Scalar], _ table: ParameterTable, _ packet: RawSpan,
    _ relation: Comparison.Relation
  ) -> Truth {
    let slot = Int(left.sample.slot)
    let characters = table.characters(of: slot)
    if left.place == .nowhere { return .unknown }
    if left.place == .packet {
      let cursor = CharacterCursor(
        packet, bitOffset: Int(left.sample.bitOffset), bitCount: Int(left.sample.bitCount), characters)
      return compare(cursor, isCut: false, operand, relation)
    }
    let octets = table.octets(of: slot)
    let span = octets.span
    let cursor = CharacterCursor(unsafe span.bytes, bitOffset: 0, bitCount: octets.count * 8, characters)
    return compare(cursor, isCut: table.isCut(table.entries[slot]), operand, relation)
  }

  private func compare(
    _ text: CharacterCursor, isCut: Bool, _ operand: [Unicode.Scalar], _ relation: Comparison.Relation
  ) -> Truth {
    var cursor = text
    for scalar in operand {
      guard let next = cursor.next() else { return isCut ? .unknown : Truth(relation.holds(-1)) }
      if next != scalar { return Truth(relation.holds(next < scalar ? -1 : 1)) }
    }
    let hasMore = cursor.next() != nil || isCut
    return Truth(relation.holds(hasMore ? 1 : 0))
  }
}
