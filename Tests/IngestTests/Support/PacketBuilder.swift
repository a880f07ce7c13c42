/// IP packets made by hand for the tests.
enum Packet {
  static let sourcePort = 40_000
  static let destinationPort = 10_015

  static func udp(
    _ payload: [UInt8], to port: Int = destinationPort, length: Int? = nil
  ) -> [UInt8] {
    .big16(sourcePort) + .big16(port) + .big16(length ?? payload.count + 8) + [0, 0] + payload
  }

  /// - Parameter flags: The 16 bits of flags and fragment offset.
  static func ipv4(
    _ payload: [UInt8], identification: Int = 1, flags: Int = 0, proto: UInt8 = 17, options: [UInt8] = [],
    totalLength: Int? = nil
  ) -> [UInt8] {
    let headerByteCount = 20 + options.count
    return [0x40 | UInt8(headerByteCount / 4), 0] + .big16(totalLength ?? headerByteCount + payload.count)
      + .big16(identification) + .big16(flags) + [64, proto, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2] + options + payload
  }

  static func ipv6(_ payload: [UInt8], nextHeader: UInt8 = 17, payloadLength: Int? = nil) -> [UInt8] {
    [0x60, 0, 0, 0] + .big16(payloadLength ?? payload.count) + [nextHeader, 64]
      + [UInt8](hex: "fd00 0000 0000 0000 0000 0000 0000 0001")
      + [UInt8](hex: "fd00 0000 0000 0000 0000 0000 0000 0002")
      + payload
  }

  static func ethernet(_ payload: [UInt8], type: Int = 0x0800, tags: [Int] = []) -> [UInt8] {
    [UInt8](hex: "020000000002 020000000001") + tags.flatMap { .big16($0) + [0, 100] } + .big16(type) + payload
  }

  /// The IPv4 fragments of a payload, cut at these byte offsets.
  static func ipv4Fragments(_ payload: [UInt8], cuts: [Int], identification: Int = 77) -> [[UInt8]] {
    let bounds = [0] + cuts + [payload.count]
    return zip(bounds, bounds.dropFirst()).map { begin, end in
      let more = end < payload.count ? 0x2000 : 0
      return ipv4(Array(payload[begin..<end]), identification: identification, flags: more | begin / 8)
    }
  }

  static func ipv6Fragments(_ payload: [UInt8], cuts: [Int], identification: Int = 0xabcd, nextHeader: UInt8 = 17)
    -> [[UInt8]]
  {
    let bounds = [0] + cuts + [payload.count]
    return zip(bounds, bounds.dropFirst()).map { begin, end in
      let field = begin | (end < payload.count ? 1 : 0)
      return ipv6([nextHeader, 0] + .big16(field) + .big32(identification) + payload[begin..<end], nextHeader: 44)
    }
  }
}
