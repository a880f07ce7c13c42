/// What a packet file reader has lent.
package enum PacketFileUnit: Equatable, Sendable {
  /// A whole packet, by its own length.
  case packet
  /// A packet that the file ends in the middle of.
  case cutOff
  /// A part of the rest of the file, which begins with no packet: nothing can be made out behind it.
  case unparsable
}

/// Space Packets and Encapsulation Packets, one behind the other in a file or a pipe, each as long as it says it is.
///
/// Standard: CCSDS 133.0-B-2 §4.1.3, CCSDS 133.1-B-3 §4.1.2.
package struct PacketFileReader {
  /// What they come from; tells how far reading has got.
  package let stream: ByteStreamReader
  private let maximumPacketByteCount: Int
  private var hasLostTrack = false

  /// - Parameter maximumPacketByteCount: A longer packet is not believed; at least 8, the longest header.
  package init(_ stream: ByteStreamReader, maximumPacketByteCount: Int) {
    self.stream = stream
    self.maximumPacketByteCount = max(maximumPacketByteCount, Self.longestHeaderByteCount)
    stream.reserve(self.maximumPacketByteCount)
  }

  /// Lends the next packet; or, once something is not one, the rest of the file in parts of at most 64 KiB.
  /// - Returns: False at the end, when nothing was lent.
  package mutating func next(_ body: (RawSpan, PacketFileUnit) -> Void) throws(IngestError) -> Bool {
    if !hasLostTrack {
      let headerByteCount = try stream.fill(Self.longestHeaderByteCount)
      guard headerByteCount > 0 else { return false }
      let measure = Self.measure(stream.available(headerByteCount))
      switch measure {
      case .packet(let byteCount) where byteCount <= maximumPacketByteCount:
        let available = try stream.fill(byteCount)
        return stream.lend(available) { body($0, available == byteCount ? .packet : .cutOff) }
      case .cutOff:
        return stream.lend(headerByteCount) { body($0, .cutOff) }
      case .packet, .notAPacket:
        hasLostTrack = true
      }
    }
    return try stream.next(upTo: Self.chunkByteCount) { body($0, .unparsable) }
  }

  private enum Measure {
    case packet(byteCount: Int)
    /// The file ends before the length.
    case cutOff
    case notAPacket
  }

  /// Reads the length of a packet from its header.
  ///
  ///     Space Packet          |PVN 000 ...|sequence control 16|length - 7, 16|
  ///     Encapsulation Packet  |PVN 111|protocol 3|LoL 00|
  ///                           |          "      |LoL 01|length 8|
  ///                           |          "      |LoL 10|user 4|extension 4|length 16|
  ///                           |          "      |LoL 11|user 4|extension 4|CCSDS defined 16|length 32|
  private static func measure(_ header: RawSpan) -> Measure {
    let first = header.byte(at: 0)
    switch (first >> 5, first & 0b11) {
    case (0b000, _):
      guard header.byteCount >= 6 else { return .cutOff }
      return .packet(byteCount: Int(header.bigEndian16(at: 4)) + 7)
    case (0b111, 0b00):
      return .packet(byteCount: 1)
    case (0b111, 0b01):
      guard header.byteCount >= 2 else { return .cutOff }
      return encapsulation(Int(header.byte(at: 1)), headerByteCount: 2)
    case (0b111, 0b10):
      guard header.byteCount >= 4 else { return .cutOff }
      return encapsulation(Int(header.bigEndian16(at: 2)), headerByteCount: 4)
    case (0b111, _):
      guard header.byteCount >= 8 else { return .cutOff }
      return encapsulation(Int(header.bigEndian32(at: 4)), headerByteCount: 8)
    default:
      return .notAPacket
    }
  }

  private static func encapsulation(_ byteCount: Int, headerByteCount: Int) -> Measure {
    byteCount >= headerByteCount ? .packet(byteCount: byteCount) : .notAPacket
  }

  private static let longestHeaderByteCount = 8
  private static let chunkByteCount = 65_536
}
