/// Puts spaces in place of tabs, by the lines around them, so that the rest of the file can be read as it was meant.
struct IndentationRepair {
  struct Tab {
    var message: String
    var mark: TextMark
    var hint: String
  }

  private(set) var text: SourceText
  private(set) var tabs: [Tab] = []
  /// By line, how many characters the original is longer than the repaired line.
  private(set) var columnShifts: [Int: Int] = [:]

  /// Nothing when no tab is to blame for the error.
  init?(_ original: SourceText, after error: YAMLSyntaxError) {
    text = original
    let suspects = [error.mark.line - 1, error.mark.line, error.contextMark?.line ?? error.mark.line]
    if suspects.contains(where: { original.hasIndentingTab($0) }) {
      repairAll(of: original)
    } else if original.byte(at: error.mark) == 0x09 {
      tabs = [
        Tab(
          message: "a tab stands where a space is needed", mark: error.mark,
          hint: "write spaces: YAML allows no tab here")
      ]
      text.replaceByte(at: error.mark, with: 0x20)
    } else {
      return nil
    }
  }

  private mutating func repairAll(of original: SourceText) {
    var bytes: [UInt8] = []
    var guess = IndentationGuess()
    for number in 1...original.lineCount {
      let line = original.line(number)
      let content = line.drop { $0 == 0x20 || $0 == 0x09 }
      var column = content.startIndex - line.startIndex
      if original.hasIndentingTab(line, before: content) {
        let width = guess.indentation(of: content)
        let tabColumn = line.prefix { $0 == 0x20 }.count + 1
        tabs.append(
          Tab(
            message: "a tab in the indentation", mark: TextMark(line: number, column: tabColumn),
            hint: "indent with spaces: YAML allows no tabs"))
        columnShifts[number] = column - width
        column = width
      }
      bytes.append(contentsOf: repeatElement(0x20, count: column))
      bytes.append(contentsOf: content)
      bytes.append(0x0A)
      guess.observe(content, at: column)
    }
    text = SourceText(name: original.name, bytes: bytes)
  }
}

/// Where the next line probably should begin.
private struct IndentationGuess {
  private var contentColumn = 0
  private var dashColumn = 0
  private var opensSection = false

  /// The column for a line whose own indentation cannot be trusted.
  func indentation(of content: ArraySlice<UInt8>) -> Int {
    if opensSection { return contentColumn + 2 }
    return content.starts(with: [0x2D, 0x20]) ? dashColumn : contentColumn
  }

  mutating func observe(_ content: ArraySlice<UInt8>, at column: Int) {
    guard let first = content.first, first != UInt8(ascii: "#") else { return }
    var rest = content
    contentColumn = column
    while rest.starts(with: [0x2D, 0x20]) {
      dashColumn = contentColumn
      let spaces = rest.dropFirst().prefix { $0 == 0x20 }.count
      contentColumn += 1 + spaces
      rest = rest.dropFirst(1 + spaces)
    }
    let trailing = rest.reversed().drop { $0 == 0x20 || $0 == 0x09 }
    opensSection = trailing.first == UInt8(ascii: ":")
  }
}

extension SourceText {
  /// Whether a tab is among the white space before the first word of a line.
  fileprivate func hasIndentingTab(_ number: Int) -> Bool {
    let line = line(number)
    return hasIndentingTab(line, before: line.drop { $0 == 0x20 || $0 == 0x09 })
  }

  fileprivate func hasIndentingTab(_ line: ArraySlice<UInt8>, before content: ArraySlice<UInt8>) -> Bool {
    !content.isEmpty && content.first != UInt8(ascii: "#") && line[..<content.startIndex].contains(0x09)
  }
}
