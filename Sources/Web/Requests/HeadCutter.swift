package import NIOCore

/// Cuts what a client sends into the heads of requests, and knows when one gets too long.
///
/// A head ends with its first empty line. It is handed on whole, so that a parser sees one request at a time and never
/// more than is allowed.
package struct HeadCutter {
  /// What the next step gives.
  package enum Next: Equatable {
    case head(ByteBuffer)
    /// The end has not come yet.
    case incomplete
    /// The request line alone is too long.
    case lineTooLong
    case headTooLong
  }

  private let lineByteCount: Int
  private let headByteCount: Int
  private var bytes = ByteBuffer()
  /// How many of the bytes are known to have no end among them.
  private var searched = 0
  private var hasLine = false

  /// - Parameters:
  ///   - lineByteCount: The longest request line, its end left out.
  ///   - headByteCount: The longest head, its end included.
  package init(lineByteCount: Int, headByteCount: Int) {
    self.lineByteCount = lineByteCount
    self.headByteCount = headByteCount
  }

  /// How many bytes wait to be cut.
  package var waitingByteCount: Int { bytes.readableBytes }

  package mutating func append(_ more: inout ByteBuffer) {
    if bytes.readableBytes == 0 { bytes.clear() }
    bytes.writeBuffer(&more)
  }

  /// Forgets all that waits.
  package mutating func clear() {
    bytes = ByteBuffer()
    (searched, hasLine) = (0, false)
  }

  package mutating func next() -> Next {
    let view = bytes.readableBytesView
    var index = view.startIndex + searched
    let limit = view.startIndex + min(view.count, headByteCount)
    while index < limit {
      if view[index] == UInt8(ascii: "\n") {
        let offset = index - view.startIndex
        if isEnd(offset, in: view) { return take(offset + 1) }
        // Empty lines before a request are nothing: only one with something in it is its first.
        if !hasLine, offset > lineByteCount { return .lineTooLong }
        hasLine = true
      }
      index += 1
      searched = index - view.startIndex
    }
    if !hasLine, searched > lineByteCount { return .lineTooLong }
    return searched >= headByteCount ? .headTooLong : .incomplete
  }

  /// Whether the line feed at `offset` ends an empty line that is not the first.
  private func isEnd(_ offset: Int, in view: ByteBufferView) -> Bool {
    func byte(_ back: Int) -> UInt8? { offset >= back ? view[view.startIndex + offset - back] : nil }
    let feed = UInt8(ascii: "\n")
    if byte(1) == feed { return true }
    return byte(1) == UInt8(ascii: "\r") && byte(2) == feed
  }

  private mutating func take(_ count: Int) -> Next {
    (searched, hasLine) = (0, false)
    return bytes.readSlice(length: count).map(Next.head) ?? .incomplete
  }
}
