/// A document as it is, for a person: a member a line, what belongs to it below.
struct OutlineText {
  let paint: Paint

  func lines(_ document: Document, indentation: Int = 0) -> [String] {
    let margin = String(repeating: " ", count: indentation)
    var lines: [String] = []
    for member in document.members {
      let label = margin + paint("\(member.name):", .quiet)
      if let value = Self.short(member.value) {
        lines.append("\(label) \(value)")
      } else if !member.value.members.isEmpty {
        lines.append(label)
        lines += self.lines(member.value, indentation: indentation + 2)
      } else if !member.value.elements.isEmpty {
        lines.append(label)
        for element in member.value.elements { lines += item(element, indentation: indentation + 2) }
      }
    }
    return lines
  }

  private func item(_ element: Document, indentation: Int) -> [String] {
    let margin = String(repeating: " ", count: indentation)
    var below = lines(element, indentation: indentation + 2)
    guard let first = below.first else { return [] }
    below[0] = margin + "- " + first.dropFirst(indentation + 2)
    return below
  }

  /// What fits behind its name.
  private static func short(_ value: Document) -> String? {
    if let text = value.plainText { return text.visible }
    let words = value.elements.compactMap { $0.plainText?.visible }
    return words.count == value.elements.count && !words.isEmpty ? words.joined(separator: ", ") : nil
  }

  /// A list of like things, a line each: what is in any of them and fits, in columns.
  func table(_ elements: [Document], empty: String) -> [String] {
    guard !elements.isEmpty else { return [empty] }
    var names: [String] = []
    for member in elements.flatMap(\.members) where member.value.plainText != nil && !names.contains(member.name) {
      names.append(member.name)
    }
    // Words stand to the left, and figures to the right of them.
    let isWord = { (name: String) in elements.contains { $0[name]?.string != nil || $0[name]?.bool != nil } }
    let columns = names.filter(isWord) + names.filter { !isWord($0) }
    var table = TextTable(
      columns.map { String($0.map { $0 == "_" ? " " : $0 }) }, leftAlignedColumnCount: names.count { isWord($0) })
    for element in elements {
      table.append(
        columns.map { name in
          let value = element[name]
          return .init(value?.int.map(\.grouped) ?? value?.plainText?.visible ?? "-")
        })
    }
    return table.lines(paint)
  }
}

extension String {
  /// The text without anything that could move the cursor.
  fileprivate var visible: String {
    let shown = unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? "?" : $0 }
    return String(String.UnicodeScalarView(shown))
  }
}
