import CCSDSWire

/// Puts together the packets of one virtual channel from the packet zones of its frames.
///
/// Whole packets are lent where they lie; only the bytes of packets that straddle zones are copied, into one buffer
/// that never holds more than the longest believable packet.
///
/// Standard: CCSDS 132.0-B-3 §4.1.4.2, CCSDS 732.0-B-4 §4.1.4.2.
struct PacketAssembler {
  /// What becomes of the bytes of a zone. The channel that owns the assembler counts and passes on.
  enum Outcome {
    case discarded(byteCount: Int, ZoneDiscard)
    case abandoned(byteCount: Int, ZoneDiscard)
  }

  let maximumPacketByteCount: Int
  /// The packet that has begun: its bytes so far.
  private var partial: [UInt8] = []
  /// Where the bytes of `partial` come from.
  private var provenance = PacketProvenance(beginningIn: FrameOrigin())
  /// Whether the next zone may begin in the middle of `partial`, or with a packet's header.
  private(set) var isSynchronized = false
  /// Whether `partial` grows by segments rather than by zones.
  private(set) var isSegmented = false

  init(maximumPacketByteCount: Int) { self.maximumPacketByteCount = maximumPacketByteCount }

  /// The bytes of a packet that has begun and is not whole yet.
  var pendingByteCount: Int { partial.count }

  /// Gives up what has begun; the next packet is looked for at the next first header pointer.
  mutating func loseSynchronization(_ reason: ZoneDiscard, _ report: (Outcome) -> Void) {
    isSynchronized = false
    isSegmented = false
    abandon(reason, report)
  }

  /// Takes the packet zone of one frame.
  ///
  /// - Parameters:
  ///   - lend: Called with every whole packet, in order.
  ///   - report: Called with everything that does not end in a packet.
  mutating func take(
    zone: RawSpan, pointer: FirstHeaderPointer, of frame: FrameOrigin,
    lend: (RawSpan, PacketProvenance) -> Void, report: (Outcome) -> Void
  ) {
    if isSegmented { loseSynchronization(.segmentOrder, report) }
    switch pointer {
    case .offset(let offset) where offset < zone.byteCount:
      finish(with: zone.extracting(0..<offset), endsHere: true, frame, lend, report)
      isSynchronized = true
      walk(zone.from(offset), frame, lend, report)
    case .offset:
      abandon(.firstHeaderPointer, report)
      isSynchronized = false
      report(.discarded(byteCount: zone.byteCount, .firstHeaderPointer))
    case .noPacketStarts:
      finish(with: zone, endsHere: false, frame, lend, report)
    case .onlyIdleData:
      report(.discarded(byteCount: zone.byteCount, .unsynchronized))
    }
  }

  /// Takes bytes that continue right where the last ones ended, packet after packet.
  mutating func take(
    stream: RawSpan, of frame: FrameOrigin, lend: (RawSpan, PacketProvenance) -> Void, report: (Outcome) -> Void
  ) {
    isSynchronized = true
    guard !partial.isEmpty else { return walk(stream, frame, lend, report) }
    let taken = fill(from: stream, frame)
    switch partialState {
    case .growing: return
    case .whole: lendPartial(lend)
    case .invalid(let reason): abandon(reason, report)
    }
    walk(stream.from(taken), frame, lend, report)
  }

  // MARK: Zones

  /// Continues the packet that has begun with bytes in which none begins.
  ///
  /// - Parameter endsHere: The packet must end with these bytes, since another begins right after them.
  private mutating func finish(
    with bytes: RawSpan, endsHere: Bool, _ frame: FrameOrigin, _ lend: (RawSpan, PacketProvenance) -> Void,
    _ report: (Outcome) -> Void
  ) {
    guard !partial.isEmpty else {
      guard bytes.byteCount > 0 else { return }
      report(.discarded(byteCount: bytes.byteCount, isSynchronized ? .firstHeaderPointer : .unsynchronized))
      if !endsHere { isSynchronized = false }
      return
    }
    let taken = fill(from: bytes, frame)
    switch partialState {
    case .growing where endsHere: abandon(.firstHeaderPointer, report)
    case .growing: return
    case .invalid(let reason):
      abandon(reason, report)
      isSynchronized = false
      if taken < bytes.byteCount { report(.discarded(byteCount: bytes.byteCount - taken, reason)) }
    case .whole where taken == bytes.byteCount: lendPartial(lend)
    case .whole:
      // More follows, yet no packet begins in it: the length or the pointer is wrong, and neither is believed.
      abandon(.firstHeaderPointer, report)
      isSynchronized = false
      report(.discarded(byteCount: bytes.byteCount - taken, .firstHeaderPointer))
    }
  }

