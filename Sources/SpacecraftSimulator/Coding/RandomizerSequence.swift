/// The sequences that are added to units, bit by bit from their recurrences.
package enum RandomizerSequence {
  /// The first bytes of a sequence.
  package static func bytes(of randomizer: CodingPlan.Randomizer, count: Int) -> [UInt8] {
    switch randomizer {
    case .none:
      return [UInt8](repeating: 0, count: count)
    case .short255:
      return pack(count, start: [Bool](repeating: true, count: 8)) { bits, next in
        bits[next - 8] != (bits[next - 5] != (bits[next - 3] != bits[next - 1]))
      }
    case .long131071:
      let start = [false, false, false, true, true, true, false, false, false, true, true, true, false, false, false]
      return pack(count, start: start + [true, true]) { bits, next in bits[next - 17] != bits[next - 3] }
    }
  }

  private static func pack(_ count: Int, start: [Bool], _ following: ([Bool], Int) -> Bool) -> [UInt8] {
    var bits = start
    while bits.count < 8 * count { bits.append(following(bits, bits.count)) }
    return (0..<count).map { index in
      bits[8 * index..<8 * index + 8].reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
    }
  }
}
