/// Where the labels of the numbers of an enumeration are: found at once where its numbers lie together, else by
/// halving.
struct LabelTable: BitwiseCopyable, Sendable {
  /// The number that the first of `labelPlaces` is for.
  var lowest: Int64
  /// Places in `labelPlaces`, a label for each number from the lowest on; -1 for a number that has none.
  var first: Int32
  var count: Int32
  /// Places in `labelIntervals`, where the numbers are too far apart.
  var firstInterval: Int32
  var intervalCount: Int32
}

/// Numbers that have one label.
struct LabelInterval: BitwiseCopyable, Sendable {
  var first: Int64
  var last: Int64
  var label: Int32
}

extension PlanTables {
  /// So many numbers, from the lowest on, may lie in a table.
  private static let denseCapacity: UInt64 = 4_096

  /// Appends the labels of ranges, with the place of the label of each; where ranges overlap, the first one counts.
  mutating func append(_ ranges: [(values: ClosedRange<Int64>, label: Int32)]) {
    let intervals = Self.intervals(ranges)
    var table = LabelTable(
      lowest: intervals.first?.first ?? 0, first: Int32(labelPlaces.count), count: 0,
      firstInterval: Int32(labelIntervals.count), intervalCount: 0)
    let span = intervals.last?.last.subtractingReportingOverflow(table.lowest)
    if let span, !span.overflow, span.partialValue.magnitude < Self.denseCapacity {
      var dense: [Int32] = Array(repeating: -1, count: Int(span.partialValue) + 1)
      for interval in intervals {
        for number in interval.first...interval.last { dense[Int(number - table.lowest)] = interval.label }
      }
      table.count = Int32(dense.count)
      labelPlaces += dense
    } else {
      table.intervalCount = Int32(intervals.count)
      labelIntervals += intervals
    }
    labelTables.append(table)
  }

  /// Cuts the ranges where any of them begins or ends, and gives each piece to the first range that has it.
  private static func intervals(_ ranges: [(values: ClosedRange<Int64>, label: Int32)]) -> [LabelInterval] {
    var firsts = Set(ranges.map(\.values.lowerBound))
    for range in ranges where range.values.upperBound < .max { firsts.insert(range.values.upperBound + 1) }
    let cuts = firsts.sorted()
    let places = Dictionary(uniqueKeysWithValues: cuts.enumerated().map { ($1, $0) })
    var labels: [Int32] = Array(repeating: -1, count: cuts.count)
    // From each piece the next one that nobody has yet, so that pieces are passed over once.
    var next = Array(0...cuts.count)
    func free(_ index: Int) -> Int {
      var index = index
      while next[index] != index {
        next[index] = next[next[index]]
        index = next[index]
      }
      return index
    }
    for range in ranges {
      var piece = free(places[range.values.lowerBound] ?? cuts.count)
      while piece < cuts.count, cuts[piece] <= range.values.upperBound {
        labels[piece] = range.label
        next[piece] = piece + 1
        piece = free(piece)
      }
    }
    return cuts.indices.compactMap { index in
      guard labels[index] >= 0 else { return nil }
      let last = index + 1 < cuts.count ? cuts[index + 1] - 1 : Int64.max
      return LabelInterval(first: cuts[index], last: last, label: labels[index])
    }
  }
}

extension DecodePlan {
  /// The label of a number by a place in `labelTables`; nil without one.
  @inline(__always)
  func label(of number: Int64, by place: Int32) -> Int32? {
    let table = tables.labelTables[Int(place)]
    let index = UInt64(bitPattern: number &- table.lowest)
    if index < UInt64(truncatingIfNeeded: table.count) {
      let label = tables.labelPlaces[Int(table.first) &+ Int(index)]
      return label < 0 ? nil : label
    }
    return table.intervalCount == 0 ? nil : search(number, table)
  }

  @inline(never)
  private func search(_ number: Int64, _ table: LabelTable) -> Int32? {
    let end = Int(table.firstInterval) + Int(table.intervalCount)
    var low = Int(table.firstInterval)
    var high = end
    while low < high {
      let middle = (low + high) / 2
      if tables.labelIntervals[middle].last < number { low = middle + 1 } else { high = middle }
    }
    guard low < end, tables.labelIntervals[low].first <= number else { return nil }
    return tables.labelIntervals[low].label
  }
}
