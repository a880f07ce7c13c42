/// A borrowed view of a Multiplexing Protocol Data Unit: the data field of an AOS frame that carries packets.
///
/// Standard: CCSDS 732.0-B-4 §4.1.4.2.
///
///     |spare 5|first header pointer 11| packet zone ...
///     |first header pointer 16|         packet zone ...     where the managed pointer has 16 bits
package struct MultiplexingProtocolDataUnit: ~Escapable {
  /// The header is the pointer and nothing else.
  package static let headerByteCount = 2

  /// Where the first packet begins in the zone.
  package let firstHeaderPointer: FirstHeaderPointer
  /// The packets, or parts of them; at least one byte.
  package let packetZone: RawSpan

  /// - Parameter pointerBitCount: 11 or 16. Spare bits in use show an 11-bit reader a pointer of 16 bits.
  /// - Throws: `.truncated` below three bytes.
  @_lifetime(copy bytes)
  package init(validating bytes: RawSpan, pointerBitCount: Int = 11) throws(WireError) {
    guard bytes.byteCount > Self.headerByteCount else {
      throw .truncated(.dataFieldHeader, need: Self.headerByteCount + 1, have: bytes.byteCount)
    }
    let word = bytes.uint16(at: 0)
    firstHeaderPointer =
      pointerBitCount == 16 || word >> 11 != 0
      ? FirstHeaderPointer(sixteenBits: word) : FirstHeaderPointer(elevenBits: word)
    packetZone = bytes.from(Self.headerByteCount)
  }
}

/// A borrowed view of a Bitstream Protocol Data Unit: the data field of an AOS frame that carries a stream of bits.
///
/// Standard: CCSDS 732.0-B-4 §4.1.4.3.
///
///     |spare 2|bitstream data pointer 14| bitstream zone ...
package struct BitstreamProtocolDataUnit: ~Escapable {
  /// The header is the pointer and nothing else.
  package static let headerByteCount = 2
  private static let allBitsValid: UInt16 = 0x3FFF
  private static let onlyIdleData: UInt16 = 0x3FFE

  /// The bits of the stream, with fill behind them; at least one byte.
  package let bitstreamZone: RawSpan
  /// How many bits of the zone, from its first, belong to the stream.
  package let validBitCount: Int

  /// - Throws: `.truncated` below three bytes, `.overrun` when the pointer lies past the zone.
  @_lifetime(copy bytes)
  package init(validating bytes: RawSpan) throws(WireError) {
    guard bytes.byteCount > Self.headerByteCount else {
      throw .truncated(.dataFieldHeader, need: Self.headerByteCount + 1, have: bytes.byteCount)
    }
    let zone = bytes.from(Self.headerByteCount)
    let pointer = bytes.uint16(at: 0) & 0x3FFF
    switch pointer {
    case Self.allBitsValid: validBitCount = zone.byteCount * 8
    case Self.onlyIdleData: validBitCount = 0
    default:
      guard Int(pointer) < zone.byteCount * 8 else {
        throw .overrun(.dataFieldHeader, claimed: Int(pointer) + 1, available: zone.byteCount * 8)
      }
      validBitCount = Int(pointer) + 1
    }
    bitstreamZone = zone
  }
}
