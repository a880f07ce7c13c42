import CCSDSLink
import CCSDSWire
import DownlinkService
import Publish
import StationConfiguration
import Testing

@Suite("Explanations of a packet and of a unit")
struct ExplainPacketTests {
  /// Three packets of one process, the second with a low voltage, and one of another in between.
  private static let packets = [
    SampleMission.packet(7, second: 1_479_287_357, volts: 2512, mode: 1),
    SampleMission.packet(0, second: 0, volts: 0, process: 6),
    SampleMission.packet(9, second: 1_479_287_358, volts: 1900),
    SampleMission.packet(10, second: 1_479_287_359, volts: 1900),
  ]

  private func explain(_ question: Explainer.Question) throws -> [JSONValue] {
    let folder = try TemporaryFolder()
    let (link, mission) = try SampleMission.link(in: folder)
    return try Explanation.objects(
      question, of: link, mission, in: try folder.write(Self.packets.flatMap(\.self), to: "packets"))
  }

  private func text(_ question: Explainer.Question) throws -> String {
    let folder = try TemporaryFolder()
    let (link, mission) = try SampleMission.link(in: folder)
    return try Explanation.lines(
      question, of: link, mission, in: try folder.write(Self.packets.flatMap(\.self), to: "packets")
    ).joined(separator: "\n")
  }

  @Test("each value of a packet has its bits, raw value, rule, unit and limit, worked out by hand")
  func explainsValues() throws {
    let packet = try #require(try explain(.packet(4, applicationProcess: nil)).first)
    #expect(packet["apid"] == .integer(5))
    #expect(packet["seq"] == .integer(10))
    #expect(packet["container"] == .string("HK"))
    #expect(packet["completeness"] == .string("whole"))
    // 48 bits of header, 32 of time, 8 of mode, 16 of voltage, 32 of text, 3 times 8.
    #expect(packet["described_bits"] == .integer(160))
    #expect(packet["on_board_time"] == .string("2026-11-21T09:09:01.000000000Z"))
    guard case .array(let values)? = packet["values"] else { return #expect(Bool(false), "\(packet)") }
    #expect(values.count == 14)
    let volts = try #require(values.first { $0["name"] == .string("BUSV") })
    #expect(volts["at_bit"] == .integer(88))
    #expect(volts["bits"] == .integer(16))
    #expect(volts["raw"] == .integer(1900))
    #expect(volts["value"] == .number(19))
    #expect(volts["unit"] == .string("V"))
    #expect(volts["rule"] == .string("0.01 x"))
    // The second low voltage in a row: below 20 is critical.
    #expect(volts["limit_level"] == .string("critical"))
    #expect(volts["defined_at"]?["line"] == .integer(22))
    #expect(values.last?["name"] == .string("CELLS[2]"))
    #expect(values.last?["at_bit"] == .integer(152))
  }

  @Test("the rule of the time on board is that of where it was found: in the header, or in the database")
  func tellsRuleOfTime() throws {
    let folder = try TemporaryFolder()
    var (link, mission) = try SampleMission.link(in: folder)
    var stream = PacketStreamParameters()
    stream.packets.timeCode = UnsegmentedTimeCode(coarseByteCount: 4, fineByteCount: 0).map {
      .implicit(.unsegmented($0))
    }
    link.parameters = .packets(stream)
    // The first has a secondary header; the second says that it has none, and its time is one of its values.
    let first = SampleMission.packet(7, second: 1_479_287_357, volts: 2512)
    var second = SampleMission.packet(8, second: 1_479_287_359, volts: 2512)
    second[0] &= 0xF7
    let path = try folder.write(first + second, to: "packets")
    let rules = try [1, 2].map { number in
      try Explanation.objects(.packet(number, applicationProcess: nil), of: link, mission, in: path)
        .first?["on_board_time_rule"]
    }
    #expect(rules[0] == .string("CUC of 4 bytes, without a P-field, at byte 6"))
    #expect(rules[1] == .string("the first time that the mission database has in it, TIME"))
  }

  @Test("the decisions on the way to the container are told, those that do not hold too")
  func explainsDecisions() throws {
    let foreign = try #require(try explain(.packet(2, applicationProcess: nil)).first)
    #expect(foreign["completeness"] == .string("unidentified"))
    #expect(
      foreign["decisions"]
        == .array([.string("packets begin with /SAT/Packet")])
        || foreign["decisions"]
          == .array([
            .string("packets begin with /SAT/Packet"), .string("container /SAT/HK: APID == 5 does not hold: APID is 6"),
          ])
    )
    let known = try text(.packet(1, applicationProcess: nil))
    #expect(known.contains("packets begin with /SAT/Packet"))
    #expect(known.contains("label of 1"))
  }

