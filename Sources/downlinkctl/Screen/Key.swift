/// A key of a terminal.
package enum Key: Equatable, Sendable {
  case character(Character)
  case up, down, left, right, pageUp, pageDown, home, tab, backTab, enter, escape
}

/// Tells keys from the bytes that a terminal sends, however they are cut.
package struct KeyDecoder: Sendable {
  /// The parameters of a sequence that has begun; of a longer one the rest is not kept.
  private enum State {
    case text
    case escape
    case sequence([UInt8])
  }

  private static let longestSequence = 16
  private var state = State.text

  package init() {}

  /// The keys in these bytes. A lone escape at their end is the key itself; what goes on as a sequence is still one.
  package mutating func keys(in bytes: some Sequence<UInt8>) -> [Key] {
    var keys: [Key] = []
    var isFresh = false
    for byte in bytes {
      isFresh = false
      switch state {
      case .text where byte == 0x1B:
        (state, isFresh) = (.escape, true)
      case .text:
        if let key = Self.key(byte) { keys.append(key) }
      case .escape where byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O"):
        state = .sequence([])
      case .escape where byte == 0x1B:
        (keys, isFresh) = (keys + [.escape], true)
      case .escape:
        state = .text
        if let key = Self.key(byte) { keys.append(key) }
      case .sequence(let parameters) where (0x20...0x3F).contains(byte):
        state = .sequence(parameters.count < Self.longestSequence ? parameters + [byte] : parameters)
      case .sequence(let parameters):
        state = .text
        if let key = Self.key(byte, parameters) { keys.append(key) }
      }
    }
    if isFresh { keys.append(.escape) }
    return keys
  }

  private static func key(_ byte: UInt8) -> Key? {
    switch byte {
    case 0x09: .tab
    case 0x0A, 0x0D: .enter
    case 0x20...0x7E: .character(Character(Unicode.Scalar(byte)))
    default: nil
    }
  }

  private static func key(_ final: UInt8, _ parameters: [UInt8]) -> Key? {
    switch (final, parameters.first) {
    case (UInt8(ascii: "A"), _): .up
    case (UInt8(ascii: "B"), _): .down
    case (UInt8(ascii: "C"), _): .right
    case (UInt8(ascii: "D"), _): .left
    case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), UInt8(ascii: "1")): .home
    case (UInt8(ascii: "Z"), _): .backTab
    case (UInt8(ascii: "~"), UInt8(ascii: "5")): .pageUp
    case (UInt8(ascii: "~"), UInt8(ascii: "6")): .pageDown
    default: nil
    }
  }
}
