/// What has changed of the parameters of a link at one time: made into text only for those who watch, row by row.
package struct ParameterBatch: Sendable {
  /// The name of the link.
  package let link: String
  /// How many parameters have changed.
  package let rowCount: Int
  private let chosen: @Sendable (NamePattern, Range<Int>) -> [Int]
  private let text: @Sendable (Int) -> String

  /// - Parameters:
  ///   - chosen: Gives the rows of a range that a pattern is for.
  ///   - text: Gives the JSON text of a row.
  package init(
    of link: String, rowCount: Int, chosen: @escaping @Sendable (NamePattern, Range<Int>) -> [Int],
    text: @escaping @Sendable (Int) -> String
  ) {
    self.link = link
    self.rowCount = rowCount
    self.chosen = chosen
    self.text = text
  }

  /// How many of the rows from one on a pattern is for.
  func count(matching pattern: NamePattern, from position: Int) -> Int {
    chosen(pattern, min(position, rowCount)..<rowCount).count
  }

  /// The next rows that a pattern is for: a bounded piece of work.
  ///
  /// - Parameter position: Where to begin; afterwards, where to go on.
  func texts(matching pattern: NamePattern, from position: inout Int) -> [String] {
    let range = position..<min(rowCount, position + Self.examinedCount)
    var texts: [String] = []
    var byteCount = 0
    for row in chosen(pattern, range) {
      guard texts.count < Self.pieceCount, byteCount < Self.pieceByteCount else {
        position = row
        return texts
      }
      texts.append(text(row))
      byteCount += texts[texts.count - 1].utf8.count
    }
    position = range.upperBound
    return texts
  }

  /// How many rows are looked at in one piece of work, and how much is made into text of them: a small part of what
  /// may wait for a client.
  private static let examinedCount = 2048
  private static let pieceCount = 128
  private static let pieceByteCount = 16 << 10
}
