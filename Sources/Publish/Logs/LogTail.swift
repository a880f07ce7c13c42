/// How a log file ends: its last whole record, and what is behind that.
///
/// A power cut leaves half a line, or zeros where the file had grown and nothing had reached the disk yet.
struct LogTail: Equatable {
  /// Looked at first, and then eight times as much as long as there is no record in it.
  private static let firstByteCount = 64 << 10
  private static let largestByteCount = 32 << 20
  /// Longer lines are none of ours.
  private static let largestLineByteCount = 1 << 20

  /// The sequence number of the last whole record; `nil` if there is none.
  private(set) var lastSequenceNumber: UInt64?
  /// The bytes behind the last whole record.
  private(set) var damagedByteCount = 0
  /// Those of them that are no lines at all: from the first line with a zero in it, or without its line feed.
  private(set) var cutByteCount = 0

  /// How a file ends of which `read` gives the bytes: from an offset, and at most so many.
  init(
    byteCount: Int, read: (_ offset: Int, _ byteCount: Int) throws(PublishError) -> [UInt8]
  ) throws(PublishError) {
    var windowByteCount = Self.firstByteCount
    while true {
      let start = max(0, byteCount - windowByteCount)
      self.init(lastBytes: try read(start, byteCount - start))
      guard lastSequenceNumber == nil, start > 0, windowByteCount < Self.largestByteCount else { return }
      windowByteCount *= 8
    }
  }

  /// How a file ends that ends with these bytes.
  init(lastBytes bytes: [UInt8]) {
    var end = bytes.endIndex
    var cut = bytes.endIndex
    while end > bytes.startIndex {
      let isWhole = bytes[end - 1] == UInt8(ascii: "\n")
      let line = bytes[..<(isWhole ? end - 1 : end)]
      let start = line.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.startIndex
      if isWhole, let number = Self.sequenceNumber(in: line[start...]) {
        lastSequenceNumber = number
        break
      }
      if !isWhole || line[start...].contains(0) { cut = start }
      end = start
    }
    damagedByteCount = bytes.endIndex - end
    cutByteCount = bytes.endIndex - cut
  }

  /// The timestamp of the record that a file begins with.
  static func firstTimestamp(in head: [UInt8]) -> Int64? {
    let prefix = Array(#"{"timestamp":""#.utf8)
    guard head.starts(with: prefix) else { return nil }
    return UTCTimestamp.nanoseconds(
      rfc3339: String(decoding: head.dropFirst(prefix.count).prefix(27), as: UTF8.self))
  }

  private static func sequenceNumber(in line: ArraySlice<UInt8>) -> UInt64? {
    guard line.first == UInt8(ascii: "{"), line.last == UInt8(ascii: "}"), line.count <= largestLineByteCount,
      let number = (try? JSONReader.read(Array(line)))?["seq"]?.integer, number >= 0
    else { return nil }
    return UInt64(number)
  }
}
