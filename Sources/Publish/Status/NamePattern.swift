/// A pattern that names of parameters are looked for with: `*` stands for any number of characters, `?` for one.
///
/// Case is no matter. Without a `/` it is compared with the last part of a name, else with the whole.
package struct NamePattern: Hashable, Sendable {
  /// How long a pattern may be, in bytes.
  package static let maximumByteCount = 256

  private let characters: [Unicode.Scalar]
  private let isPath: Bool

  /// Nothing where it is too long.
  package init?(_ text: String) {
    guard text.utf8.count <= Self.maximumByteCount else { return nil }
    characters = Self.folded(text)
    isPath = text.contains("/")
  }

  /// Whether it is for this name.
  package func matches(_ name: String) -> Bool {
    guard !isPath, let slash = name.lastIndex(of: "/") else { return matches(Self.folded(name)) }
    return matches(Self.folded(name[name.index(after: slash)...]))
  }

  /// One step back is enough: what the last `*` has to stand for only grows. So the work is bounded by the product of
  /// both lengths.
  private func matches(_ name: [Unicode.Scalar]) -> Bool {
    var position = 0
    var index = 0
    var lastStar: Int?
    var resumption = 0
    while index < name.count {
      if position < characters.count, characters[position] == "*" {
        lastStar = position
        resumption = index
        position += 1
      } else if position < characters.count, characters[position] == "?" || characters[position] == name[index] {
        position += 1
        index += 1
      } else if let lastStar {
        resumption += 1
        index = resumption
        position = lastStar + 1
      } else {
        return false
      }
    }
    return characters[position...].allSatisfy { $0 == "*" }
  }

  private static func folded(_ text: some StringProtocol) -> [Unicode.Scalar] {
    text.unicodeScalars.map { "A"..."Z" ~= $0 ? Unicode.Scalar(UInt8($0.value) + 32) : $0 }
  }
}
