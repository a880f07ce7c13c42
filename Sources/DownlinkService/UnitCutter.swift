package import CCSDSLink
package import CCSDSWire

/// Cuts the bytes of a connection into units that follow one another without anything in between.
///
/// It holds less than one unit, whatever comes.
package struct UnitCutter {
  /// How long the units are.
  package enum Measure {
    /// All have this length.
    case fixed(byteCount: Int)
    /// Each frame says its own.
    case frames(PhysicalChannelParameters)
    /// Each packet says its own, and none longer than this is believed.
    case packets(maximumByteCount: Int)
  }

  /// What was cut off.
  package enum Piece {
    case unit
    /// It begins with nothing that a unit begins with: where the next one is cannot be known.
    case unparsable
  }

  private enum Extent {
    case incomplete(need: Int)
    case complete(byteCount: Int)
    case none
  }

  private let measure: Measure
  private var carry: [UInt8] = []
  private var hasLostTrack = false

  /// Nothing has come yet.
  package init(_ measure: Measure) { self.measure = measure }

  /// Takes the next bytes, and lends every unit that is whole with them.
  package mutating func take(_ bytes: RawSpan, _ lend: (RawSpan, Piece) -> Void) {
    var offset = 0
    while offset < bytes.byteCount {
      let rest = bytes.from(offset)
      guard !hasLostTrack else { return lend(rest, .unparsable) }
      offset += carry.isEmpty ? cut(rest, lend) : complete(with: rest, lend)
    }
  }

  /// Gives up what is not whole, and begins anew.
  package mutating func reset(_ giveUp: (RawSpan) -> Void) {
    if !carry.isEmpty { unsafe giveUp(carry.span.bytes) }
    carry.removeAll(keepingCapacity: true)
    hasLostTrack = false
  }

  /// Takes one unit where it lies, or keeps its beginning. Returns how much that was.
  private mutating func cut(_ bytes: RawSpan, _ lend: (RawSpan, Piece) -> Void) -> Int {
    switch extent(of: bytes) {
    case .complete(let byteCount) where byteCount <= bytes.byteCount:
      lend(bytes.extracting(0..<byteCount), .unit)
      return byteCount
    case .complete, .incomplete:
      append(bytes)
      return bytes.byteCount
    case .none:
      hasLostTrack = true
      return 0
    }
  }

  /// Appends what the unit that has begun lacks, its header first. Returns how much that was.
  private mutating func complete(with bytes: RawSpan, _ lend: (RawSpan, Piece) -> Void) -> Int {
    let need: Int
    switch unsafe extent(of: carry.span.bytes) {
    case .incomplete(let byteCount): need = byteCount
    case .complete(let byteCount): need = byteCount
    case .none:
      hasLostTrack = true
      unsafe lend(carry.span.bytes, .unparsable)
      carry.removeAll(keepingCapacity: true)
      return 0
    }
    let taken = min(max(0, need - carry.count), bytes.byteCount)
    append(bytes.extracting(0..<taken))
    if case .complete(let byteCount) = unsafe extent(of: carry.span.bytes), carry.count == byteCount {
      unsafe lend(carry.span.bytes, .unit)
      carry.removeAll(keepingCapacity: true)
    }
    return taken
  }

  private func extent(of bytes: RawSpan) -> Extent {
    switch measure {
    case .fixed(let byteCount): return .complete(byteCount: byteCount)
    case .frames(let parameters):
      switch parameters.frameExtent(at: bytes) {
      case .incomplete(let need): return .incomplete(need: need)
      case .frame(let byteCount): return .complete(byteCount: byteCount)
      case .none: return .none
      }
    case .packets(let maximumByteCount):
      switch PacketExtent(ofPacketAt: bytes) {
      case .headerIncomplete(let need): return .incomplete(need: need)
      case .complete(let byteCount) where byteCount <= maximumByteCount: return .complete(byteCount: byteCount)
      case .complete, .invalid: return .none
      }
    }
  }

  private mutating func append(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe carry.append(contentsOf: $0) }
  }
}

extension UnitCutter {
  /// Saves or restores it.
  package mutating func archive(_ archive: inout StateArchive) {
    archive.bytes(&carry, atMost: Self.largestCarryByteCount)
    archive.item(&hasLostTrack)
    archive.require(carry.isEmpty || lacksBytes)
  }

  /// Whether the unit that has begun goes on behind its last byte.
  private var lacksBytes: Bool {
    switch unsafe extent(of: carry.span.bytes) {
    case .incomplete(let need): need > carry.count
    case .complete(let byteCount): byteCount > carry.count
    case .none: false
    }
  }

  /// The longest frame or packet.
  private static let largestCarryByteCount = 1 << 17
}
