import CCSDSWire

/// Follows the sequence count of one application process.
///
/// Standard: CCSDS 133.0-B-2 §4.1.3.4.3.4.
package struct SequenceCounter: Sendable {
  private static let modulus: UInt16 = 16_384
  /// A step longer than half the range is a counter set back, not thousands of packets lost.
  private static let largestStep: UInt16 = 8192

  private var newest: UInt16
  private var hasMoved = false

  package init(first: UInt16) { newest = first }

  /// The count after the newest.
  package var next: UInt16 { (newest &+ 1) & (Self.modulus - 1) }

  /// Begins anew at `count`: the packets of a silence are not lost.
  package mutating func restart(at count: UInt16) {
    hasMoved = hasMoved || count != newest
    newest = count
  }

  /// - Parameter count: 0…16383.
  package mutating func observe(_ count: UInt16) -> CountObservation {
    let step = (count &- newest) & (Self.modulus - 1)
    defer { newest = count }
    guard step != 0 else { return hasMoved ? .duplicate : .frozen }
    hasMoved = true
    if step == 1 { return .inSequence }
    return step > Self.largestStep ? .discontinuity : .gap(missing: Int(step) - 1, atMost: Int(step) - 1)
  }
}

extension SequenceCounter {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.item(&newest)
    archive.item(&hasMoved)
    archive.require(newest < Self.modulus)
  }
}
