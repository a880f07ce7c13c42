/// How a value lies in the bits of a packet.
package enum DataEncoding: Hashable, Sendable {
  case integer(IntegerEncoding)
  case float(FloatEncoding)
  case string(StringEncoding)
  case binary(bitCount: IntegerValue)
}

/// An integer in a packet, at most 64 bits of it.
package struct IntegerEncoding: Hashable, Sendable {
  /// What the bits mean.
  package enum Representation: Hashable, Sendable {
    case unsigned, twosComplement, signMagnitude, onesComplement
    /// One decimal digit in each octet.
    case bcd
    /// Two decimal digits in each octet.
    case packedBCD
  }

  /// 1 to 64.
  package var bitCount: Int
  package var representation: Representation
  package var order: BitAndByteOrder

  package init(bitCount: Int, representation: Representation, order: BitAndByteOrder = BitAndByteOrder()) {
    self.bitCount = bitCount
    self.representation = representation
    self.order = order
  }
}

/// A number with a fraction in a packet.
package struct FloatEncoding: Hashable, Sendable {
  /// What the bits mean.
  package enum Representation: Hashable, Sendable {
    /// IEEE 754 with 16, 32 or 64 bits.
    case ieee754
    /// MIL-STD-1750A with 32 or 48 bits.
    case milStd1750A
  }

  package var bitCount: Int
  package var representation: Representation
  package var order: BitAndByteOrder

  package init(bitCount: Int, representation: Representation, order: BitAndByteOrder = BitAndByteOrder()) {
    self.bitCount = bitCount
    self.representation = representation
    self.order = order
  }
}

/// In which order the octets of a value, and the bits of it, were sent.
package struct BitAndByteOrder: Hashable, Sendable {
  /// For each octet as it comes in the packet its significance, zero for the least significant one; absent where the
  /// most significant comes first.
  package var octets: [UInt8]?
  /// All bits of the value are in the reverse order.
  package var isLeastSignificantBitFirst: Bool

  package init(octets: [UInt8]? = nil, isLeastSignificantBitFirst: Bool = false) {
    self.octets = octets
    self.isLeastSignificantBitFirst = isLeastSignificantBitFirst
  }
}

/// A text in a packet.
package struct StringEncoding: Hashable, Sendable {
  /// What the octets mean.
  package enum CharacterSet: Hashable, Sendable {
    case usASCII, iso8859Latin1, windows1252, utf8
    case utf16(isBigEndian: Bool)
  }

  /// Where the text ends within what it takes.
  package enum Ending: Hashable, Sendable {
    /// It fills it all.
    case whole
    /// At the first of these octets, which belong to what it takes, not to the text.
    case terminator([UInt8])
    /// A count in front of it, of so many bits, says how many octets it has.
    case leadingSize(bitCount: Int)
  }

  package var characters: CharacterSet
  /// How many bits it takes in the packet; absent where its ending alone says it.
  package var bitCount: IntegerValue?
  /// At most so many bits, where its ending says it.
  package var maximumBitCount: Int
  package var ending: Ending

  package init(characters: CharacterSet, bitCount: IntegerValue?, maximumBitCount: Int, ending: Ending) {
    self.characters = characters
    self.bitCount = bitCount
    self.maximumBitCount = maximumBitCount
    self.ending = ending
  }
}
