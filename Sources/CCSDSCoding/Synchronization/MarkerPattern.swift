import CCSDSWire

/// A sync marker as the synchronizer looks for it: in either polarity, at any bit, with some bits wrong.
struct MarkerPattern {
  /// How far a marker may come early or late without the units being lost, in bits.
  static let slipBitCountLimit = 4

  /// The length of the marker in bits.
  let bitCount: Int
  /// Wrong bits allowed where a marker may be anywhere.
  let searchTolerance: Int
  /// Wrong bits allowed where a marker is expected.
  let lockTolerance: Int
  /// Wrong bits allowed near the place where a marker is expected: few, as there are many such places.
  private let slipTolerance: Int
  /// The marker in pieces of 32 bits, and which bits of each belong to it.
  private var pieces = InlineArray<8, UInt32>(repeating: 0)
  private var masks = InlineArray<8, UInt32>(repeating: 0)
  private let pieceCount: Int
  private let filter: MarkerFilter

  init(_ marker: SyncMarker, tolerance: MarkerTolerance) {
    bitCount = marker.byteCount * 8
    pieceCount = (marker.byteCount + 3) / 4
    for (index, byte) in marker.bytes.enumerated() {
      let shift = UInt32(24 - 8 * (index % 4))
      pieces[index / 4] |= UInt32(byte) << shift
      masks[index / 4] |= 0xFF << shift
    }
    // Less than a quarter: random bits differ from a marker in half of it.
    let most = bitCount / 4 - 1
    searchTolerance = min(max(tolerance.whileSearching ?? bitCount * 2 / 32, 0), most)
    lockTolerance = min(max(tolerance.whileLocked ?? bitCount * 3 / 32, 0), most)
    slipTolerance = min(bitCount / 32, 1, lockTolerance)
    filter = MarkerFilter(marker, tolerance: searchTolerance)
  }

  /// How the bits at `position` fit; nothing where more than `tolerance` of them are wrong.
  func fit(at position: Int, tolerance: Int, in window: borrowing BitWindow) -> MarkerFit? {
    var errorCount = 0
    for index in 0..<pieceCount {
      errorCount += ((window.bits32(at: position + 32 * index) ^ pieces[index]) & masks[index]).nonzeroBitCount
    }
    let isInverted = errorCount > bitCount / 2
    if isInverted { errorCount = bitCount - errorCount }
    guard errorCount <= tolerance else { return nil }
    return MarkerFit(position: position, errorCount: errorCount, isInverted: isInverted)
  }

  /// The marker at `position` or a few bits beside it: the nearest, and of two as near the one with fewer wrong bits.
  func fit(near position: Int, in window: borrowing BitWindow) -> MarkerFit? {
    if position + bitCount <= window.end, let fit = fit(at: position, tolerance: lockTolerance, in: window) {
      return fit
    }
    for distance in 1...Self.slipBitCountLimit {
      var best: MarkerFit?
      for place in stride(from: position - distance, through: position + distance, by: 2 * distance) {
        guard place + bitCount <= window.end else { continue }
        guard let fit = fit(at: place, tolerance: slipTolerance, in: window) else { continue }
        if fit.errorCount < best?.errorCount ?? .max { best = fit }
      }
      if let best { return best }
    }
    return nil
  }

  /// The first fit from `position` on and before `limit`. `position` becomes that of the fit, or of the first place
  /// that the window is too short for.
  func firstFit(from position: inout Int, before limit: Int, in window: borrowing BitWindow) -> MarkerFit? {
    while let place = filter.firstPlace(from: &position, before: limit, in: window) {
      position = place
      if let fit = fit(at: place, tolerance: searchTolerance, in: window) { return fit }
      position += 1
    }
    return nil
  }
}

/// A place in the stream that looks like a marker.
struct MarkerFit {
  /// Of its first bit.
  let position: Int
  /// How many of its bits are wrong.
  let errorCount: Int
  /// Whether it is there with all bits inverted.
  let isInverted: Bool
}
