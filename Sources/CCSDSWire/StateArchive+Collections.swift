extension StateArchive {
  /// Something that may be absent.
  ///
  /// - Parameter blank: What is restored into.
  @inlinable
  package mutating func optional<Value>(
    _ value: inout Value?, blank: @autoclosure () -> Value, _ body: (inout Value, inout StateArchive) -> Void
  ) {
    var isThere = value != nil
    item(&isThere)
    guard valid else { return }
    guard isThere else {
      if isRestoring { value = nil }
      return
    }
    var inner = value ?? blank()
    body(&inner, &self)
    if isRestoring { value = inner }
  }

  /// An integer that may be absent.
  @inlinable
  @inline(__always)
  package mutating func optional<Value: FixedWidthInteger & BitwiseCopyable>(_ value: inout Value?) {
    optional(&value, blank: 0) { $1.item(&$0) }
  }

  /// An array of no more than `limit` elements.
  ///
  /// When saving, each element is handed out as a copy, so that an array that somebody else holds, too, need not be
  /// copied whole.
  ///
  /// - Parameter blank: What each element is restored into.
  @inlinable
  package mutating func array<Element>(
    _ elements: inout [Element], atMost limit: Int, blank: @autoclosure () -> Element,
    _ body: (inout Element, inout StateArchive) -> Void
  ) {
    let count = length(elements.count, atMost: limit)
    guard isRestoring else { return save(elements, body) }
    elements.removeAll(keepingCapacity: true)
    for _ in 0..<count {
      guard valid else { return }
      var element = blank()
      body(&element, &self)
      elements.append(element)
    }
  }

  /// The elements of an array that always has as many.
  @inlinable
  package mutating func each<Element>(
    of elements: inout [Element], _ body: (inout Element, inout StateArchive) -> Void
  ) {
    guard isRestoring else { return save(elements, body) }
    for index in elements.indices { body(&elements[index], &self) }
  }

  /// Hands out copies: saving must not make an array its own that somebody else holds, too.
  @inlinable
  mutating func save<Element>(_ elements: [Element], _ body: (inout Element, inout StateArchive) -> Void) {
    for element in elements {
      var copy = element
      body(&copy, &self)
    }
  }

  /// No more than `limit` bytes.
  package mutating func bytes(_ value: inout [UInt8], atMost limit: Int) {
    let count = length(value.count, atMost: limit)
    guard isRestoring else { return unsafe value.withUnsafeBytes { unsafe store($0) } }
    value.removeAll(keepingCapacity: true)
    value.append(contentsOf: buffer[position..<position + count])
    position += count
  }

  /// No more than `limit` bytes that stand somewhere in a buffer. They are restored at its front.
  package mutating func bytes(_ used: inout Range<Int>, of storage: inout [UInt8], atMost limit: Int) {
    let count = length(used.count, atMost: min(limit, storage.count))
    guard isRestoring else {
      return unsafe storage.withUnsafeBytes { unsafe store(UnsafeRawBufferPointer(rebasing: $0[used])) }
    }
    storage.replaceSubrange(0..<count, with: buffer[position..<position + count])
    used = 0..<count
    position += count
  }

  /// No more than 64 KiB of text.
  @usableFromInline
  package mutating func text(_ value: inout String) {
    guard isRestoring else {
      var text = value
      return text.withUTF8 { text in
        _ = length(text.count, atMost: Self.largestTextByteCount)
        unsafe store(UnsafeRawBufferPointer(text))
      }
    }
    let count = length(0, atMost: Self.largestTextByteCount)
    let restored = String(validating: buffer[position..<position + count], as: UTF8.self)
    position += count
    require(restored != nil)
    if valid, let restored { value = restored }
  }

  private static let largestTextByteCount = 64 << 10

  /// How many follow: when restoring, none where they are more than there may be or more than there are bytes.
  @usableFromInline
  mutating func length(_ count: Int, atMost limit: Int) -> Int {
    var number = UInt32(truncatingIfNeeded: count)
    item(&number)
    guard isRestoring else { return count }
    if number > limit || number > buffer.count - position { invalidate() }
    return valid ? Int(number) : 0
  }

  private mutating func store(_ source: UnsafeRawBufferPointer) {
    let end = position + source.count
    if end > buffer.count { grow(to: end) }
    unsafe buffer.withUnsafeMutableBytes { target in
      unsafe UnsafeMutableRawBufferPointer(rebasing: target[position..<end]).copyMemory(from: source)
    }
    position = end
  }
}
