import CCSDSCoding
import CCSDSWire
import TestSupport

/// What a synchronizer said, bytes realigned and turned the right way round bit by bit.
enum SynchronizerCall: Equatable {
  case unit([UInt8], MarkerObservation)
  case lock(LockTransition)
  case skipped(Int)
  case other
}

extension SynchronizerCall {
  /// A unit with a perfect marker where it had to be.
  static func plain(_ codeblock: [UInt8]) -> Self { .unit(codeblock, MarkerObservation(errorCount: 0)) }

  static func acquired(isInverted: Bool = false, bitOffset: Int = 0) -> Self {
    .lock(.acquired(isInverted: isInverted, bitOffset: bitOffset))
  }

  static let lost = Self.lock(.lost)
}

/// Writes down what it is told. It knows what was sent, or nothing.
struct RecordingReceiver: CodeblockReceiver {
  let codeblockByteCount: Int
  /// The codeblocks that were sent; nothing for a channel without proofs.
  var sent: [[UInt8]]?
  /// How many bytes of a codeblock it can correct.
  var correctableByteCount = 0
  /// What it says of a codeblock, where it is to say something else.
  var answer: (([UInt8]) -> CodeblockProof)?
  private(set) var calls: [SynchronizerCall] = []
  private(set) var proofCount = 0

  init(codeblockByteCount: Int, sent: [[UInt8]]?) {
    self.codeblockByteCount = codeblockByteCount
    self.sent = sent
  }

  mutating func append(_ window: RawSpan, bitOffset: Int, marker: MarkerObservation) {
    var bytes = [UInt8](repeating: 0, count: codeblockByteCount)
    for bit in 0..<codeblockByteCount * 8 {
      let place = bitOffset + bit
      let isSet = (window.byte(at: place / 8) >> UInt8(7 - place % 8) & 1 == 1) != marker.isInverted
      if isSet { bytes[bit / 8] |= 0x80 >> UInt8(bit % 8) }
    }
    calls.append(.unit(bytes, marker))
  }

  mutating func proveLast() -> CodeblockProof {
    proofCount += 1
    guard case .unit(let bytes, _) = calls.last else { return .none }
    if let answer { return answer(bytes) }
    guard let sent else { return .none }
    var best = Int.max
    for codeblock in sent {
      var errorCount = 0
      for index in 0..<codeblockByteCount where bytes[index] != codeblock[index] {
        errorCount += 1
        if errorCount > correctableByteCount { break }
      }
      best = min(best, errorCount)
    }
    return best == 0 ? .clean : best <= correctableByteCount ? .corrected : .none
  }

  mutating func removeLast() {
    guard case .unit = calls.removeLast() else { preconditionFailure("nothing to be taken back") }
  }

  mutating func observe(_ event: CodingEvent) {
    switch event {
    case .lock(let transition): calls.append(.lock(transition))
    case .bytesSkipped(let count):
      if case .skipped(let before) = calls.last {
        calls[calls.count - 1] = .skipped(before + count)
      } else {
        calls.append(.skipped(count))
      }
    case .codeblock, .codeblockRefused: calls.append(.other)
    }
  }

  /// The codeblocks that were handed over.
  var codeblocks: [[UInt8]] {
    calls.compactMap { if case .unit(let bytes, _) = $0 { bytes } else { nil } }
  }

  /// The bytes that were reported as skipped.
  var skippedByteCount: Int {
    calls.reduce(0) { if case .skipped(let count) = $1 { $0 + count } else { $0 } }
  }
}

/// A bit stream as it is built, and what was put into it.
struct SentStream {
  var marker = SyncMarker.standard
  private(set) var bits: [Bool] = []
  private(set) var codeblocks: [[UInt8]] = []

  mutating func add(_ bytes: [UInt8], isInverted: Bool = false) {
    for byte in bytes {
      for bit in 0..<8 { bits.append((byte << UInt8(bit) & 0x80 != 0) != isInverted) }
    }
  }

  mutating func addBits(_ count: Int) { bits += [Bool](repeating: false, count: count) }

  /// Adds a marker with some bits wrong, and a codeblock.
  mutating func send(_ codeblock: [UInt8], isInverted: Bool = false, wrongMarkerBits: [Int] = []) {
    let start = bits.count
    add(marker.bytes + codeblock, isInverted: isInverted)
    for bit in wrongMarkerBits { bits[start + bit].toggle() }
    codeblocks.append(codeblock)
  }

  mutating func flip(_ bit: Int) { bits[bit].toggle() }

  mutating func remove(_ range: Range<Int>) { bits.removeSubrange(range) }

  mutating func insert(_ more: [Bool], at place: Int) { bits.insert(contentsOf: more, at: place) }

  /// The bytes, zeros in what is left of the last.
  var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
    for (index, bit) in bits.enumerated() where bit { bytes[index / 8] |= 0x80 >> UInt8(index % 8) }
    return bytes
  }
}

/// A synchronizer with a receiver behind it, and a check of the books after every call.
final class SynchronizerBench {
  private var synchronizer: FrameSynchronizer
  private(set) var receiver: RecordingReceiver
  private(set) var balances = true
  private(set) var largestPending = 0

  init(
    marker: SyncMarker = .standard, codeblockByteCount: Int, tolerance: MarkerTolerance = MarkerTolerance(),
    sent: [[UInt8]]? = nil, correctableByteCount: Int = 0, answer: (([UInt8]) -> CodeblockProof)? = nil
  ) {
    synchronizer = FrameSynchronizer(marker: marker, codeblockByteCount: codeblockByteCount, tolerance: tolerance)
    receiver = RecordingReceiver(codeblockByteCount: codeblockByteCount, sent: sent)
    receiver.correctableByteCount = correctableByteCount
    receiver.answer = answer
  }

  var counts: StreamCounts { synchronizer.counts }
  var state: LockState { synchronizer.state }
  var calls: [SynchronizerCall] { receiver.calls }

  func receive(_ bytes: ArraySlice<UInt8>, endsUnit: Bool = false) {
    let before = synchronizer.counts
    synchronizer.receive(unsafe bytes.span.bytes, endsUnit: endsUnit, into: &receiver)
    let after = synchronizer.counts
    if after.received != before.received + bytes.count || after.framed < before.framed
      || after.skipped < before.skipped || after.pending < 0 || after.skipped != receiver.skippedByteCount
    {
      balances = false
    }
    largestPending = max(largestPending, after.pending)
  }

  /// Receives all of it in pieces whose lengths are asked for, and ends the stream.
  func run(_ bytes: [UInt8], pieces: (Int) -> Int = { $0 }) {
    var offset = 0
    while offset < bytes.count {
      let count = min(max(pieces(bytes.count - offset), 0), bytes.count - offset)
      receive(bytes[offset..<offset + count])
      offset += count
    }
    finish()
  }

  func finish() {
    synchronizer.finish(into: &receiver)
    let after = synchronizer.counts
    if after.pending != 0 || after.skipped != receiver.skippedByteCount { balances = false }
  }
}
