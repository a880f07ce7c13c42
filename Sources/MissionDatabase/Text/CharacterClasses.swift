/// Characters that no part of a pattern tells apart, as one class.
struct CharacterClasses: Sendable {
  /// Where each class begins a range; the classes of ranges follow.
  private var starts: [UInt32] = [0]
  private var classes: [UInt8] = [0]
  /// The same for the first 128 characters.
  private var ascii: [UInt8]
  private(set) var count: Int

  var rangeCount: Int { starts.count }

  /// - Returns: Nothing where there would be more than 255 classes.
  init?(of sets: [ScalarSet]) {
    var bounds: Set<UInt32> = [0]
    for range in sets.lazy.flatMap(\.ranges) {
      bounds.insert(range.lowerBound)
      if range.upperBound < ScalarSet.last { bounds.insert(range.upperBound + 1) }
    }
    starts = bounds.sorted()
    var known: [[Bool]: UInt8] = [:]
    classes = []
    for start in starts {
      let membership = sets.map { $0.contains(start) }
      if let index = known[membership] {
        classes.append(index)
        continue
      }
      guard known.count < 255 else { return nil }
      classes.append(UInt8(known.count))
      known[membership] = UInt8(known.count)
    }
    count = known.count
    ascii = []
    ascii = (0..<128).map { UInt8(search($0)) }
  }

  func index(of value: UInt32) -> Int { value < 128 ? Int(ascii[Int(value)]) : search(value) }

  /// One character of each class.
  var representatives: [UInt32] {
    (0..<count).map { index in zip(starts, classes).first { Int($0.1) == index }.map(\.0) ?? 0 }
  }

  private func search(_ value: UInt32) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= value { low = middle } else { high = middle }
    }
    return Int(classes[low])
  }
}
