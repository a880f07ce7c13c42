/// The secret that clients have to show.
package struct AccessToken: Sendable, Equatable {
  /// The shortest that is a secret.
  package static let minimumByteCount = 16

  private let bytes: [UInt8]

  /// - Parameter text: What is in its file; blanks and line ends around it do not count.
  package init?(_ text: [UInt8]) {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let trimmed = Array(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    // What is not printable cannot be sent in a header field.
    guard trimmed.count >= Self.minimumByteCount, trimmed.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    bytes = trimmed
  }

  /// Whether a header field `Authorization` shows it: as a bearer, or as the password of whomever, as browsers do.
  package func isShown(by field: String) -> Bool {
    let parts = field.split(separator: " ", maxSplits: 1)
    guard parts.count == 2 else { return false }
    switch parts[0].lowercased() {
    case "bearer": return equals(Array(parts[1].utf8))
    case "basic":
      guard let credentials = Base64.decoded(parts[1]), let colon = credentials.firstIndex(of: UInt8(ascii: ":")) else {
        return false
      }
      return equals(Array(credentials[(colon + 1)...]))
    default: return false
    }
  }

  /// Takes as long for what is nearly right as for what is not.
  private func equals(_ other: [UInt8]) -> Bool {
    var difference = UInt8(bytes.count == other.count ? 0 : 1)
    for index in other.indices { difference |= other[index] ^ bytes[index % bytes.count] }
    return difference == 0
  }
}

/// Standard: RFC 4648 §4.
package enum Base64 {
  /// The bytes; `nil` where it is not Base64.
  package static func decoded(_ text: Substring) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (bits, bitCount) = (UInt32(0), 0)
    let digits = text.utf8.reversed().drop { $0 == UInt8(ascii: "=") }.reversed()
    for digit in digits {
      let value: UInt8
      switch digit {
      case 0x41...0x5A: value = digit - 0x41
      case 0x61...0x7A: value = digit - 0x61 + 26
      case 0x30...0x39: value = digit - 0x30 + 52
      case UInt8(ascii: "+"): value = 62
      case UInt8(ascii: "/"): value = 63
      default: return nil
      }
      bits = bits << 6 | UInt32(value)
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
      }
    }
    return bytes
  }
}
