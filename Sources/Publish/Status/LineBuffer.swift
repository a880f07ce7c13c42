/// Cuts what a client sends into lines, however the bytes arrive.
struct LineBuffer {
  enum Next: Equatable {
    case line([UInt8])
    /// A line is longer than allowed, whether its end has come or not.
    case tooLong
    case incomplete
  }

  private let maximumLineByteCount: Int
  private var bytes: [UInt8] = []
  private var start = 0

  init(maximumLineByteCount: Int) { self.maximumLineByteCount = maximumLineByteCount }

  var isEmpty: Bool { start == bytes.count }

  mutating func append(_ more: ArraySlice<UInt8>) {
    bytes.removeFirst(start)
    start = 0
    bytes.append(contentsOf: more)
  }

  /// The next line without its end, LF or CRLF.
  mutating func next() -> Next {
    let rest = bytes[start...]
    guard let end = rest.prefix(maximumLineByteCount + 1).firstIndex(of: UInt8(ascii: "\n")) else {
      return rest.count > maximumLineByteCount ? .tooLong : .incomplete
    }
    start = end + 1
    let line = rest[..<end]
    return .line(Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
  }

  /// What is left when the client has ended its side: a last line without an end.
  mutating func takeRest() -> [UInt8]? {
    defer { start = bytes.count }
    return isEmpty ? nil : Array(bytes[start...])
  }
}
