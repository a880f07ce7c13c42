import CCSDSWire

/// Finds the units of a bit stream and follows them. A unit is a marker and the codeblock behind it.
///
/// Every decision is a function of the stream, and of where the sender ended units of its own: it is taken when the
/// bits that it needs are there, and comes out the same however they were cut into windows.
struct UnitTracker {
  /// What is known of the place where the next unit begins.
  enum Phase: UInt8 {
    /// Nothing before `searchPosition`.
    case searching
    /// `unit` has a marker, and nothing else speaks for it yet.
    case checking
    /// `unit` begins where one has to begin.
    case following
  }

  let pattern: MarkerPattern
  let unitBitCount: Int
  var phase = Phase.searching
  /// The first place where a marker was not looked for yet.
  var searchPosition = 0
  /// The unit that is checked or followed.
  var unit = Unit(start: 0, marker: MarkerObservation(errorCount: nil))
  /// A unit without a marker behind it, while one is looked for in it: one with a good marker of its own and no proof,
  /// from which bytes may be missing, or one that could be corrected, which may begin elsewhere.
  var heldUnit: Unit?
  /// Whether the search, if it finds anything, finds the stream of units broken.
  var owesLoss = false
  /// Where a search has to begin if the unit that is followed turns out to be none.
  var searchFloor = 0
  /// Where a unit failed to prove itself in this search.
  var lastFailedProof: Int?
  /// Where the sender's last unit, a datagram, began and ended.
  var senderUnit = 0..<0
  /// Whether the unit handed over last was inverted; nothing at the start of a stream.
  var isInverted: Bool?

  private(set) var framedByteCount = 0
  private(set) var skippedByteCount = 0
  private var reportedByteCount = 0
  /// Up to where the stream is in units or skipped.
  private(set) var accountedEnd = 0

  init(pattern: MarkerPattern, unitBitCount: Int) {
    self.pattern = pattern
    self.unitBitCount = unitBitCount
  }

  var state: LockState {
    if let heldUnit { return heldUnit.hasMarker ? .lock : .flywheel }
    return switch phase {
    case .searching: .search
    case .checking: .check
    case .following: unit.hasMarker ? .lock : .flywheel
    }
  }

  /// The first position that may be needed again. Less than three units of the stream come after it before it grows.
  var keptStart: Int {
    if let heldUnit { return min(heldUnit.start, phase == .checking ? unit.start : searchPosition) }
    switch phase {
    case .searching: return searchPosition
    case .checking: return unit.start
    case .following:
      return min(searchFloor, unit.isDelivered ? unitEnd - MarkerPattern.slipBitCountLimit : unit.start)
    }
  }

  /// Where the unit that is checked or followed ends.
  var unitEnd: Int { unit.start + unitBitCount }

  /// Decides all that can be decided.
  ///
  /// - Parameter mayProve: Whether a whole unit may be decoded before it is known what stands behind it, so that it
  ///   need not wait.
  mutating func advance<R: CodeblockReceiver & ~Copyable>(
    over window: borrowing BitWindow, mayProve: Bool, into receiver: inout R
  ) {
    var advances = true
    while advances {
      advances =
        switch phase {
        case .searching: search(in: window, into: &receiver)
        case .checking: check(in: window, into: &receiver)
        case .following: follow(in: window, mayProve: mayProve, into: &receiver)
        }
    }
    if heldUnit == nil {
      switch phase {
      case .searching: skip(to: searchPosition)
      case .checking: skip(to: unit.start)
      case .following: break
      }
    }
  }

  /// Decides all that can be decided from what was carried over.
  ///
  /// - Parameter isLast: Whether the stream ends there.
  mutating func advance<R: CodeblockReceiver & ~Copyable>(
    over carry: borrowing StreamCarry, isLast: Bool = false, mayProve: Bool, into receiver: inout R
  ) {
    advance(over: carry.window(isLast: isLast), mayProve: mayProve, into: &receiver)
  }

  /// The stream ends at `position`, after a window that was the last.
  mutating func finish<R: CodeblockReceiver & ~Copyable>(at position: Int, into receiver: inout R) {
    skip(to: position)
    reportSkipped(to: &receiver)
    phase = .searching
    searchPosition = position
    heldUnit = nil
    owesLoss = false
    lastFailedProof = nil
    senderUnit = position..<position
    isInverted = nil
  }

  /// Notes that a unit of the sender ends at `position`.
  mutating func endSenderUnit(at position: Int) {
    senderUnit = senderUnit.upperBound..<position
  }
}

extension UnitTracker {
  /// Saves or restores what is counted of a stream that ends at `end`.
  mutating func archiveCounts(_ archive: inout StateArchive, end: Int) {
    archive.byteCount(&framedByteCount)
    archive.byteCount(&skippedByteCount)
    archive.byteCount(&reportedByteCount)
    archive.item(&accountedEnd, in: 0...end)
    archive.require(framedByteCount + skippedByteCount == accountedEnd >> 3 && reportedByteCount <= skippedByteCount)
  }

  /// A unit, or what may be one.
  struct Unit {
    /// The position of its first bit, that of the marker.
    var start: Int
    var marker: MarkerObservation
    /// Whether the receiver was asked, and the answer does not say that it begins here.
    var failedProof = false
    /// Whether it could be corrected, and nothing else speaks for it.
    var isDecoded = false
    /// Whether it was handed over.
    var isDelivered = false

    /// Whether a marker was recognized before it.
    var hasMarker: Bool { marker.errorCount != nil }
  }

  /// Hands over a unit for good.
  mutating func deliver<R: CodeblockReceiver & ~Copyable>(
    _ unit: Unit, from window: borrowing BitWindow, into receiver: inout R
  ) {
    append(unit, from: window, to: &receiver)
    account(for: unit)
  }

  /// Hands over a unit to hear what the receiver thinks of it, and takes it back if it proves nothing.
  mutating func prove<R: CodeblockReceiver & ~Copyable>(
    _ unit: Unit, from window: borrowing BitWindow, to receiver: inout R
  ) -> CodeblockProof {
    append(unit, from: window, to: &receiver)
    let proof = receiver.proveLast()
    if proof == .none { receiver.removeLast() }
    return proof
  }

  func append<R: CodeblockReceiver & ~Copyable>(
    _ unit: Unit, from window: borrowing BitWindow, to receiver: inout R
  ) {
    var marker = unit.marker
    marker.changesPolarity = isInverted.map { $0 != marker.isInverted } ?? false
    let bytes = window.bytes(from: unit.start + pattern.bitCount, to: unit.start + unitBitCount)
    receiver.append(bytes, bitOffset: unit.start & 7, marker: marker)
  }

  /// Counts a unit that was handed over. What it shares with the unit before, which had lost its end, counts once; the
  /// few bits of a slip count with the unit behind them.
  mutating func account(for unit: Unit) {
    isInverted = unit.marker.isInverted
    let end = unit.start + unitBitCount
    framedByteCount += end >> 3 - accountedEnd >> 3
    accountedEnd = end
  }

  /// Counts what is in no unit, as far as it was not in one already.
  mutating func skip(to position: Int) {
    guard position > accountedEnd else { return }
    skippedByteCount += position >> 3 - accountedEnd >> 3
    accountedEnd = position
  }

  /// Tells the receiver about bytes that were skipped since it was told last.
  mutating func reportSkipped<R: CodeblockReceiver & ~Copyable>(to receiver: inout R) {
    guard skippedByteCount > reportedByteCount else { return }
    receiver.observe(.bytesSkipped(skippedByteCount - reportedByteCount))
    reportedByteCount = skippedByteCount
  }
}
