package import CCSDSCoding
package import Ingest

/// Keeps the last units that a link rejected for each reason, so that somebody can be shown them.
///
/// All its memory is there from the beginning, and noting a unit takes none. Of each reason as many are kept as there
/// are slots, one after the other, because what is wrong may show only from one to the next; then a while has to pass
/// before as many others take their places, so that a flood of them costs a count each. It belongs to the queue of its
/// link; what leaves it are values.
@safe package final class RejectedUnits {
  /// How many are kept of each reason.
  package static let slotCount = 3
  /// How much is kept of each: the longest codeblock with its sync marker, and every TM frame.
  package static let slotByteCount = 2048
  /// What the units of a link take at most.
  package static let capacity = RejectionReason.all.count * slotCount * slotByteCount
  /// From the first of as many as there are slots to the next such one, in nanoseconds.
  private static let interval: Int64 = 300_000_000

  private struct Slot {
    var number = 0
    var receivedAt: Int64?
    var source: SocketAddress?
    var byteCount = 0
    var keptByteCount = 0
    var corrections: CodewordCorrections?
  }

  private struct Tally {
    var count = 0
    var keptCount = 0
    /// When the first unit was kept of those that were kept together last.
    var begunAt: Int64 = 0
  }

  /// Who sent the datagram at hand, where what is in it is looked at before the next one comes.
  package var source: SocketAddress?
  private let memory: UnsafeMutableRawBufferPointer
  private var slots = [Slot](repeating: Slot(), count: RejectionReason.all.count * slotCount)
  private var tallies = [Tally](repeating: Tally(), count: RejectionReason.all.count)
  /// By reason: whether it was noted since the last review, and whether a unit of it was kept since.
  private var notedMarks: UInt64 = 0
  private var keptMarks: UInt64 = 0
  private var record: RejectionRecord

  /// - Parameter since: Nanoseconds since 1970: now.
  package init(since: Int64) {
    // Not written to before it is needed, so that the kernel gives no pages for reasons that never come.
    unsafe memory = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.capacity, alignment: 64)
    record = RejectionRecord(since: since)
    precondition(
      RejectionReason.all.count <= UInt64.bitWidth
        && RejectionReason.all.enumerated().allSatisfy { $0.element.index == $0.offset },
      "every reason stands in the place of its index")
  }

  deinit { unsafe memory.deallocate() }

  /// Takes note of a unit that was rejected.
  ///
  /// - Parameters:
  ///   - byteCount: How long it was, where not all of it is at hand.
  ///   - receivedAt: Nanoseconds since 1970.
  package func note(
    _ reason: RejectionReason, _ bytes: RawSpan, of byteCount: Int? = nil, receivedAt: Int64?,
    corrections: CodewordCorrections? = nil
  ) {
    guard let index = reason.index else { return }
    tallies[index].count += 1
    notedMarks |= 1 << UInt64(index)
    let tally = tallies[index]
    if tally.keptCount % Self.slotCount == 0 {
      // A clock that was set back ends the wait, too.
      let now = receivedAt ?? tally.begunAt
      let (elapsed, overflow) = now.subtractingReportingOverflow(tally.begunAt)
      guard tally.keptCount == 0 || overflow || elapsed < 0 || elapsed >= Self.interval else { return }
      tallies[index].begunAt = now
    }
    let slot = index * Self.slotCount + tally.keptCount % Self.slotCount
    let keptByteCount = min(bytes.byteCount, Self.slotByteCount)
    let range = slot * Self.slotByteCount..<slot * Self.slotByteCount + keptByteCount
    unsafe bytes.extracting(0..<keptByteCount).withUnsafeBytes {
      unsafe UnsafeMutableRawBufferPointer(rebasing: memory[range]).copyMemory(from: $0)
    }
    slots[slot] = Slot(
      number: tally.count, receivedAt: receivedAt, source: source, byteCount: max(byteCount ?? 0, bytes.byteCount),
      keptByteCount: keptByteCount, corrections: corrections)
    tallies[index].keptCount += 1
    keptMarks |= 1 << UInt64(index)
  }

  /// What is kept by now. Only what has changed since the last time is copied: at most `capacity`.
  package func review() -> RejectionRecord {
    guard notedMarks != 0 else { return record }
    for (index, reason) in RejectionReason.all.enumerated() where notedMarks >> UInt64(index) & 1 == 1 {
      let place = record.entries.firstIndex { ($0.reason.index ?? 0) >= index } ?? record.entries.count
      if place == record.entries.count || record.entries[place].reason != reason {
        record.entries.insert(RejectionRecord.Entry(reason: reason), at: place)
      }
      let tally = tallies[index]
      record.entries[place].count = tally.count
      record.entries[place].passedOverCount = tally.count - tally.keptCount
      if keptMarks >> UInt64(index) & 1 == 1 { record.entries[place].units = units(of: index) }
    }
    (notedMarks, keptMarks) = (0, 0)
    return record
  }

  /// The newest first.
  private func units(of index: Int) -> [RejectedUnit] {
    let keptCount = tallies[index].keptCount
    return (0..<min(keptCount, Self.slotCount)).map { age in
      let place = index * Self.slotCount + (keptCount - 1 - age) % Self.slotCount
      let slot = slots[place]
      let start = place * Self.slotByteCount
      let bytes = unsafe [UInt8](UnsafeRawBufferPointer(rebasing: memory[start..<start + slot.keptByteCount]))
      return RejectedUnit(
        number: slot.number, receivedAt: slot.receivedAt, source: slot.source, byteCount: slot.byteCount,
        bytes: bytes, corrections: slot.corrections)
    }
  }
}
