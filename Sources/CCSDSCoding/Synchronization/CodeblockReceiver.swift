/// What the synchronizer does with the units it finds: it hands them over in order, and may ask what the decoder thinks
/// of the last one before it commits itself.
package protocol CodeblockReceiver: ~Copyable {
  /// Takes a unit, its marker left out.
  ///
  /// - Parameters:
  ///   - window: Bytes that hold it whole.
  ///   - bitOffset: Where its first bit is, counted from the first bit of the window.
  ///   - marker: What stood before it. When it is inverted, so are the bits of the unit.
  mutating func append(_ window: RawSpan, bitOffset: Int, marker: MarkerObservation)
  /// Decodes the unit appended last, and says how sure it is that this is what was sent.
  mutating func proveLast() -> CodeblockProof
  /// Takes back the unit appended last: it was none.
  mutating func removeLast()
  /// Something to be counted, after everything that was appended before.
  mutating func observe(_ event: CodingEvent)
}

/// What a unit itself says about where it begins.
package enum CodeblockProof: Sendable, Equatable {
  /// It proves nothing: it is beyond correction, nothing but a pattern, or has neither code nor error control.
  case none
  /// It could be corrected, and nothing else speaks for it. The code is cyclic: a codeword that is cut a few symbols
  /// beside its place is another one with as many errors. So it may begin elsewhere.
  case decoded
  /// It is what was sent, after correction. Its end may belong to what comes next.
  case corrected
  /// It is what was sent, to the last bit.
  case clean
}
