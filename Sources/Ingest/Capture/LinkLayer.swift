/// How the records of a capture wrap their IP packets.
enum LinkLayer: Equatable {
  case ethernet
  case linuxCooked
  case linuxCooked2
  case bsdLoopback
  case rawInternet

  /// What a record holds.
  enum Content: Equatable {
    case internet(offset: Int)
    case other
    case malformed
  }

  /// - Parameter dataLinkType: As libpcap tells it, which differs from the number in the file for raw IP.
  init?(dataLinkType: Int32) {
    switch dataLinkType {
    case 0, 108: self = .bsdLoopback
    case 1: self = .ethernet
    case 12, 14, 101, 228, 229: self = .rawInternet
    case 113: self = .linuxCooked
    case 276: self = .linuxCooked2
    default: return nil
    }
  }

  /// Finds the IP packet.
  ///
  ///     Ethernet      |destination 48|source 48|type 16|...
  ///     cooked        |packet type 16|device type 16|length 16|address 64|type 16|...
  ///     cooked 2      |type 16|reserved 16|interface 32|device type 16|packet type 8|length 8|address 64|...
  ///     BSD loopback  |address family 32, in the byte order of the writer|...
  func content(of record: RawSpan) -> Content {
    switch self {
    case .ethernet: Self.resolve(record, typeOffset: 12, offset: 14)
    case .linuxCooked: Self.resolve(record, typeOffset: 14, offset: 16)
    case .linuxCooked2: Self.resolve(record, typeOffset: 0, offset: 20)
    case .bsdLoopback: Self.loopback(record)
    case .rawInternet: Self.raw(record)
    }
  }

  /// Follows VLAN tags, |identifier 16|control 16| each, to what they tag.
  private static func resolve(_ record: RawSpan, typeOffset: Int, offset: Int) -> Content {
    guard record.byteCount >= offset else { return .malformed }
    var type = record.bigEndian16(at: typeOffset)
    var offset = offset
    for _ in 0...vlanTagLimit {
      switch type {
      case 0x0800, 0x86dd:
        return .internet(offset: offset)
      case 0x8100, 0x88a8, 0x9100:
        guard record.byteCount >= offset + 4 else { return .malformed }
        type = record.bigEndian16(at: offset + 2)
        offset += 4
      default:
        return .other
      }
    }
    return .malformed
  }

  private static func loopback(_ record: RawSpan) -> Content {
    guard record.byteCount >= 4 else { return .malformed }
    let family = record.bigEndian32(at: 0)
    // 2 is IPv4 everywhere; IPv6 is 10 on Linux, 24, 28 and 30 on the BSDs.
    switch min(family, family.byteSwapped) {
    case 2, 10, 24, 28, 30: return .internet(offset: 4)
    default: return .other
    }
  }

  private static func raw(_ record: RawSpan) -> Content {
    guard record.byteCount > 0 else { return .malformed }
    return [4, 6].contains(record.byte(at: 0) >> 4) ? .internet(offset: 0) : .other
  }

  private static let vlanTagLimit = 8
}
