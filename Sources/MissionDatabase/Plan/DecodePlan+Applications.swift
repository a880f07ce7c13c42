extension DecodePlan {
  /// The application processes that containers are restricted to, as far as they are written down: what is compared
  /// with the 11 bits from bit 5 of a packet on.
  ///
  /// Standard: CCSDS 133.0-B-2 §4.1.3.3.4.
  package func applicationProcesses(of database: MissionDatabase) -> Set<Int> {
    var identifiers: Set<ParameterReference> = []
    for operation in tables.operations {
      guard case .fields(let run) = operation, run.mark == .start else { continue }
      for field in tables.fields[run.fields] where field.bitOffset == 5 && field.bitCount == 11 {
        identifiers.insert(slots[Int(field.slot)].reference)
      }
    }
    var found: Set<Int> = []
    for container in database.containers {
      if let criterion = container.base?.criterion { Self.collect(criterion, identifiers, &found) }
    }
    return found
  }

  private static func collect(_ criterion: Criterion, _ identifiers: Set<ParameterReference>, _ found: inout Set<Int>) {
    switch criterion {
    case .comparison(let comparison):
      guard identifiers.contains(comparison.parameter), comparison.relation == .isEqual,
        case .integer(let number) = comparison.operand, 0...2047 ~= number
      else { return }
      found.insert(Int(number))
    case .all(let criteria), .any(let criteria):
      for criterion in criteria { collect(criterion, identifiers, &found) }
    case .exclusive(let left, let right):
      collect(left, identifiers, &found)
      collect(right, identifiers, &found)
    }
  }
}
