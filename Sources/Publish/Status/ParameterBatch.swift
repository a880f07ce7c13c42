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

  /// How many of the rows of a range a pattern is for.
  func count(matching pattern: NamePattern, in range: Range<Int>) -> Int { chosen(pattern, range).count }

  /// The next rows that a pattern is for: a bounded piece of work.
  ///
  /// - Parameter rest: The rows there are; afterwards, those that are left of them.
  func texts(matching pattern: NamePattern, in rest: inout Range<Int>) -> [String] {
    let range = rest.prefix(Self.examinedCount)
    var texts: [String] = []
    var byteCount = 0
    for row in chosen(pattern, range) {
      guard texts.count < Self.pieceCount, byteCount < Self.pieceByteCount else {
        rest = row..<rest.upperBound
        return texts
      }
      texts.append(text(row))
      byteCount += texts[texts.count - 1].utf8.count
    }
    rest = range.endIndex..<rest.upperBound
    return texts
  }

  /// How many rows are looked at in one piece of work, and how much is made into text of them: a small part of what
  /// may wait for a client.
  private static let examinedCount = 2048
  private static let pieceCount = 128
  private static let pieceByteCount = 16 << 10
}
