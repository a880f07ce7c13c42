import CCSDSLink
import DownlinkService
import LinkHealth
import Testing

@Suite("The units that a link rejected last")
struct RejectedUnitsTests {
  private static func note(_ units: RejectedUnits, _ bytes: [UInt8], at milliseconds: Int64?) {
    units.note(
      .frame(.version), unsafe bytes.span.bytes,
      receivedAt: milliseconds.map { 1_790_000_000_000_000_000 + $0 * 1_000_000 })
  }

  @Test("three of each reason are kept one after the other; the next three may come 0.3 seconds later")
  func keepsLast() throws {
    let units = RejectedUnits(since: 5)
    for index in 0..<10 { Self.note(units, [UInt8(index)], at: 0) }
    var entry = try #require(units.review()[.frame(.version)])
    #expect(entry.count == 10 && entry.passedOverCount == 7)
    #expect(entry.units.map(\.bytes) == [[2], [1], [0]])
    #expect(entry.units.map(\.number) == [3, 2, 1])
    Self.note(units, [10], at: 299)
    Self.note(units, [11], at: 300)
    Self.note(units, [12], at: 300)
    entry = try #require(units.review()[.frame(.version)])
    #expect(entry.count == 13 && entry.passedOverCount == 8)
    #expect(entry.units.map(\.bytes) == [[12], [11], [2]])
    #expect(entry.units.map(\.number) == [13, 12, 3])
    Self.note(units, [13], at: 500)
    Self.note(units, [14], at: 599)
    Self.note(units, [15], at: 600)
    entry = try #require(units.review()[.frame(.version)])
    #expect(entry.units.map(\.number) == [16, 14, 13])
    #expect(units.review().since == 5)
    #expect(units.review().entries.count == 1)
  }

  @Test("a clock that is set back, or that nobody has, neither traps nor ends it for good")
  func bearsClocks() throws {
    let units = RejectedUnits(since: 0)
    for time: Int64 in [.max, .min, 0, -1, .max] {
      units.note(.unlisted, unsafe [1].span.bytes, receivedAt: time)
    }
    Self.note(units, [1], at: nil)
    Self.note(units, [2], at: nil)
    #expect(units.review()[.unlisted]?.count == 5)
    #expect(units.review()[.unlisted]?.units.count == 3)
    #expect(units.review()[.frame(.version)]?.units.count == 2)
  }

  @Test("of a long unit the first 2048 bytes are kept, and its length")
  func keepsBeginning() throws {
    let units = RejectedUnits(since: 0)
    let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
    units.note(.datagram(.oversize), unsafe bytes.span.bytes, of: 9000, receivedAt: 1)
    Self.note(units, [], at: 0)
    let long = try #require(units.review()[.datagram(.oversize)]?.units.first)
    #expect(long.bytes == Array(bytes.prefix(2048)) && long.byteCount == 9000 && !long.isWhole)
    let empty = try #require(units.review()[.frame(.version)]?.units.first)
    #expect(empty.bytes.isEmpty && empty.isWhole)
  }

  @Test("every reason of the ledger has a place of its own, and what they take together is bounded")
  func knowsAllReasons() {
    let units = RejectedUnits(since: 0)
    for _ in 0..<100 {
      for reason in RejectionReason.all {
        units.note(reason, unsafe [UInt8](repeating: 7, count: 4000).span.bytes, receivedAt: nil)
      }
    }
    let record = units.review()
    // 5 of datagrams, 3 of the coding, 6 of frames and the unlisted ones, twice 10 of zones, 3 of packets.
    #expect(record.entries.map(\.reason) == RejectionReason.all && RejectionReason.all.count == 38)
    #expect(Set(RejectionReason.all).count == 38)
    // 38 reasons, 3 units, 2048 bytes.
    #expect(record.byteCount == 233_472 && RejectedUnits.capacity == 233_472)
    #expect(record.entries.allSatisfy { $0.count == 100 })
    // Packets that are rejected are kept as such, and not once more as bytes of their zone.
    units.note(.zone(.packetChecksum), unsafe [1].span.bytes, receivedAt: nil)
    #expect(units.review().entries.count == 38)
  }
}
