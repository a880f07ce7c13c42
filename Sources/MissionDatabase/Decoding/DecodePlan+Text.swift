import CCSDSWire

/// Texts and octets of a packet, read out where its samples say they lie.
extension DecodePlan {
  /// The octets of a value whose raw form is a text or octets; of a number, the bytes that it lies in are not those.
  ///
  /// Bits beyond the last whole octet are in the high places of one more.
  package func octets(of sample: ParameterSample, in packet: RawSpan) -> [UInt8] {
    let start = Int(sample.bitOffset)
    let end = min(start + Int(sample.bitCount), packet.bitCount)
    guard start < end else { return [] }
    var octets: [UInt8] = []
    octets.reserveCapacity((end - start + 7) / 8)
    for bit in stride(from: start, to: end, by: 8) {
      let count = min(8, end - bit)
      octets.append(UInt8(truncatingIfNeeded: packet.bits(at: bit, count: count) << UInt64(8 - count)))
    }
    return octets
  }

  /// The text of a value whose raw form is a text; nil of all others.
  package func text(of sample: ParameterSample, in packet: RawSpan) -> String? {
    guard sample.rawForm == .text, let characters = characters[Int(sample.slot)] else { return nil }
    return characters.text(of: octets(of: sample, in: packet))
  }

  /// The label of an enumeration or a boolean; nil of all others, and of numbers without a label.
  package func label(of sample: ParameterSample) -> String? {
    guard sample.engineeringForm == .label || sample.engineeringForm == .boolean else { return nil }
    let labels = slots[Int(sample.slot)].labels
    return sample.engineeringBits < UInt64(labels.count) ? labels[Int(sample.engineeringBits)] : nil
  }
}
