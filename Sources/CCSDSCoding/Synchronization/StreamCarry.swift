import CCSDSWire

/// The end of the bytes that were received, carried over to the next: a buffer that never grows.
struct StreamCarry: ~Copyable {
  private var buffer: [UInt8]
  private var used = 0..<0
  /// Where in the stream its first byte is.
  private(set) var startByte = 0

  init(capacity: Int) { buffer = [UInt8](repeating: 0, count: capacity) }

  var isEmpty: Bool { used.isEmpty }

  /// What it holds.
  @_lifetime(borrow self)
  borrowing func window(isLast: Bool) -> BitWindow {
    BitWindow(unsafe buffer.span.bytes.extracting(used), startByte: startByte, isLast: isLast)
  }

  /// Takes the first of the bytes that follow in the stream, at most so many, and says how many there were.
  @discardableResult
  mutating func append(_ bytes: RawSpan, atMost limit: Int) -> Int {
    let count = min(bytes.byteCount, limit)
    if count > buffer.count - used.upperBound { moveToFront() }
    precondition(count <= buffer.count - used.upperBound, "more of the stream is held than there is room for")
    unsafe buffer.withUnsafeMutableBytes { target in
      unsafe bytes.withUnsafeBytes { source in
        unsafe UnsafeMutableRawBufferPointer(rebasing: target[used.upperBound...])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: source.prefix(count)))
      }
    }
    used = used.lowerBound..<used.upperBound + count
    return count
  }

  /// Drops what stands before a place in the stream; all of it, where the place is behind.
  mutating func drop(before byte: Int) {
    let count = min(max(byte - startByte, 0), used.count)
    used = used.lowerBound + count..<used.upperBound
    startByte += count
  }

  /// Drops everything.
  mutating func removeAll() { used = 0..<0 }

  /// Is empty, and continues at a place in the stream.
  mutating func restart(at byte: Int) {
    used = 0..<0
    startByte = byte
  }

  private mutating func moveToFront() {
    unsafe buffer.withUnsafeMutableBytes { buffer in
      let held = unsafe UnsafeRawBufferPointer(rebasing: buffer[used])
      unsafe buffer.copyMemory(from: held)
    }
    used = 0..<used.count
  }
}

extension StreamCarry {
  /// Saves it, or restores it.
  ///
  /// - Parameters:
  ///   - end: Where in the stream the byte after its last one is.
  ///   - roomFor: The bytes that it has room for beside what it holds.
  mutating func archive(_ archive: inout StateArchive, end: Int, roomFor byteCount: Int) {
    archive.bytes(&used, of: &buffer, atMost: buffer.count - byteCount)
    archive.require(used.count <= end)
    if archive.isRestoring, archive.isValid { startByte = end - used.count }
  }
}
