import CCSDSWire

/// What elements and attributes are called, each name once.
///
/// Files are regular: behind a name nearly always comes the one that came behind it before, which is found by comparing
/// and without a table of hashes.
struct XMLNames {
  private(set) var names: [String] = []
  private var placeOfName: [String: Int32] = [:]
  /// The bytes of all names that may be expected, one behind the other, and where each ends.
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  /// What came behind each name the last time, or -1; first of all, what came first.
  private var successors: [Int32] = [-1]
  private var previous = -1

  /// A longer name is never expected. XTCE has none, and nobody needs to keep it twice.
  private static let expectedByteCount = 64

  /// The place of a name in `names`; nil where there are too many.
  mutating func place(of name: Span<UInt8>) -> Int32? {
    let expected = successors[previous + 1]
    if expected >= 0, isEqual(name, to: Int(expected)) {
      previous = Int(expected)
      return expected
    }
    let text = String(name)
    guard let place = placeOfName[text] ?? append(text) else { return nil }
    let isShort = names[Int(place)].utf8.count <= Self.expectedByteCount
    successors[previous + 1] = isShort ? place : -1
    previous = Int(place)
    return place
  }

  private func isEqual(_ name: Span<UInt8>, to place: Int) -> Bool {
    let start = place == 0 ? 0 : ends[place - 1]
    guard name.count == ends[place] - start else { return false }
    let (left, right) = unsafe (name.bytes, bytes.span.extracting(start..<ends[place]).bytes)
    var offset = 0
    while offset + 8 <= left.byteCount {
      if left.uint64(at: offset) != right.uint64(at: offset) { return false }
      offset += 8
    }
    while offset < left.byteCount {
      if name[offset] != bytes[start + offset] { return false }
      offset += 1
    }
    return true
  }

  private mutating func append(_ name: String) -> Int32? {
    guard names.count < Limits.vocabularyCount else { return nil }
    let place = Int32(names.count)
    names.append(name)
    placeOfName[name] = place
    if name.utf8.count <= Self.expectedByteCount { bytes += name.utf8 }
    ends.append(bytes.count)
    successors.append(-1)
    return place
  }
}

extension String {
  /// The text of bytes that a parser has checked.
  init(_ bytes: Span<UInt8>) {
    self = unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }
}
