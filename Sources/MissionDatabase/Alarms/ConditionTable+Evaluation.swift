import CCSDSWire

extension ConditionTable {
  /// Whether a criterion holds, by the values that a table has.
  func holds(_ start: Int, in table: ParameterTable) -> Bool {
    var index = start
    return evaluate(&index, table) == .yes
  }

  /// Evaluates a node, and goes behind those below it.
  private func evaluate(_ index: inout Int, _ table: ParameterTable) -> Truth {
    let node = nodes[index]
    index += 1
    switch node {
    case .comparison(let comparison): return evaluate(comparison, table)
    case .all(let count):
      var result = Truth.yes
      for _ in 0..<count { result = evaluate(&index, table) && result }
      return result
    case .any(let count):
      var result = Truth.no
      for _ in 0..<count { result = evaluate(&index, table) || result }
      return result
    case .exclusive:
      let left = evaluate(&index, table)
      return left ^ evaluate(&index, table)
    }
  }

  private func evaluate(_ comparison: SlotComparison, _ table: ParameterTable) -> Truth {
    if case .neverKnown = comparison.operand { return .unknown }
    let entry = table.entries[Int(comparison.slot)]
    guard let value = entry.value(usesCalibrated: comparison.usesCalibrated) else { return .unknown }
    switch comparison.operand {
    case .neverKnown: return .unknown
    case .number(let operand):
      return compare(ParameterSample.number(value.form, value.bits), operand, comparison.relation)
    case .labels(let first, let count):
      guard value.form == .label || value.form == .boolean, value.bits < UInt64(count) else { return .unknown }
      return Truth(labelTruths[Int(first) + Int(value.bits)])
    case .text(let index):
      guard value.form == .text else { return .unknown }
      return compare(texts[Int(index)], entry, table, comparison.relation)
    case .octets(let index):
      guard value.form == .octets, !table.isCut(entry) else { return .unknown }
      let octets = table.octets(of: Int(comparison.slot))
      let operand = octetRows[Int(index)]
      let order = octets.elementsEqual(operand) ? 0 : octets.lexicographicallyPrecedes(operand) ? -1 : 1
      return Truth(comparison.relation.holds(order))
    case .slot(let slot, let usesCalibrated):
      guard let other = table.entries[Int(slot)].value(usesCalibrated: usesCalibrated),
        let number = ParameterSample.number(other.form, other.bits)
      else { return .unknown }
      return compare(ParameterSample.number(value.form, value.bits), number, comparison.relation)
    }
  }

  private func compare(_ left: RawNumber?, _ right: RawNumber, _ relation: Comparison.Relation) -> Truth {
    guard let left, let order = RawNumber.compare(left, right) else { return .unknown }
    return Truth(relation.holds(order))
  }

  private func compare(
    _ operand: [Unicode.Scalar], _ entry: ParameterEntry, _ table: ParameterTable, _ relation: Comparison.Relation
  ) -> Truth {
    let octets = table.octets(of: Int(entry.sample.slot))
    let span = octets.span
    var cursor = CharacterCursor(
      unsafe span.bytes, bitOffset: 0, bitCount: octets.count * 8, table.characters(of: Int(entry.sample.slot)))
    for scalar in operand {
      guard let next = cursor.next() else {
        return table.isCut(entry) ? .unknown : Truth(relation.holds(-1))
      }
      if next != scalar { return Truth(relation.holds(next < scalar ? -1 : 1)) }
    }
    let hasMore = cursor.next() != nil || table.isCut(entry)
    return Truth(relation.holds(hasMore ? 1 : 0))
  }
}

extension ParameterEntry {
  /// The raw or the engineering value; nothing where there is none.
  fileprivate func value(usesCalibrated: Bool) -> (form: ParameterSample.Form, bits: UInt64)? {
    guard count > 0 else { return nil }
    guard usesCalibrated else { return (sample.rawForm, sample.rawBits) }
    switch sample.validity {
    case .valid, .outOfRange: return (sample.engineeringForm, sample.engineeringBits)
    case .notCalibrated, .noLabel: return nil
    }
  }
}
