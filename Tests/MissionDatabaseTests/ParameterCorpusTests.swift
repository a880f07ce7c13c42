import MissionDatabase
import TestSupport
import Testing

@Suite(
  "Recorded packets by their databases", .enabled(if: ParameterCorpus.isPresent, ParameterCorpus.absence),
  .timeLimit(.minutes(10)))
struct ParameterCorpusTests {
  /// How many values of an item others have, and how many of them we have.
  private struct Tally: CustomStringConvertible {
    var agreed = 0
    var total = 0
    var differences: [String] = []

    var description: String { "\(agreed) of \(total) values" }

    mutating func count(_ agrees: Bool, _ what: @autoclosure () -> String, times: Int = 1) {
      total += times
      if agrees { agreed += times } else if differences.count < 20 { differences.append(what()) }
    }
  }

  /// Integers that a calibrator gives a fraction: one peer keeps it, the other one rounds, as an integer asks for.
  private static let rounded: Set<String> = ["SWE_SCIENCE.SPIN_PHASE"]

  @Test(
    "every value of every packet is what others read",
    arguments: [
      ("xtce-imap-hi-cnt", 1_100), ("xtce-imap-hi-de", 1_100), ("xtce-imap-hi-nhk", 8_000), ("xtce-imap-mag", 936),
      ("xtce-imap-swapi", 12_387), ("xtce-imap-swe", 812), ("xtce-jpss", 194_400), ("xtce-suda", 443),
    ])
  func values(item: String, valueCount: Int) throws {
    let truth = try ParameterCorpus.truth(item)
    let peer = truth["truth"]["spp"]
    let plan = try DecodePlan(
      ParameterCorpus.database(truth), root: peer["root_container"].text)
    let packets = try ParameterCorpus.packets(truth, prefixByteCount: peer["prefix_bytes_per_packet"].integer ?? 0)
    #expect(packets.count == peer["packets"].integer)
    var decoder = PacketDecoder(plan)
    let decoded = packets.map { decoder.decoded($0) }
    var tally = Tally()
    try compareRows(decoded, peer)
    for (name, parameter) in peer["parameters"].members {
      let values = decoded.enumerated().flatMap { number, packet in
        packet.samples.filter { Self.name($0) == name }.map { (number: number, value: $0.engineering) }
      }
      compare(name, values, parameter, peer, &tally)
    }
    // Nothing that others do not have.
    let known = Set(peer["parameters"].members.keys)
    #expect(decoded.allSatisfy { $0.samples.allSatisfy { known.contains(Self.name($0)) } })
    print("\(item): \(tally)")
    #expect(tally.total == valueCount)
    #expect(tally.agreed == tally.total, "\(tally.differences.joined(separator: "\n"))")
  }

  /// The name of a parameter without its space systems.
  private static func name(_ sample: Decoded.Sample) -> String {
    String(sample.name[(sample.name.lastIndex(of: "/").map(sample.name.index(after:)) ?? sample.name.startIndex)...])
  }

  /// All values of a parameter, by their digest; those of which there is none by the rows that are recorded.
  private func compare(
    _ name: String, _ values: [(number: Int, value: Value)], _ parameter: JSON, _ peer: JSON, _ tally: inout Tally
  ) {
    let count = parameter["count"].integer ?? 0
    guard values.count == count else {
      return tally.count(false, "\(name): \(values.count) values, and \(count) are recorded", times: count)
    }
    // Numbers of a floating-point type that nothing calibrates stay the integers that they were sent as, with the peer.
    if [Self.json, Self.jsonOfIntegers].contains(where: { text in
      let lines = values.map { text($0.value) + "\n" }.joined()
      return SHA256.hex(Array(lines.utf8)) == parameter["sequence_sha256"].text
    }) {
      return tally.count(true, "", times: count)
    }
    var rows: [Int: JSON] = [:]
    for row in peer["rows_first"].list + peer["rows_last"].list {
      if let number = row["n"].integer, row["eng"][name].isPresent { rows[number] = row["eng"][name] }
    }
    let isOctets = parameter["distinct"].isPresent
    if isOctets, Set(values.map(\.value.description)).count != parameter["distinct"].integer {
      return tally.count(false, "\(name): other octets than recorded", times: count)
    }
    for (number, value) in values {
      // Octets have no digest that can be made again, and rows only of the first and last packets.
      guard let row = rows[number] else {
        tally.count(isOctets, "\(name), packet \(number): \(value), and only a digest is recorded")
        continue
      }
      tally.count(
        row.agrees(with: value) || Self.isRounded(value, from: row, name), "\(name), packet \(number): \(value)")
    }
  }

