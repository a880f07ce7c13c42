/// State of one run, as bytes for the next one: each type lists its fields once, and the same list saves and restores.
///
///     mutating func archive(_ archive: inout StateArchive) {
///       archive.item(&newest)
///       archive.item(&hasMoved)
///     }
///
/// Saving changes nothing and asks for no memory once the bytes have their capacity. While restoring, whatever the
/// bytes hold, nothing traps and nothing grows beyond its bound: the archive turns invalid, every later item is left as
/// it is, and whoever began says so and starts anew. No byte order is promised: the bytes never leave the machine.
///
///     |magic 4|format version 4|digest of all that follows 8|kind 8| items ...
@usableFromInline
package struct StateArchive: ~Copyable {
  /// More than anything is ever counted: a million a second for 35 years. What is restored stays so far from the end of
  /// an integer that sums and small multiples of it are safe.
  @inlinable package static var largestCount: Int { 1 << 50 }
  /// As much in bytes: a gigabit a second for as long.
  @inlinable package static var largestByteCount: Int { 1 << 57 }

  /// Whether items are read from bytes, and not written.
  @usableFromInline package let isRestoring: Bool
  @usableFromInline var valid = true
  @usableFromInline var buffer: [UInt8]
  @usableFromInline var position = 0

  /// An archive to save to. `reusing` gives its memory to the new one.
  package init(savingTo reusing: consuming [UInt8] = []) {
    isRestoring = false
    buffer = reusing
  }

  /// An archive to restore from.
  package init(restoringFrom saved: [UInt8]) {
    isRestoring = true
    buffer = saved
  }

  /// What was saved, once it is closed.
  package var bytes: [UInt8] { buffer }

  /// Whether all that was asked for was there.
  @inlinable
  package var isValid: Bool { valid }

  /// Restoring has met something that cannot be.
  @inlinable
  package mutating func invalidate() { valid = false }

  /// What has to hold of what was restored.
  @inlinable
  @inline(__always)
  package mutating func require(_ condition: @autoclosure () -> Bool) {
    if isRestoring, isValid, !condition() { valid = false }
  }

  // MARK: The whole

  /// Begins with what tells these bytes from any others.
  ///
  /// - Parameter kind: What the state belongs to: only the state of the same kind is restored.
  package mutating func open(kind: UInt64) {
    if isRestoring {
      guard buffer.count >= Self.headByteCount,
        load(at: Self.digestOffset) == Self.digest(of: buffer, from: Self.sealedOffset)
      else { return invalidate() }
    }
    var magic = Self.magic
    var version = Self.formatVersion
    var digest: UInt64 = 0
    var savedKind = kind
    item(&magic)
    item(&version)
    item(&digest)
    item(&savedKind)
    require(magic == Self.magic && version == Self.formatVersion && savedKind == kind)
  }

  /// Ends with the last item.
  package mutating func close() {
    guard !isRestoring else {
      if position != buffer.count { invalidate() }
      return
    }
    buffer.removeLast(buffer.count - position)
    Self.seal(&buffer)
  }

  /// Makes the digest of saved bytes right, whatever they hold.
  package static func seal(_ saved: inout [UInt8]) {
    guard saved.count >= headByteCount else { return }
    let digest = digest(of: saved, from: sealedOffset)
    unsafe saved.withUnsafeMutableBytes {
      unsafe $0.storeBytes(of: digest, toByteOffset: digestOffset, as: UInt64.self)
    }
  }

  /// A number that is another one for other bytes, most likely.
  package static func digest(of bytes: [UInt8], from start: Int = 0) -> UInt64 {
    unsafe bytes.span.bytes.withUnsafeBytes { bytes in
      var even: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
      var odd: UInt64 = 0xC2B2_AE3D_27D4_EB4F
      var offset = start
      while offset + 16 <= bytes.count {
        even = unsafe turned(even ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        odd = unsafe turned(odd ^ bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
        offset += 16
      }
      while offset < bytes.count {
        even = unsafe turned(even ^ UInt64(bytes[offset]))
        offset += 1
      }
      return turned(even ^ turned(odd))
    }
  }

  private static func turned(_ value: UInt64) -> UInt64 {
    let product = value &* 0x9FB2_1C65_1E98_DF25
    return product ^ product >> 32
  }

  private static let magic: UInt32 = 0x444C_5354
  /// Another list of fields anywhere is another version.
  private static let formatVersion: UInt32 = 3
  private static let digestOffset = 8
  private static let sealedOffset = 16
  private static let headByteCount = 24
  private static let growthByteCount = 4096
}

// MARK: - Numbers

extension StateArchive {
  /// An integer, whatever it is.
  @inlinable
  @inline(__always)
  package mutating func item<Value: FixedWidthInteger & BitwiseCopyable>(_ value: inout Value) {
    guard isRestoring else { return store(value) }
    guard takes(MemoryLayout<Value>.size) else { return }
    value = load(at: position)
    position += MemoryLayout<Value>.size
  }

  /// An integer within bounds.
  @inlinable
  package mutating func item(_ value: inout Int, in bounds: ClosedRange<Int>) {
    guard isRestoring else { return store(value) }
    var restored = value
    item(&restored)
    require(bounds.contains(restored))
    if isValid { value = restored }
  }

  /// How often something happened.
  @inlinable
  package mutating func count(_ value: inout Int) { item(&value, in: 0...Self.largestCount) }

  /// A number that is counted up and down.
  @inlinable
  package mutating func balance(_ value: inout Int) { item(&value, in: -Self.largestCount...Self.largestCount) }

  /// How many bytes came.
  @inlinable
  package mutating func byteCount(_ value: inout Int) { item(&value, in: 0...Self.largestByteCount) }

  /// Yes or no.
  @inlinable
  package mutating func item(_ value: inout Bool) {
    var number: UInt8 = value ? 1 : 0
    item(&number)
    require(number <= 1)
    if isValid { value = number == 1 }
  }

  /// A number that is finite and not negative.
  package mutating func item(_ value: inout Double) {
    var pattern = value.bitPattern
    item(&pattern)
    let restored = Double(bitPattern: pattern)
    require(restored.isFinite && restored >= 0)
    if isValid { value = restored }
  }

  /// One of the cases of an enumeration.
  @inlinable
  package mutating func choice<Value: RawRepresentable>(_ value: inout Value) where Value.RawValue == UInt8 {
    var number = value.rawValue
    item(&number)
    guard isRestoring, isValid else { return }
    guard let restored = Value(rawValue: number) else { return invalidate() }
    value = restored
  }

  /// One of the cases of an enumeration that has names.
  @inlinable
  package mutating func choice<Value: RawRepresentable>(_ value: inout Value) where Value.RawValue == String {
    var name = value.rawValue
    text(&name)
    guard isRestoring, isValid else { return }
    guard let restored = Value(rawValue: name) else { return invalidate() }
    value = restored
  }

  // MARK: Bytes

  @inlinable
  @inline(__always)
  mutating func store<Value: BitwiseCopyable>(_ value: Value) {
    let end = position + MemoryLayout<Value>.size
    if end > buffer.count { grow(to: end) }
    unsafe buffer.withUnsafeMutableBytes { unsafe $0.storeBytes(of: value, toByteOffset: position, as: Value.self) }
    position = end
  }

  @inlinable
  @inline(__always)
  func load<Value: BitwiseCopyable>(at offset: Int) -> Value {
    unsafe buffer.span.bytes.native(at: offset)
  }

  /// Whether so many bytes are left to be restored from.
  @inlinable
  @inline(__always)
  mutating func takes(_ byteCount: Int) -> Bool {
    guard isValid, byteCount <= buffer.count - position else {
      valid = false
      return false
    }
    return true
  }

  @usableFromInline
  mutating func grow(to byteCount: Int) {
    let missing = max(byteCount - buffer.count, min(Self.growthByteCount, buffer.capacity - buffer.count))
    buffer.append(contentsOf: repeatElement(0, count: missing))
  }
}
