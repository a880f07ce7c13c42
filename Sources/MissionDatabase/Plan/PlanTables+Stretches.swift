/// Runs of fields cut into stretches.
extension PlanTables {
  /// Finds the stretches of all runs, when all is known of their fields.
  mutating func findStretches() {
    for index in operations.indices {
      switch operations[index] {
      case .fields(var run):
        run.stretches = stretches(of: run)
        operations[index] = .fields(run)
      case .rows(var rows):
        rows.run.stretches = stretches(of: rows.run)
        operations[index] = .rows(rows)
      case .string, .move, .condition, .unlessNone, .loop, .include, .container, .choice, .indirect, .end: continue
      }
    }
  }

  private mutating func stretches(of run: FieldRun) -> TableRange {
    var found = TableRange(first: Int32(stretches.count), count: 0)
    var stretch: FieldStretch?
    for place in run.first..<run.first + run.count {
      let field = fields[Int(place)]
      let plain = PlainField(field, self)
      let kind = FieldStretch.Kind(field, plain)
      var extended: FieldStretch
      if let stretch, stretch.kind == kind {
        extended = stretch
      } else {
        if let stretch { stretches.append(stretch) }
        found.count += 1
        extended = FieldStretch(
          kind: kind, fields: TableRange(first: place, count: 0), firstPlain: Int32(plainFields.count),
          finishes: TableRange(first: Int32(finishes.count), count: 0))
      }
      if kind != .others {
        if let plain { plainFields.append(plain) }
        if !field.isPlain {
          finishes.append(
            FieldFinish(
              index: extended.fields.count, range: field.range, counter: field.counter, memory: field.memory))
          extended.finishes.count += 1
        }
      }
      extended.fields.count += 1
      stretch = extended
    }
    if let stretch { stretches.append(stretch) }
    return found
  }
}
