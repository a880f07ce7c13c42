/// The text of one file, made harmless for the scanner: UTF-8, no control characters, no byte order mark.
struct SourceText {
  /// Larger files are refused before they are read.
  static let largestByteCount = 1 << 20
  /// Characters of a line that are shown with a problem.
  private static let excerptCapacity = 120

  let name: String
  private(set) var bytes: [UInt8]
  /// Where each line begins in `bytes`.
  private var lineStarts: [Int] = [0]

  /// - Parameter bytes: UTF-8 with any line ends; what is not allowed was replaced by question marks.
  init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    var previous: UInt8 = 0
    for (offset, byte) in bytes.enumerated() {
      if byte == 0x0A || byte == 0x0D {
        if byte == 0x0A && previous == 0x0D { lineStarts.removeLast() }
        lineStarts.append(offset + 1)
      }
      previous = byte
    }
  }

  var lineCount: Int { lineStarts.count }

  /// The bytes of a line without its line end, counted from 1; empty when there is no such line.
  func line(_ number: Int) -> ArraySlice<UInt8> {
    guard number >= 1, number <= lineStarts.count else { return [] }
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] : bytes.count
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return bytes[start..<end]
  }

  /// The characters of a line.
  func characters(of number: Int) -> String.UnicodeScalarView {
    String(decoding: line(number), as: UTF8.self).unicodeScalars
  }

  /// Lines in front of the document that begin with `%`.
  var directiveLines: [Int] {
    var numbers: [Int] = []
    for number in 1...lineCount {
      let line = line(number)
      let content = line.drop { $0 == 0x20 || $0 == 0x09 }
      guard let first = content.first, first != UInt8(ascii: "#") else { continue }
      guard line.first == UInt8(ascii: "%") else { break }
      numbers.append(number)
    }
    return numbers
  }

  /// The line around a position, no longer than a terminal is wide.
  func excerpt(at mark: TextMark) -> SourceExcerpt? {
    guard mark.line >= 1, mark.line <= lineStarts.count else { return nil }
    let capacity = Self.excerptCapacity
    let before = max(0, mark.column - 1)
    let skipped = before > capacity * 3 / 4 ? before - capacity / 2 : 0
    var text = skipped > 0 ? "..." : ""
    var indentation = skipped > 0 ? "   " : ""
    var column = 0
    // A scalar takes at most four bytes: no more of a long line has to be decoded than is shown.
    let part = String(decoding: line(mark.line).prefix(4 * (skipped + capacity)), as: UTF8.self)
    for scalar in part.unicodeScalars {
      defer { column += 1 }
      guard column >= skipped else { continue }
      guard column < skipped + capacity else {
        text += "..."
        break
      }
      text.unicodeScalars.append(scalar)
      if column < before { indentation += scalar == "\t" ? "\t" : " " }
    }
    if column < before { indentation += String(repeating: " ", count: min(before - column, 1)) }
    return SourceExcerpt(text: text, caretIndentation: indentation)
  }

  /// Puts spaces in place of a line's rest, so that every other position stays what it is.
  mutating func blank(line number: Int, from column: Int = 0) {
    let range = line(number).indices
    for offset in range.dropFirst(column) { bytes[offset] = 0x20 }
  }

  /// The first byte of the character at a position.
  func byte(at mark: TextMark) -> UInt8? { offset(of: mark).map { bytes[$0] } }

  /// Puts one byte in place of another at a position.
  mutating func replaceByte(at mark: TextMark, with byte: UInt8) {
    guard let offset = offset(of: mark) else { return }
    bytes[offset] = byte
  }

  private func offset(of mark: TextMark) -> Int? {
    let line = line(mark.line)
    let isStart = { (byte: UInt8) in byte & 0xC0 != 0x80 }
    return line.indices.filter { isStart(line[$0]) }.dropFirst(mark.column - 1).first
  }
}
