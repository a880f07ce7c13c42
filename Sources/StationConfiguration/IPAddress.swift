/// An IPv4 or IPv6 address.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
  /// What stands before an IPv4 address in IPv6: `::ffff:0.0.0.0`.
  private static let mappedPrefix: UInt128 = 0xFFFF << 32

  /// All 128 bits; an IPv4 address is mapped into IPv6.
  package let bits: UInt128

  /// - Parameter bytes: Four or sixteen, in network order.
  package init?(bytes: [UInt8]) {
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    bits = bytes.reduce(bytes.count == 4 ? 0xFFFF : 0) { $0 << 8 | UInt128($1) }
  }

  /// - Parameter bits: All 128; what begins with `::ffff:` is an IPv4 address.
  package init(bits: UInt128) { self.bits = bits }

  /// Reads the usual text form: four decimal numbers, or hexadecimal groups with at most one `::`.
  package init?(_ text: String) {
    let parsed = text.utf8.contains(UInt8(ascii: ":")) ? Self.parseIPv6(text) : Self.parseIPv4(text)
    guard let parsed else { return nil }
    self.init(bytes: parsed)
  }

  package var isIPv6: Bool { bits >> 32 != Self.mappedPrefix >> 32 }
  package var isLoopback: Bool { isIPv6 ? bits == 1 : (bits >> 24) & 0xFF == 127 }
  package var isMulticast: Bool { isIPv6 ? bits >> 120 == 0xFF : (bits >> 28) & 0xF == 0xE }
  /// Whether it stands for every address of the machine.
  package var isUnspecified: Bool { bits == 0 || bits == Self.mappedPrefix }

  /// Four or sixteen, in network order.
  package var bytes: [UInt8] {
    let count = isIPv6 ? 16 : 4
    return (0..<count).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt128(count - 1 - $0))) }
  }

  /// The text form; the longest run of zero groups in IPv6 is shortened to `::`.
  package var description: String {
    guard isIPv6 else { return bytes.map { String($0) }.joined(separator: ".") }
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> (16 * UInt128(7 - $0))) }
    var longest = 0..<0
    var start = 0
    for index in 0...8 where index == 8 || groups[index] != 0 {
      if index - start > longest.count { longest = start..<index }
      start = index + 1
    }
    let words = groups.map { String($0, radix: 16) }
    guard longest.count > 1 else { return words.joined(separator: ":") }
    return words[..<longest.lowerBound].joined(separator: ":") + "::"
      + words[longest.upperBound...].joined(separator: ":")
  }

  // MARK: Helpers

  private static func parseIPv4(_ text: String) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bytes: [UInt8] = []
    for part in parts {
      let isPlain = part.utf8.allSatisfy { (0x30...0x39).contains($0) } && (part.count == 1 || part.first != "0")
      guard isPlain, let byte = UInt8(part) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  private static func parseIPv6(_ text: String) -> [UInt8]? {
    guard text.utf8.count <= 45 else { return nil }
    guard let gap = text.firstDoubleColon else {
      let bytes = parseGroups(text[...], isLast: true)
      return bytes?.count == 16 ? bytes : nil
    }
    let (head, tail) = (text[..<gap], text[text.index(gap, offsetBy: 2)...])
    guard let front = head.isEmpty ? [] : parseGroups(head, isLast: false),
      let back = tail.isEmpty ? [] : parseGroups(tail, isLast: true),
      front.count + back.count <= 14
    else { return nil }
    return front + [UInt8](repeating: 0, count: 16 - front.count - back.count) + back
  }

  /// Hexadecimal groups; the last of an address may be four decimal numbers.
  private static func parseGroups(_ text: Substring, isLast: Bool) -> [UInt8]? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    var bytes: [UInt8] = []
    for (index, part) in parts.enumerated() {
      if isLast, part.contains("."), index == parts.count - 1 {
        guard let tail = parseIPv4(String(part)) else { return nil }
        bytes += tail
      } else {
        let isHexadecimal = (1...4).contains(part.utf8.count) && part.utf8.allSatisfy(\.isHexadecimalDigit)
        guard isHexadecimal, let group = UInt16(part, radix: 16) else { return nil }
        bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
      }
    }
    return bytes
  }
}

extension String {
  fileprivate var firstDoubleColon: Index? {
    var previous: Character?
    for index in indices {
      if self[index] == ":", previous == ":" { return self.index(before: index) }
      previous = self[index]
    }
    return nil
  }
}

extension UInt8 {
  /// Whether the byte is one of `0-9`, `a-f` and `A-F`.
  var isHexadecimalDigit: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
  }
}
