/// Which extensions of a container a packet is for.
struct Choice: Sendable {
  /// The place in `decisions`.
  var decision: Int32
  /// The container that is extended.
  var container: Int32
  /// It lies within another one: the packet does not become one of its extensions.
  var isIncluded: Bool
}

/// A step to the extensions that come into question, without testing each of them.
enum Decision: Sendable {
  /// Places in `candidates`, to be tested one after the other.
  case test(first: Int32, count: Int32)
  /// Keys that lie together: for each from the lowest on a place in `decisionTargets`.
  case table(DecisionInput, lowest: Int64, first: Int32, count: Int32, otherwise: Int32)
  /// Keys far apart: places in `decisionKeys`.
  case search(DecisionInput, first: Int32, count: Int32, otherwise: Int32)
}

/// The value that a decision looks at.
struct DecisionInput: Hashable, Sendable {
  /// Which number of it.
  enum Part: Hashable, Sendable { case raw, engineering, label }

  /// The place in `memories`.
  var memory: Int32
  var part: Part
}

/// A key and the place in `decisions` that it leads to.
struct DecisionKey: BitwiseCopyable, Sendable {
  var key: Int64
  var target: Int32
}

/// An extension of a container.
struct Candidate: Sendable {
  var container: Int32
  /// What is left to be tested: the place in `criteria`; -1 for nothing.
  var criterion: Int32
  /// How much work the test is at most.
  var weight: Int32
  /// Where in `operations` its part of the plan begins.
  var program: Int32
}

/// What is to be done for the parameter that another one names.
struct Indirection: Sendable {
  /// The place in `memories` of the one that names.
  var memory: Int32
  /// By its label, its number or its text.
  var byLabel: [Int32: Int32] = [:]
  var byNumber: [Int64: Int32] = [:]
  /// In ascending order of the octets.
  var byText: [(octets: TableRange, program: Int32)] = []

  init(memory: Int32) { self.memory = memory }
}

extension DecodePlan {
  /// The candidates that come into question: places in `candidates`.
  func candidates(for decision: Int32, _ memory: borrowing ValueMemory) -> Range<Int> {
    var place = decision
    while true {
      switch tables.decisions[Int(place)] {
      case .test(let first, let count): return Int(first)..<Int(first) + Int(count)
      case .table(let input, let lowest, let first, let count, let otherwise):
        place = otherwise
        if let key = key(input, memory) {
          let index = UInt64(bitPattern: key &- lowest)
          if index < UInt64(count) { place = tables.decisionTargets[Int(first) + Int(index)] }
        }
      case .search(let input, let first, let count, let otherwise):
        place = otherwise
        if let key = key(input, memory), let target = search(key, Int(first), Int(count)) { place = target }
      }
    }
  }

  private func key(_ input: DecisionInput, _ memory: borrowing ValueMemory) -> Int64? {
    switch input.part {
    case .raw: return memory.number(input.memory, usesCalibrated: false)?.integer
    case .engineering: return memory.number(input.memory, usesCalibrated: true)?.integer
    case .label:
      guard let sample = memory.value(input.memory), sample.validity != .noLabel else { return nil }
      return Int64(exactly: sample.engineeringBits)
    }
  }

  private func search(_ key: Int64, _ first: Int, _ count: Int) -> Int32? {
    var low = first
    var high = first + count
    while low < high {
      let middle = (low + high) / 2
      if tables.decisionKeys[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low < first + count && tables.decisionKeys[low].key == key ? tables.decisionKeys[low].target : nil
  }
}