  private static func isRounded(_ value: Value, from row: JSON, _ name: String) -> Bool {
    guard rounded.contains(name), case .integer(let integer) = value, let number = row.number else { return false }
    return integer == Int64(number.rounded())
  }

  /// As Python writes it.
  private static func json(_ value: Value) -> String {
    switch value {
    case .text(let text), .label(let text): "\"\(text)\""
    case .boolean(let truth): truth ? "true" : "false"
    case .octets(let octets): "\"hex:\(JSON.digits(of: octets))\""
    default: value.description
    }
  }

  private static func jsonOfIntegers(_ value: Value) -> String {
    guard case .number(let number) = value, let integer = Int64(exactly: number) else { return json(value) }
    return integer.description
  }

  /// The raw values of the packets that are recorded whole, and how many of their bits are described.
  private func compareRows(_ decoded: [Decoded], _ peer: JSON) throws {
    for row in peer["rows_first"].list + peer["rows_last"].list {
      let packet = decoded[try #require(row["n"].integer)]
      #expect(Int(packet.outcome.describedBitCount) == row["bits_used"].integer)
      for (name, value) in row["raw"].members {
        let sample = try #require(packet.samples.first { Self.name($0) == name }, "\(name)")
        #expect(value.agrees(with: sample.raw), "\(name) is \(sample.raw), packet \(row["n"].integer ?? -1)")
      }
    }
  }

  // MARK: Aggregates

  @Test("aggregates and booleans: rows by their values, all packets by their statistics")
  func aggregates() throws {
    let truth = try ParameterCorpus.truth("xtce-yamcs-viewer")
    let peer = truth["truth"]
    let database = try ParameterCorpus.database(truth)
    let plan = try DecodePlan(database)
    let packets = try ParameterCorpus.packets(truth, prefixByteCount: 0)
    #expect(packets.count == peer["packets"].integer)
    var decoder = PacketDecoder(plan)
    let decoded = packets.map { decoder.decoded($0) }
    for row in peer["rows_first"].list + peer["rows_last"].list {
      let packet = decoded[try #require(row["n"].integer)]
      #expect(String(database.containers[Int(packet.outcome.container)].name) == row["containers"].list.last?.text)
      #expect(packet.outcome.completeness == .whole)
      compare(row["eng"], packet.samples.map { ($0.name, $0.engineering) })
      compare(row["raw"], packet.samples.map { ($0.name, $0.raw) })
    }
    var tally = Tally()
    for (name, parameter) in peer["parameters"].members {
      let values = decoded.flatMap { $0.samples.filter { Self.name($0) == name }.map(\.engineering) }
      tally.count(statistics(values, agreeWith: parameter), name, times: parameter["count"].integer ?? 0)
    }
    print("xtce-yamcs-viewer: \(tally)")
    #expect(tally.total == 1800 * 52)
    #expect(tally.agreed == tally.total, "\(tally.differences)")
  }

  private func compare(_ row: JSON, _ samples: [(name: String, value: Value)], prefix: String = "") {
    for (name, value) in row.members {
      if !value.members.isEmpty {
        compare(value, samples, prefix: prefix + name + ".")
        continue
      }
      let found = samples.filter { $0.name.hasSuffix("/" + prefix + name) }.map(\.value)
      #expect(found.count == 1 && value.agrees(with: found[0]), "\(prefix + name): \(found)")
    }
  }

  private func statistics(_ values: [Value], agreeWith parameter: JSON) -> Bool {
    guard values.count == parameter["count"].integer else { return false }
    if parameter["values"].isPresent {
      var counts: [String: Int] = [:]
      for value in values {
        if case .boolean(let truth) = value { counts[truth ? "True" : "False", default: 0] += 1 }
        if case .label(let label) = value { counts[label, default: 0] += 1 }
      }
      return counts == parameter["values"].members.compactMapValues(\.integer)
    }
    let numbers = values.compactMap { value -> Double? in
      switch value {
      case .integer(let integer): Double(integer)
      case .number(let number): number
      default: nil
      }
    }
    guard numbers.count == values.count else { return false }
    return parameter["min"].agrees(with: .number(numbers.min() ?? .nan))
      && parameter["max"].agrees(with: .number(numbers.max() ?? .nan))
      && parameter["mean"].agrees(with: .number(numbers.reduce(0, +) / Double(numbers.count)))
  }

  // MARK: Vectors

  @Test(
    "every packet of the vectors",
    arguments: [
      ("xtcevec-bogussat1", 280), ("xtcevec-booleans", 4), ("xtcevec-refxtce", 6), ("xtcevec-strings", 18),
      ("xtcevec-varbinary", 9),
    ])
  func vectors(item: String, valueCount: Int) throws {
    let truth = try ParameterCorpus.truth(item)
    let database = try ParameterCorpus.database(truth)
    var tally = Tally()
    for vector in truth["truth"]["results"].list {
      let root = try #require(vector["container"].text)
      guard database.containers.contains(where: { $0.path == root }) else {
        // Its size is found by a program, which nobody but its author can run.
        #expect(database.notices.contains { $0.message.contains("algorithms are not executed") })
        continue
      }
      var decoder = PacketDecoder(try DecodePlan(database, root: root))
      let found = decoder.decoded(hex(vector["hex"].text ?? ""))
      if vector["error"].isPresent {
        #expect(found.outcome.completeness != .whole, "\(vector["error"].text ?? "") \(vector["hex"].text ?? "")")
        tally.count(found.outcome.completeness != .whole, vector["hex"].text ?? "")
        continue
      }
      let containers = vector["containers"].list.compactMap(\.text)
      #expect(database.containers[Int(found.outcome.container)].name == containers.last?[...])
      for value in vector["values"].list {
        let name = value["parameter"].text ?? ""
        let samples = found.samples.filter { $0.name == name || $0.name == name + "[]" }
        compare(value["eng"], samples.map(\.engineering), value["raw"], samples.map(\.raw), name, &tally)
      }
    }
    print("\(item): \(tally)")
    #expect(tally.total == valueCount)
    #expect(tally.agreed == tally.total, "\(tally.differences)")
  }

  private func compare(
    _ engineering: JSON, _ found: [Value], _ raw: JSON, _ foundRaw: [Value], _ name: String, _ tally: inout Tally
  ) {
    let expected = engineering.list.isEmpty ? [engineering] : engineering.list
    let expectedRaw = raw.list.isEmpty ? [raw] : raw.list
    guard found.count == expected.count, foundRaw.count == expectedRaw.count else {
      return tally.count(false, "\(name): \(found.count) values", times: expected.count)
    }
    for index in expected.indices {
      tally.count(
        expected[index].agrees(with: found[index]) && expectedRaw[index].agrees(with: foundRaw[index]),
        "\(name): \(found[index]), \(foundRaw[index])")
    }
  }

  // MARK: The worked document

  @Test("the document of the standards notes: every value of its packets", .enabled(if: VectorFile.isPresent))
  func document() throws {
    let group = try #require(try ParameterCorpus.vectors("xtce").list.first)
    let database = try MissionDatabase.load([(name: "demo.xml", bytes: Array((group["xml"].text ?? "").utf8))])
    var decoder = PacketDecoder(try DecodePlan(database))
    var tally = Tally()
    for packet in group["packets"].list {
      let found = decoder.decoded(hex(packet["hex"].text ?? ""))
      #expect(found.outcome.completeness == .whole)
      for (name, expected) in packet["expect"].members {
        let sample = found.samples.first { $0.name == "/Demo/\(name)" }
        tally.count(Self.agrees(expected, sample), "\(name): \(sample.map { "\($0.engineering)" } ?? "absent")")
      }
    }
    print("xtce: \(tally)")
    #expect(tally.agreed == tally.total && tally.total == 27, "\(tally.differences)")
  }

  private static func agrees(_ expected: JSON, _ sample: Decoded.Sample?) -> Bool {
    guard let sample else { return !expected.isPresent }
    switch (sample.engineering, expected.text) {
    case (.time(let nanoseconds), let text?):
      // 1 479 287 357 s behind the epoch of GPS, at 694 656 019 s.
      return text == "2026-11-21T09:08:59.000Z" && nanoseconds == 2_173_943_376_000_000_000
    case (.octets(let octets), let text?): return octets == hex(text)
    case (.none, let text?): return text.hasPrefix("UNDEF") && sample.validity == .noLabel
    default: return expected.agrees(with: sample.engineering)
    }
  }
}
