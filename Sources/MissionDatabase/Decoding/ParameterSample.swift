/// One value that was found in a packet: numbers as they are, texts and octets as the place where they lie in it.
///
/// It is plain bits, so that a packet of any number of values needs no memory that was not there before. An aggregate
/// or an array comes as its parts.
package struct ParameterSample: BitwiseCopyable, Sendable {
  /// What a number of 64 bits means.
  package enum Form: UInt8, BitwiseCopyable, Sendable {
    /// There is no number: a text or octets, at `bitOffset`, `bitCount` bits long.
    case text, octets
    /// `Int64`, `UInt64` or `Double`, by its bits.
    case signed, unsigned, float
    /// 0 or 1.
    case boolean
    /// The place of the label in the list of the slot's labels.
    case label
    /// Nanoseconds since 1958-01-01T00:00:00 TAI, as an `Int64`.
    case time
    /// There is no value.
    case none
  }

  /// What is to be said of a value besides itself.
  package enum Validity: UInt8, BitwiseCopyable, Sendable {
    case valid
    /// Outside of the valid range of its type.
    case outOfRange
    /// The calibrator has no value for the raw number, or the raw number is none, such as a digit above nine.
    case notCalibrated
    /// The enumeration has no label for it.
    case noLabel
  }

  /// Whose value it is: the place in `DecodePlan.slots`.
  package var slot: UInt32
  /// Which of several in one packet, from zero: of a repeated entry, or of the elements of an array.
  package var occurrence: UInt32
  package var rawForm: Form
  package var engineeringForm: Form
  package var validity: Validity
  package var rawBits: UInt64
  package var engineeringBits: UInt64
  /// Where it lies in the packet, from the first bit of the primary header; of a text, the text alone.
  package var bitOffset: UInt32
  package var bitCount: UInt32

  package init(slot: UInt32, bitOffset: UInt32, bitCount: UInt32) {
    self.slot = slot
    self.bitOffset = bitOffset
    self.bitCount = bitCount
    occurrence = 0
    rawForm = .none
    engineeringForm = .none
    validity = .valid
    rawBits = 0
    engineeringBits = 0
  }
}

/// Whose value a sample is: a parameter, or a member or element of one.
package struct ParameterSlot: Sendable {
  package var reference: ParameterReference
  /// The path of the parameter with its steps, such as `/SAT/STATE.x`; elements of arrays as `[]`.
  package var name: String
  package var type: TypeIndex
  /// The labels of an enumeration or a boolean, in the order that samples count them.
  package var labels: [String]

  package init(reference: ParameterReference, name: String, type: TypeIndex, labels: [String] = []) {
    self.reference = reference
    self.name = name
    self.type = type
    self.labels = labels
  }
}

/// How the decoding of one packet ended.
package struct DecodedOutcome: BitwiseCopyable, Sendable {
  /// What is to be said of the packet.
  package enum Completeness: UInt8, BitwiseCopyable, Sendable {
    /// All its bits are described, or more of them than are.
    case whole
    /// It ends before a parameter that should be there.
    case short
    /// A size that it says itself is impossible.
    case impossibleSize
    /// No container that is not abstract is for it; what was described is decoded.
    case unidentified
    /// It would have more values than fit.
    case tooManyValues
  }

  package var completeness: Completeness
  /// The innermost container that was for it: the place in `MissionDatabase.containers`; -1 without one.
  package var container: Int32
  /// The slot at which a packet that is not whole ended; -1 where it is.
  package var endSlot: Int32
  /// Where the last described bit ends.
  package var describedBitCount: UInt32
  /// More than one container at one level was for it; all were decoded.
  package var isAmbiguous: Bool

  package init() {
    completeness = .whole
    container = -1
    endSlot = -1
    describedBitCount = 0
    isAmbiguous = false
  }
}
