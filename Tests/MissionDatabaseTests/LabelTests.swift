import MissionDatabase
import TestSupport
import Testing

@Suite("Labels")
struct LabelTests {
  private func decode(_ value: Int64, _ labels: [(String, ClosedRange<Int64>)]) throws -> Decoded.Sample {
    var maker = DatabaseMaker()
    let type = maker.type(
      .enumerated(labels.map { EnumeratedRange(label: $0.0, values: $0.1) }),
      .integer(IntegerEncoding(bitCount: 64, representation: .twosComplement)))
    let mode = maker.parameter("MODE", type)
    _ = maker.container("Packet", [entry(mode)])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: value >> Int64(56 - 8 * $0)) }
    return try #require(decoder.decoded(bytes).samples.first)
  }

  @Test(
    "numbers and ranges of them, also far apart and below zero",
    arguments: [
      (Int64(-1), "BELOW"), (0, "OFF"), (2, "RANGE"), (5, "RANGE"), (1_000_000_000_000, "FAR"), (.min, "LOWEST"),
      (.max, "HIGHEST"),
    ])
  func finds(value: Int64, label: String) throws {
    let labels: [(String, ClosedRange<Int64>)] = [
      ("OFF", 0...0), ("RANGE", 2...5), ("BELOW", -3 ... -1), ("FAR", 1_000_000_000_000...1_000_000_000_001),
      ("LOWEST", .min ... .min), ("HIGHEST", .max ... .max),
    ]
    #expect(try decode(value, labels).engineering == .label(label))
  }

  @Test("a number without a label has none, and says so", arguments: [Int64(1), 6, -4, .max, .min])
  func unlisted(value: Int64) throws {
    let found = try decode(value, [("OFF", 0...0), ("RANGE", 2...5), ("BELOW", -3 ... -1)])
    #expect(found.engineering == .none && found.validity == .noLabel && found.raw == .integer(value))
  }

  @Test("where ranges overlap the first one counts: the same as looking through all of them")
  func overlaps() throws {
    var random = SeededGenerator(seed: 11)
    for scale in [Int64(1), 1_000_000] {
      let labels = (0..<40).map { index -> (String, ClosedRange<Int64>) in
        let first = Int64.random(in: -50...50, using: &random) * scale
        return ("L\(index)", first...(first + Int64.random(in: 0...20, using: &random) * scale))
      }
      for value in stride(from: -80 * scale, through: 80 * scale, by: Int(scale)) {
        let expected = labels.first { $0.1.contains(value) }?.0
        #expect(try decode(value, labels).engineering == (expected.map(Value.label) ?? Value.none))
      }
    }
  }

  @Test("one label for several numbers is one label; a boolean has that of zero first")
  func slots() throws {
    var maker = DatabaseMaker()
    let mode = maker.enumerated(8, [("OFF", 0...0), ("ON", 1...1), ("OFF", 2...2)])
    let flag = maker.type(
      .boolean(one: "YES", zero: "NO"), .integer(IntegerEncoding(bitCount: 8, representation: .unsigned)))
    let values = [maker.parameter("MODE", mode), maker.parameter("FLAG", flag)]
    _ = maker.container("Packet", values.map { entry($0) })
    let plan = try DecodePlan(maker.database)
    #expect(plan.slots.map(\.labels) == [["OFF", "ON"], ["NO", "YES"]])
    var decoder = PacketDecoder(plan)
    let found = decoder.decoded([2, 7])
    #expect(found["MODE"] == .label("OFF") && found["FLAG"] == .boolean(true))
    #expect(found.raw("FLAG") == .integer(7))
  }
}
