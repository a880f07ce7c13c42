import CCSDSWire

/// Units in the order in which they came, decoded many at a time: a codeword of its own is slow work, and dozens side
/// by side are not.
///
/// What comes out does not depend on how many are decoded together.
///
/// A class because the synchronizer fills it while it works for the sink; it never leaves its owner.
final class CodeblockBatch {
  /// Whole groups of 32 codewords at any interleaving depth.
  private static let largestCount = 32
  private static let largestByteCount = 256 << 10

  private struct Slot {
    var marker: MarkerObservation?
    var receivedAt: Int64?
  }

  private let coding: ChannelCoding
  private let byteCount: Int
  private let stride: Int
  private let capacity: Int
  private let whitening: Whitening
  private var reedSolomon: ReedSolomonDecoder?
  private var slab: [UInt8]
  private var slots: [Slot] = []
  private var corrections: [CodewordCorrections]
  /// The units before this one are decoded already.
  private var decodedCount = 0
  /// When the bytes at hand were received.
  var receivedAt: Int64?

  init(_ coding: ChannelCoding) {
    self.coding = coding
    byteCount = coding.codeblockByteCount
    stride = (byteCount + 63) / 64 * 64
    capacity = max(1, min(Self.largestCount, Self.largestByteCount / stride))
    whitening = Whitening(coding.randomizer, byteCount: byteCount)
    if let parameters = coding.reedSolomon { reedSolomon = ReedSolomonDecoder(parameters) }
    slab = [UInt8](repeating: 0, count: capacity * stride)
    corrections = Array(
      repeating: CodewordCorrections(count: coding.reedSolomon?.interleavingDepth ?? 0), count: capacity)
    slots.reserveCapacity(capacity)
  }

  func append<Sink: CodingSink & ~Copyable>(
    _ window: RawSpan, bitOffset: Int, marker: MarkerObservation?, _ sink: inout Sink
  ) {
    if slots.count == capacity { flush(into: &sink) }
    let start = slots.count * stride
    unsafe slab.withUnsafeMutableBytes { slab in
      unsafe whitening.copy(
        window, bitOffset: bitOffset, isInverted: marker?.isInverted ?? false,
        to: UnsafeMutableRawBufferPointer(rebasing: slab[start..<start + byteCount]))
    }
    slots.append(Slot(marker: marker, receivedAt: receivedAt))
  }

  /// Whether the unit appended last is what was sent.
  func proveLast() -> CodeblockProof {
    guard let last = slots.indices.last else { return .none }
    decode()
    guard !isTrivial(last) else { return .none }
    guard coding.reedSolomon == nil else {
      guard corrections[last].isDecoded else { return .none }
      // The code is cyclic: a unit cut a few bytes beside its place is decoded as well, with a few corrections.
      guard coding.hasFrameErrorControl else { return corrections[last].isClean ? .clean : .none }
      guard ErrorControlKernel.isIntact(frame: frame(last)) else { return .none }
      return corrections[last].isClean ? .clean : .corrected
    }
    guard coding.hasFrameErrorControl else { return .none }
    return ErrorControlKernel.isIntact(frame: frame(last)) ? .clean : .none
  }

  func removeLast() {
    slots.removeLast()
    decodedCount = min(decodedCount, slots.count)
  }

  /// Hands on everything that was appended.
  func flush<Sink: CodingSink & ~Copyable>(into sink: inout Sink) {
    guard !slots.isEmpty else { return }
    decode()
    for (index, slot) in slots.enumerated() {
      let found = CodeblockObservation(
        corrections: corrections[index], marker: slot.marker, receivedAt: slot.receivedAt)
      sink.observe(.codeblock(found))
      if found.isDecoded {
        sink.take(frame: frame(index), receivedAt: slot.receivedAt)
      } else {
        sink.take(uncorrectable: unit(index))
      }
    }
    slots.removeAll(keepingCapacity: true)
    decodedCount = 0
  }

  private func decode() {
    guard decodedCount < slots.count else { return }
    var span = slab.mutableSpan
    var bytes = unsafe span.mutableBytes
    reedSolomon?.decode(
      &bytes, stride: stride, range: decodedCount..<slots.count, corrections: &corrections)
    decodedCount = slots.count
  }

  /// Silence, and nothing but the sequence that was added, are codewords too, and prove nothing.
  private func isTrivial(_ index: Int) -> Bool {
    let unit = unit(index)
    return whitening.isConstant(unit) || whitening.isConstantBeforeRandomizing(unit)
  }

  @_lifetime(borrow self)
  private func unit(_ index: Int) -> RawSpan {
    unsafe _overrideLifetime(slab.span.bytes.extracting(index * stride..<index * stride + byteCount), borrowing: self)
  }

  @_lifetime(borrow self)
  private func frame(_ index: Int) -> RawSpan {
    let start = index * stride
    return unsafe _overrideLifetime(
      slab.span.bytes.extracting(start..<start + coding.frameByteCount), borrowing: self)
  }
}

/// A batch that is filled, for whoever finds the units, on behalf of the sink that gets the frames.
///
/// It lives as long as one call of `ChannelDecoder`, which has the sink to itself for that time.
@safe struct BatchFilling<Sink: CodingSink & ~Copyable>: CodeblockReceiver, ~Copyable {
  private let batch: CodeblockBatch
  private let sink: UnsafeMutablePointer<Sink>

  init(_ batch: CodeblockBatch, _ sink: UnsafeMutablePointer<Sink>) {
    self.batch = batch
    unsafe self.sink = sink
  }

  mutating func append(_ window: RawSpan, bitOffset: Int, marker: MarkerObservation) {
    unsafe batch.append(window, bitOffset: bitOffset, marker: marker, &sink.pointee)
  }

  mutating func proveLast() -> CodeblockProof { batch.proveLast() }

  mutating func removeLast() { batch.removeLast() }

  mutating func observe(_ event: CodingEvent) {
    unsafe batch.flush(into: &sink.pointee)
    unsafe sink.pointee.observe(event)
  }
}
