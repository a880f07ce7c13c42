/// The header of an IP packet, extension headers included, down to where its UDP datagram begins.
struct InternetHeader: Equatable {
  /// 128 bits of an address, of which IPv4 uses the last 32.
  struct Address: Equatable {
    var high: UInt64
    var low: UInt64
  }

  /// Where a fragment belongs.
  struct Fragment: Equatable {
    var identification: UInt32
    var byteOffset: Int
    var isLast: Bool
    /// What the reassembled datagram begins with.
    var nextHeader: UInt8
  }

  /// What an IP packet turns out to be.
  enum Outcome: Equatable {
    case header(InternetHeader)
    case notUDP
    case malformed
  }

  var source: Address
  var destination: Address
  var isIPv6: Bool
  /// The payload as the packet declares it, which may reach past what was captured.
  var payload: Range<Int>
  var fragment: Fragment?

  /// - Parameters:
  ///   - packet: From the first byte of the IP header to the end of the captured record.
  ///   - originalByteCount: What there was on the wire from there, padding included; at least what was captured.
  static func parse(_ packet: RawSpan, originalByteCount: Int) -> Outcome {
    guard packet.byteCount >= ipv4ByteCount else { return .malformed }
    return switch packet.byte(at: 0) >> 4 {
    case 4: parseIPv4(packet, originalByteCount: originalByteCount)
    case 6: parseIPv6(packet, originalByteCount: originalByteCount)
    default: .malformed
    }
  }

  ///     |version 4|header words 4|service 8|total length 16|identification 16|0, DF, MF|fragment offset 13|
  ///     |time to live 8|protocol 8|checksum 16|source 32|destination 32| options ...
  private static func parseIPv4(_ packet: RawSpan, originalByteCount: Int) -> Outcome {
    guard packet.byte(at: 9) == udpProtocol else { return .notUDP }
    let headerByteCount = Int(packet.byte(at: 0) & 0x0f) * 4
    // A network card that cuts segments itself leaves the length 0: then what was captured counts.
    let declared = Int(packet.bigEndian16(at: 2))
    let totalByteCount = declared == 0 ? originalByteCount : declared
    guard headerByteCount >= ipv4ByteCount, headerByteCount <= packet.byteCount, headerByteCount <= totalByteCount
    else { return .malformed }
    var header = InternetHeader(
      source: Address(high: 0, low: UInt64(packet.bigEndian32(at: 12))),
      destination: Address(high: 0, low: UInt64(packet.bigEndian32(at: 16))), isIPv6: false,
      payload: headerByteCount..<totalByteCount)
    let flagsAndOffset = packet.bigEndian16(at: 6)
    if flagsAndOffset & 0x3fff != 0 {
      header.fragment = Fragment(
        identification: UInt32(packet.bigEndian16(at: 4)), byteOffset: Int(flagsAndOffset & 0x1fff) * 8,
        isLast: flagsAndOffset & 0x2000 == 0, nextHeader: udpProtocol)
    }
    return .header(header)
  }

  ///     |version 4|traffic class 8|flow label 20|payload length 16|next header 8|hop limit 8|
  ///     |source 128|destination 128| extension headers ...
  private static func parseIPv6(_ packet: RawSpan, originalByteCount: Int) -> Outcome {
    guard packet.byteCount >= ipv6ByteCount else { return .malformed }
    let declared = Int(packet.bigEndian16(at: 4))
    let totalByteCount = declared == 0 ? originalByteCount : ipv6ByteCount + declared
    switch walk(packet, nextHeader: packet.byte(at: 6), offset: ipv6ByteCount) {
    case .notUDP: return .notUDP
    case .malformed: return .malformed
    case .udp(let offset, let fragment):
      guard offset <= totalByteCount else { return .malformed }
      return .header(
        InternetHeader(
          source: Address(high: packet.bigEndian64(at: 8), low: packet.bigEndian64(at: 16)),
          destination: Address(high: packet.bigEndian64(at: 24), low: packet.bigEndian64(at: 32)), isIPv6: true,
          payload: offset..<totalByteCount, fragment: fragment))
    }
  }

  /// Where a chain of IPv6 extension headers leads.
  enum Walk: Equatable {
    /// A UDP datagram, or a fragment of what may hold one, begins at `offset`.
    case udp(offset: Int, fragment: Fragment?)
    case notUDP
    case malformed
  }

  ///     |next header 8|length 8| ...      hop-by-hop, routing, destination options: 8 + 8 × length bytes
  ///     |next header 8|length 8| ...      authentication: 8 + 4 × length bytes
  ///     |next header 8|0 8|offset 13|0 2|M|identification 32|      fragment
  static func walk(_ bytes: RawSpan, nextHeader: UInt8, offset: Int) -> Walk {
    var nextHeader = nextHeader
    var offset = offset
    for _ in 0..<extensionHeaderLimit {
      if nextHeader == udpProtocol { return .udp(offset: offset, fragment: nil) }
      guard [0, 43, 44, 51, 60].contains(nextHeader) else { return .notUDP }
      guard bytes.byteCount >= offset + 8 else { return .malformed }
      let field = bytes.bigEndian16(at: offset + 2)
      let length = Int(bytes.byte(at: offset + 1))
      let kind = nextHeader
      nextHeader = bytes.byte(at: offset)
      switch kind {
      case 44 where field & 0xfff9 != 0:
        guard [0, 17, 43, 44, 51, 60].contains(nextHeader) else { return .notUDP }
        let fragment = Fragment(
          identification: bytes.bigEndian32(at: offset + 4), byteOffset: Int(field & 0xfff8), isLast: field & 1 == 0,
          nextHeader: nextHeader)
        return .udp(offset: offset + 8, fragment: fragment)
      case 44: offset += 8  // a whole datagram that could have been a fragment
      case 51: offset += 8 + length * 4
      default: offset += 8 + length * 8
      }
    }
    return .malformed
  }

  static let udpProtocol: UInt8 = 17
  private static let ipv4ByteCount = 20
  private static let ipv6ByteCount = 40
  private static let extensionHeaderLimit = 16
}
