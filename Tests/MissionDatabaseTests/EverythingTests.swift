import CCSDSWire
import Foundation
import MissionDatabase
import TestSupport
import Testing

@Suite("A database with one of everything that a packet can hold")
struct EverythingTests {
  private static func plan() throws -> DecodePlan {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures/MissionDatabase/everything.xml")
    let database = try MissionDatabase.load([(name: path.path, bytes: Array(try Data(contentsOf: path)))])
    return try DecodePlan(database)
  }

  /// A packet of an application process, long enough for all that it may hold.
  private func packet(_ application: Int, _ random: inout SeededGenerator) -> [UInt8] {
    // Small numbers, and more often none, so that sizes and counts are possible now and then, wherever they begin.
    let body = random.bytes(400).map { $0 & ([0xFF, 0x07, 0, 0].randomElement(using: &random) ?? 0) }
    return [0, UInt8(application), 0xC0, 0, 0, 0] + body
  }

  @Test(
    "packets of every length from none to eight bytes more than is described: nothing is said that is not there",
    arguments: 0...10)
  func everyLength(application: Int) throws {
    var random = SeededGenerator(seed: UInt64(application))
    let plan = try Self.plan()
    var wholeCount = 0
    for _ in 0..<40 {
      let long = packet(application, &random)
      var decoder = PacketDecoder(plan)
      let described = Int(decoder.decoded(long).outcome.describedBitCount)
      for byteCount in 0...min(long.count, (described + 7) / 8 + 8) {
        decoder = PacketDecoder(plan, sampleCapacity: 2048)
        let found = decoder.decoded(Array(long.prefix(byteCount)))
        #expect(found.outcome.describedBitCount <= UInt32(8 * byteCount))
        #expect(found.samples.allSatisfy { $0.bits.upperBound <= 8 * byteCount })
        switch found.outcome.completeness {
        case .whole, .unidentified:
          #expect(found.end == nil)
          wholeCount += 1
        case .short, .impossibleSize: #expect(found.end != nil)
        case .tooManyValues: Issue.record("more values than fit")
        }
      }
    }
    #expect(wholeCount > 10)
  }

  @Test("random packets of random lengths, with what those before left behind")
  func random() throws {
    var random = SeededGenerator(seed: 77)
    var decoder = PacketDecoder(try Self.plan())
    var sampleCount = 0
    for _ in 0..<20_000 {
      var bytes = random.bytes(Int.random(in: 0...200, using: &random))
      if bytes.count > 2 { bytes[1] = UInt8.random(in: 0...10, using: &random) }
      if bytes.count > 2 { bytes[0] &= 0xF8 }
      let outcome = decoder.decode(unsafe bytes.span.bytes)
      sampleCount += decoder.samples.count
      #expect(outcome.describedBitCount <= UInt32(8 * bytes.count))
    }
    #expect(sampleCount > 100_000)
  }

  @Test("integers of all encodings, put together by hand")
  func integers() throws {
    // The sizes of the container, and a raw value for each with what it means.
    let fields: [(bitCount: Int, bits: UInt64, expected: Value)] = [
      (1, 1, .integer(1)), (2, 2, .integer(2)), (2, 2, .integer(-2)), (3, 5, .integer(5)), (4, 9, .integer(9)),
      (8, 0x80, .integer(-128)), (8, 0x85, .integer(-5)), (12, 0xFFA, .integer(-5)), (11, 291, .integer(291)),
      (13, 0x1FFF, .integer(-1)), (16, 0x0102, .integer(12)), (32, 0x1234_5678, .integer(12_345_678)),
      (12, 0x987, .integer(987)), (16, 0x3412, .integer(0x1234)), (32, 0xFEFF_FFFF, .integer(-2)),
      (8, 0b1000_0000, .integer(1)), (5, 0b00001, .integer(16)), (24, 0xABCDEF, .integer(0xABCDEF)),
      (16, 0x8000, .integer(-32_768)), (32, 0xFFFF_FFFF, .integer(4_294_967_295)), (32, 0xFFFF_FFFE, .integer(-2)),
      (63, 1 << 62, .integer(1 << 62)), (64, 1 << 63, .integer(.min)), (64, .max, .unsigned(.max)),
      (1, 1, .boolean(true)), (4, 3, .label("NOMINAL")), (32, 0xFFFF_FFFF, .label("BELOW")),
    ]
    var bits: [UInt8] = []
    for field in fields {
      for bit in (0..<field.bitCount).reversed() { bits.append(UInt8(field.bits >> UInt64(bit) & 1)) }
    }
    bits += [UInt8](repeating: 0, count: (8 - bits.count % 8) % 8)
    let body = stride(from: 0, to: bits.count, by: 8).map { start in bits[start..<start + 8].reduce(0) { $0 << 1 | $1 }
    }
    var decoder = PacketDecoder(try Self.plan())
    let found = decoder.decoded([0, 1, 0xC0, 0, 0, 0] + body)
    #expect(found.outcome.completeness == .whole)
    #expect(found.samples.count == 7 + fields.count)
    for (sample, field) in zip(found.samples.dropFirst(7), fields) {
      #expect(sample.engineering == field.expected, "\(sample.name)")
    }
  }

  @Test("places: gaps, overlays, the packet's own, optional and repeated entries, containers, the end")
  func places() throws {
    // LENGTH 4 and MODE 2 (NOMINAL) end at bit 60; L_GAP is at 72, L_BACK, eight bits back, at 72; L_DYNAMIC at 64.
    // Behind it L_OPTION, twelve bits, at 72; four nibbles with gaps of four bits from 84, the last one ends at 112.
    var packet: [UInt8] = [0, 6, 0xC0, 0, 0, 0, 4, 0x20, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66]
    // Inner at 112: N_FIRST 3, N_TEXT of LENGTH bytes with its size before it, N_FAR at 112 + 64; then N_SHORT, as
    // N_FIRST is 3. Two more of them, without N_SHORT, at 192 and 264.
    packet += [0x30, 0x16, 0x10, 0, 0, 0, 0, 0, 0xA1, 0xA2]
    packet += [0x40, 0x16, 0x20, 0, 0, 0, 0, 0, 0xB1]
    packet += [0x50, 0x16, 0x30, 0, 0, 0, 0, 0, 0xC1]
    packet += [0xD1, 0xE1, 0xE2]
    var decoder = PacketDecoder(try Self.plan())
    let found = decoder.decoded(packet)
    #expect(found.outcome.completeness == .whole)
    func bits(_ name: String) -> [Range<Int>] {
      found.samples.filter { $0.name == "/EVERYTHING/" + name }.map(\.bits)
    }
    #expect(bits("L_GAP") == [72..<80])
    #expect(bits("L_BACK") == [72..<88])
    #expect(bits("L_DYNAMIC") == [64..<72])
    #expect(bits("L_OPTION") == [72..<84])
    #expect(bits("L_TIMES") == [84..<88, 92..<96, 100..<104, 108..<112])
    #expect(bits("N_FIRST") == [112..<116, 192..<196, 264..<268])
    #expect(found.all("/EVERYTHING/N_TEXT") == [.text("a"), .text("b"), .text("c")])
    #expect(bits("N_FAR") == [176..<184, 256..<264, 328..<336])
    #expect(bits("N_SHORT") == [184..<192])
    // The packet has 45 bytes: L_END in its last two, and L_NEXT two bytes before that.
    #expect(bits("L_END") == [344..<360])
    #expect(bits("L_NEXT") == [328..<336])
  }
}