  /// Lends the packets of bytes that begin with a header, and keeps the one that does not end in them.
  private mutating func walk(
    _ bytes: RawSpan, _ frame: FrameOrigin, _ lend: (RawSpan, PacketProvenance) -> Void,
    _ report: (Outcome) -> Void
  ) {
    let wholeHere = PacketProvenance(beginningIn: frame)
    var offset = 0
    let end = bytes.byteCount
    while offset < end {
      let rest = bytes.from(offset)
      switch PacketExtent(ofPacketAt: rest) {
      case .complete(let byteCount) where byteCount > maximumPacketByteCount:
        isSynchronized = false
        return report(.discarded(byteCount: rest.byteCount, .length))
      case .complete(let byteCount) where byteCount <= rest.byteCount:
        lend(rest.extracting(0..<byteCount), wholeHere)
        offset += byteCount
      case .complete, .headerIncomplete:
        provenance = wholeHere
        append(rest)
        return
      case .invalid(let error):
        isSynchronized = false
        return report(.discarded(byteCount: rest.byteCount, Self.reason(of: error)))
      }
    }
  }

  // MARK: The packet that has begun

  private enum PartialState {
    case growing
    case whole
    case invalid(ZoneDiscard)
  }

  private var partialState: PartialState {
    switch unsafe PacketExtent(ofPacketAt: partial.span.bytes) {
    case .headerIncomplete: .growing
    case .complete(let byteCount) where byteCount > maximumPacketByteCount: .invalid(.length)
    case .complete(let byteCount): partial.count < byteCount ? .growing : .whole
    case .invalid(let error): .invalid(Self.reason(of: error))
    }
  }

  /// Appends as much as the packet lacks, its header first. Returns how much that was.
  private mutating func fill(from bytes: RawSpan, _ frame: FrameOrigin) -> Int {
    if bytes.byteCount > 0 { provenance.extend(into: frame) }
    var taken = 0
    while taken < bytes.byteCount {
      let lacking =
        switch unsafe PacketExtent(ofPacketAt: partial.span.bytes) {
        case .headerIncomplete(let need): need - partial.count
        case .complete(let byteCount) where byteCount <= maximumPacketByteCount: byteCount - partial.count
        case .complete, .invalid: 0
        }
      guard lacking > 0 else { break }
      let count = min(lacking, bytes.byteCount - taken)
      append(bytes.extracting(taken..<taken + count))
      taken += count
    }
    return taken
  }

  /// Whether the packet that has begun ends with its last byte.
  var holdsExactlyOnePacket: Bool {
    guard case .complete(let byteCount) = unsafe PacketExtent(ofPacketAt: partial.span.bytes) else { return false }
    return byteCount == partial.count
  }

  /// Begins a packet with its first segment.
  mutating func begin(_ segment: RawSpan, _ frame: FrameOrigin) {
    isSegmented = true
    provenance = PacketProvenance(beginningIn: frame)
    append(segment)
  }

  /// Continues a packet with a segment of it.
  mutating func append(_ segment: RawSpan, _ frame: FrameOrigin) {
    provenance.extend(into: frame)
    append(segment)
  }

  private mutating func append(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe partial.append(contentsOf: $0) }
  }

  mutating func lendPartial(_ lend: (RawSpan, PacketProvenance) -> Void) {
    unsafe lend(partial.span.bytes, provenance)
    partial.removeAll(keepingCapacity: true)
  }

  private mutating func abandon(_ reason: ZoneDiscard, _ report: (Outcome) -> Void) {
    guard !partial.isEmpty else { return }
    report(.abandoned(byteCount: partial.count, reason))
    partial.removeAll(keepingCapacity: true)
  }

  private static func reason(of error: WireError) -> ZoneDiscard {
    if case .forbidden(.packetVersionNumber, _) = error { return .version }
    return .length
  }
}

extension PacketAssembler {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    // The header of a packet that is not believed yet may be longer than the packets that are.
    archive.bytes(&partial, atMost: max(maximumPacketByteCount, Self.longestHeaderByteCount))
    provenance.archive(&archive)
    archive.item(&isSynchronized)
    archive.item(&isSegmented)
    archive.require(isSegmented || partial.isEmpty || lacksBytes)
  }

  /// Whether the packet that has begun goes on behind its last byte.
  private var lacksBytes: Bool {
    if case .growing = partialState { true } else { false }
  }

  private static let longestHeaderByteCount = 8
}
