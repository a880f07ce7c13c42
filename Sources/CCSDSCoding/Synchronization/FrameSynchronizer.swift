package import CCSDSWire

/// Cuts the units out of a bit stream: finds the sync markers at any bit and in both polarities, follows them, and
/// hands over what stands behind each.
///
/// A marker alone is believed where one is expected. Elsewhere something has to speak for it: another marker one unit
/// later, the unit itself, or a datagram that is the unit. Nothing is handed over before; then the first unit is, too.
/// A marker that was damaged costs no unit as long as the unit proves itself or the next marker is in place.
///
/// The same stream gives the same units, however it was cut into pieces. Memory is bounded by a few units.
///
/// Standard: CCSDS 131.0-B-5 §9.
package struct FrameSynchronizer: ~Copyable {
  private var tracker: UnitTracker
  private var carry: StreamCarry
  private var receivedByteCount = 0
  private let unitByteCount: Int

  /// - Parameters:
  ///   - codeblockByteCount: The length of what stands behind each marker, at least one byte.
  ///   - tolerance: How many bits of a marker may be wrong: by default 2 of 32 in a search, 3 of 32 in lock; in any
  ///     case less than a quarter.
  package init(marker: SyncMarker, codeblockByteCount: Int, tolerance: MarkerTolerance) {
    precondition(codeblockByteCount > 0, "a unit holds more than its marker")
    unitByteCount = marker.byteCount + codeblockByteCount
    tracker = UnitTracker(
      pattern: MarkerPattern(marker, tolerance: tolerance), unitBitCount: unitByteCount * 8)
    carry = StreamCarry(capacity: 4 * unitByteCount + 64)
  }

  /// Where each byte that came in ended up.
  package var counts: StreamCounts {
    var counts = StreamCounts()
    counts.received = receivedByteCount
    counts.framed = tracker.framedByteCount
    counts.skipped = tracker.skippedByteCount
    return counts
  }

  /// What is known about where the units are.
  package var state: LockState { tracker.state }

  /// Takes the next bytes of the stream.
  ///
  /// - Parameter endsUnit: Whether these bytes end where the sender ended a unit of its own, such as a datagram.
  package mutating func receive<R: CodeblockReceiver & ~Copyable>(
    _ bytes: RawSpan, endsUnit: Bool, into receiver: inout R
  ) {
    let start = receivedByteCount
    receivedByteCount += bytes.byteCount
    // What was carried over comes first, until all that is still needed lies within the bytes at hand.
    var offset = 0
    while !carry.isEmpty, offset < bytes.byteCount {
      offset += carry.append(bytes.from(offset), atMost: unitByteCount)
      tracker.advance(
        over: carry, mayProve: offset == bytes.byteCount && !endsUnit, into: &receiver)
      carry.drop(before: tracker.keptStart >> 3)
      if carry.startByte >= start {
        offset = carry.startByte - start
        carry.removeAll()
      }
    }
    if carry.isEmpty {
      tracker.advance(
        over: BitWindow(bytes.from(offset), startByte: start + offset), mayProve: !endsUnit, into: &receiver)
      offset = min(max(tracker.keptStart >> 3 - start, offset), bytes.byteCount)
      carry.restart(at: start + offset)
      carry.append(bytes.from(offset), atMost: bytes.byteCount - offset)
    }
    if endsUnit {
      tracker.endSenderUnit(at: receivedByteCount * 8)
      tracker.advance(over: carry, mayProve: true, into: &receiver)
      carry.drop(before: tracker.keptStart >> 3)
    }
    tracker.reportSkipped(to: &receiver)
  }

  /// The stream ends or breaks: what is still held is decided on, and the next bytes begin another stream.
  package mutating func finish<R: CodeblockReceiver & ~Copyable>(into receiver: inout R) {
    tracker.advance(over: carry, isLast: true, mayProve: true, into: &receiver)
    tracker.finish(at: receivedByteCount * 8, into: &receiver)
    carry.removeAll()
  }
}

extension FrameSynchronizer {
  /// Saves it, or restores it into one that has received nothing.
  package mutating func archive(_ archive: inout StateArchive) {
    archive.byteCount(&receivedByteCount)
    // It is never so full that another unit would not go in.
    carry.archive(&archive, end: receivedByteCount, roomFor: unitByteCount)
    guard archive.isValid else { return }
    tracker.archive(&archive, carried: carry.startByte * 8...receivedByteCount * 8)
  }
}
