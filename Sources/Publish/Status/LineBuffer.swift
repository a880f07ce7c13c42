/// Cuts what a client sends into lines, however the bytes arrive.
package struct LineBuffer {
  /// What the next step gives.
  package enum Next: Equatable {
    /// A whole line, without its end.
    case line([UInt8])
    /// A line is longer than allowed, whether its end has come or not.
    case tooLong
    /// The end of the line has not come yet.
    case incomplete
  }

  private let maximumLineByteCount: Int
  private var bytes: [UInt8] = []
  private var start = 0

  /// - Parameter maximumLineByteCount: How long a line may be, its end left out.
  package init(maximumLineByteCount: Int) { self.maximumLineByteCount = maximumLineByteCount }

  /// Whether nothing waits to be cut.
  var isEmpty: Bool { start == bytes.count }

  /// Adds what has arrived.
  package mutating func append(_ more: ArraySlice<UInt8>) {
    bytes.removeFirst(start)
    start = 0
    bytes.append(contentsOf: more)
  }

  /// The next line without its end, LF or CRLF.
  package mutating func next() -> Next {
    let rest = bytes[start...]
    guard let end = rest.prefix(maximumLineByteCount + 1).firstIndex(of: UInt8(ascii: "\n")) else {
      return rest.count > maximumLineByteCount ? .tooLong : .incomplete
    }
    start = end + 1
    let line = rest[..<end]
    return .line(Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
  }

  /// What is left when the client has ended its side: a last line without an end.
  package mutating func takeRest() -> [UInt8]? {
    defer { start = bytes.count }
    return isEmpty ? nil : Array(bytes[start...])
  }
}
