/// Makes of each frame the unit that is sent: sync marker, then the frame with its parity, randomized.
package struct UnitEncoder: Sendable {
  package let plan: CodingPlan
  package let frameByteCount: Int
  /// Frame and parity.
  package let codeblockByteCount: Int
  private let encoder: ReedSolomonEncoder?
  private let sequence: [UInt8]

  package init(_ plan: CodingPlan, frameByteCount: Int) {
    self.plan = plan
    self.frameByteCount = frameByteCount
    codeblockByteCount = frameByteCount + (plan.reedSolomon?.parityByteCount ?? 0)
    encoder = plan.reedSolomon.map { ReedSolomonEncoder($0) }
    sequence = RandomizerSequence.bytes(of: plan.randomizer, count: codeblockByteCount)
  }

  /// Marker and codeblock.
  package var unitByteCount: Int { plan.syncMarker.count + codeblockByteCount }

  /// Writes the unit of `frame`, which has the length of the link's frames, over `unit`.
  package func encode(_ frame: [UInt8], into unit: inout [UInt8]) {
    unit.removeAll(keepingCapacity: true)
    unit.append(contentsOf: plan.syncMarker)
    unit.append(contentsOf: frame)
    let start = plan.syncMarker.count
    if let encoder {
      unit.append(contentsOf: repeatElement(0, count: codeblockByteCount - frameByteCount))
      encoder.encode(&unit, start: start, frameByteCount: frameByteCount)
    }
    guard plan.randomizer != .none else { return }
    for index in sequence.indices { unit[start + index] ^= sequence[index] }
  }

  /// The unit of `frame` in storage of its own.
  package func unit(of frame: [UInt8]) -> [UInt8] {
    var unit: [UInt8] = []
    encode(frame, into: &unit)
    return unit
  }
}
