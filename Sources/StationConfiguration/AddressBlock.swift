/// All addresses that begin with the same bits, written `10.0.0.0/8` or `fd00::/8`.
package struct AddressBlock: Hashable, Sendable, CustomStringConvertible {
  /// Its bits behind the prefix are zero.
  package let address: IPAddress
  /// 0…32 or 0…128.
  package let prefixBitCount: Int
  private let mask: UInt128

  /// Reads a block, or a single address.
  package init(_ text: String) throws(AddressBlockError) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let address = IPAddress(String(first)) else { throw .malformed }
    let bitCount = address.isIPv6 ? 128 : 32
    var prefix = bitCount
    if parts.count == 2 {
      let digits = parts[1].utf8
      guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
        digits.count == 1 || parts[1].first != "0", let number = Int(parts[1]), number <= bitCount
      else { throw .malformed }
      prefix = number
    }
    // An IPv4 prefix counts from behind the 96 bits that map it into IPv6.
    let hostBitCount = bitCount - prefix
    let mask = hostBitCount == 128 ? 0 : ~UInt128(0) << UInt128(hostBitCount)
    let network = IPAddress(bits: address.bits & mask)
    guard network == address else { throw .hostBits(network: "\(network)/\(prefix)") }
    self.address = address
    self.mask = mask
    prefixBitCount = prefix
  }

  /// A block of one address.
  package init(_ address: IPAddress) {
    self.address = address
    mask = ~UInt128(0)
    prefixBitCount = address.isIPv6 ? 128 : 32
  }

  /// Whether the address begins with the bits of this block.
  package func contains(_ other: IPAddress) -> Bool {
    other.isIPv6 == address.isIPv6 && other.bits & mask == address.bits
  }

  package var description: String { "\(address)/\(prefixBitCount)" }
}

/// Why a text is not a block of addresses.
package enum AddressBlockError: Error, Equatable {
  case malformed
  /// Bits behind the prefix are set; the block that was probably meant.
  case hostBits(network: String)
}