  @Test("packets of one application process are counted by themselves")
  func countsByProcess() throws {
    let packet = try #require(try explain(.packet(2, applicationProcess: 5)).first)
    #expect(packet["number"] == .integer(3))
    #expect(packet["number_of_apid"] == .integer(2))
    #expect(packet["seq"] == .integer(9))
    #expect(packet["provenance"]?["packets_missing_before"] == .integer(1))
  }

  @Test("of a number beyond the last packet or unit it is said how many there are", arguments: [5, 1_000_000, Int.max])
  func tellsAbsence(number: Int) throws {
    for (question, count) in [
      (Explainer.Question.packet(number, applicationProcess: nil), "completes 4 packets"),
      (.packet(number, applicationProcess: 6), "completes 1 of it, and 4 packets in all"),
      (.unit(number), "has 4 units"),
    ] {
      #expect {
        try explain(question)
      } throws: {
        "\($0)".contains(count) && ($0 as? ServiceError)?.exitCode == 64
      }
    }
  }

  @Test("a unit is told of step by step: what it holds, and what became of it")
  func explainsUnit() throws {
    let unit = try text(.unit(3))
    #expect(unit.hasPrefix("unit 3, byte 40, 20 bytes\n"))
    #expect(unit.contains("Space Packet at 0: APID 5, 20 bytes"))
    #expect(unit.contains("it is packet 3"))
    #expect(unit.contains("its values: whole as HK"))
  }

  @Test("a packet in frames has the counts and times of its frames")
  func explainsProvenance() throws {
    let recording = try Recording.clean()
    let folder = try TemporaryFolder()
    try recording.writeCapture(to: folder.path("capture"))
    var spanning: JSONValue?
    for number in 1...30 where spanning == nil {
      let packet = try #require(
        try Explanation.objects(
          .packet(number, applicationProcess: nil), of: recording.link, in: folder.path("capture")
        ).first)
      if case .integer(let frames)? = packet["provenance"]?["frames"], frames == 2 { spanning = packet }
    }
    let provenance = try #require(spanning?["provenance"])
    guard case .integer(let first)? = provenance["first_frame"], case .integer(let last)? = provenance["last_frame"]
    else {
      return #expect(Bool(false), "\(provenance)")
    }
    #expect(last == first + 1)
    #expect(provenance["frame_gap_before"] == .bool(false))
    #expect(provenance["first_received"] != provenance["last_received"])
    #expect(spanning?["ended"] == .string("the link has no mission database: write 'mission_database' below it"))
  }

  @Test("each unit of a link with all kinds of faults can be explained, and is JSON")
  func explainsEveryUnit() throws {
    let recording = try Recording.lively()
    let folder = try TemporaryFolder()
    try recording.writeCapture(to: folder.path("capture"))
    for number in stride(from: 1, through: 480, by: 23) {
      let unit = try #require(
        try Explanation.objects(.unit(number), of: recording.link, in: folder.path("capture")).first)
      #expect(unit["unit"] == .integer(number))
      guard case .array(let steps)? = unit["steps"] else { return #expect(Bool(false), "\(unit)") }
      #expect(!steps.isEmpty, "unit \(number)")
    }
  }
}
