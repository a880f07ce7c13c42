/// Numbers that look random and are the same for the same seed on every machine: SplitMix64.
package struct SeededRandom: Sendable, Equatable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// A generator of its own for another purpose, so that drawing from one does not change the other.
  package init(seed: UInt64, stream: UInt64) {
    var mixer = SeededRandom(seed: stream)
    self.init(seed: seed ^ mixer.next())
  }

  /// Any 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number in `0..<bound`; `bound` is at least 1.
  package mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number in the range.
  package mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }

  /// True with the given probability; without a draw when that is zero.
  package mutating func chance(_ probability: Double) -> Bool {
    guard probability > 0 else { return false }
    return Double(next() >> 11) * 0x1p-53 < probability
  }

  /// One of the elements, each as likely as the other; `elements` is not empty.
  package mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}

/// A choice among the indices of a list of weights.
struct WeightedChoice: Sendable {
  private let upperBounds: [Int]
  private let total: Int

  init(_ weights: [Int]) {
    var sum = 0
    var bounds: [Int] = []
    for weight in weights {
      sum += weight
      bounds.append(sum)
    }
    upperBounds = bounds
    total = sum
  }

  func index(_ random: inout SeededRandom) -> Int {
    guard upperBounds.count > 1 else { return 0 }
    let drawn = random.below(total)
    var index = 0
    while upperBounds[index] <= drawn { index += 1 }
    return index
  }
}
