/// The IP address and port of one end of a UDP conversation, in 24 bytes.
package struct SocketAddress: Hashable, Sendable {
  /// The first 64 bits of an IPv6 address; 0 for IPv4.
  package let high: UInt64
  /// The last 64 bits of an IPv6 address, or the 32 bits of an IPv4 address.
  package let low: UInt64
  package let port: UInt16
  package let isIPv6: Bool

  /// An IPv4 address, such as 0x7f00_0001 for 127.0.0.1.
  package init(ipv4 address: UInt32, port: UInt16) {
    high = 0
    low = UInt64(address)
    self.port = port
    isIPv6 = false
  }

  /// An IPv6 address. One that only wraps an IPv4 address (`::ffff:127.0.0.1`) becomes that IPv4 address.
  package init(ipv6High high: UInt64, low: UInt64, port: UInt16) {
    let wrapsIPv4 = high == 0 && low >> 32 == 0xffff
    self.high = high
    self.low = wrapsIPv4 ? low & 0xffff_ffff : low
    self.port = port
    isIPv6 = !wrapsIPv4
  }
}

extension SocketAddress: CustomStringConvertible {
  /// `127.0.0.1:10017` or `[::1]:10017`.
  package var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// The address alone, as RFC 5952 wants it written.
  package var host: String { isIPv6 ? ipv6Host : ipv4Host }

  private var ipv4Host: String { "\(low >> 24 & 0xff).\(low >> 16 & 0xff).\(low >> 8 & 0xff).\(low & 0xff)" }

  private var ipv6Host: String {
    let groups = (0..<8).map { index in UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> (48 - index % 4 * 16)) }
    let zeros = Self.longestRunOfZeros(in: groups)
    let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
    guard zeros.count > 1 else { return text(groups[...]) }
    return text(groups[..<zeros.lowerBound]) + "::" + text(groups[zeros.upperBound...])
  }

  private static func longestRunOfZeros(in groups: [UInt16]) -> Range<Int> {
    var longest = 0..<0
    var start = 0
    for index in groups.indices {
      if groups[index] != 0 { start = index + 1 }
      if index + 1 - start > longest.count { longest = start..<(index + 1) }
    }
    return longest
  }
}
