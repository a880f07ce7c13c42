/// Memory for plain values whose number is fixed at the beginning, with one owner.
///
/// An array would ask on every write whether somebody else has it too. Every access is checked against the bounds.
@safe
struct FixedBuffer<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  private let memory: UnsafeMutableBufferPointer<Element>

  init(repeating value: Element, count: Int) {
    unsafe memory = .allocate(capacity: count)
    unsafe memory.initialize(repeating: value)
  }

  deinit { unsafe memory.deallocate() }

  var count: Int { unsafe memory.count }

  subscript(index: Int) -> Element {
    get {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an index beyond a buffer")
      return unsafe memory.baseAddress.unsafelyUnwrapped[index]
    }
    set {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an index beyond a buffer")
      unsafe memory.baseAddress.unsafelyUnwrapped[index] = newValue
    }
  }

  /// A value where it lies, to be changed part by part. One that is put together elsewhere is copied in larger pieces
  /// than it was written in, and the processor waits until these are all there.
  subscript(inPlace index: Int) -> Element {
    get { self[index] }
    nonmutating _modify {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an index beyond a buffer")
      yield unsafe &memory.baseAddress.unsafelyUnwrapped[index]
    }
  }

  /// Some of the values, to be changed.
  @_lifetime(&self)
  mutating func mutableSpan(_ range: Range<Int>) -> MutableSpan<Element> {
    unsafe _overrideLifetime(MutableSpan(_unsafeElements: memory.extracting(range)), mutating: &self)
  }

  /// All values, as they are now.
  var span: Span<Element> {
    @_lifetime(borrow self)
    borrowing get { unsafe _overrideLifetime(Span(_unsafeElements: UnsafeBufferPointer(memory)), borrowing: self) }
  }
}
