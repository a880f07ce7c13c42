import CCSDSWire

/// Dissects one packet, of either protocol, as far as its bytes go.
struct PacketDissector {
  /// How a packet ends.
  enum Outcome: Equatable {
    /// The next one begins here.
    case whole(end: Int)
    /// Its bytes go on behind the end of the zone.
    case goesOn
    /// Where the next one begins cannot be known.
    case lost
  }

  let unit: UnitBytes
  /// Where the bytes that may hold packets end.
  let end: Int
  let maximumPacketByteCount: Int
  /// Whether a packet may go on in the next unit.
  let spansUnits: Bool
  let showsBytes: Bool

  /// - Parameters:
  ///   - start: Where the packet begins: before `end`.
  ///   - origin: Why it should begin there, for the hint when it does not.
  func dissect(at start: Int, origin: String) -> (section: Dissection.Section, outcome: Outcome) {
    guard let first = unit.bits(at: start * 8, count: 8), start < end else {
      return (Dissection.Section(byteOffset: start, title: "no packet"), .lost)
    }
    let idleRun = unit.received[start..<end].prefix { $0 == Self.idleByte }.count
    if idleRun > 1 {
      let title = "Encapsulation Packets at \(start): \(idleRun) idle ones of 1 byte each"
      return (Dissection.Section(byteOffset: start, title: title), .whole(end: start + idleRun))
    }
    return switch first >> 5 {
    case 0b000: spacePacket(at: start)
    case 0b111: encapsulationPacket(at: start)
    case let version: unknown(at: start, version: version, origin)
    }
  }

  // MARK: Space Packets

  /// Standard: CCSDS 133.0-B-2 §4.1.
  private func spacePacket(at start: Int) -> (Dissection.Section, Outcome) {
    var reader = SectionReader(unit, at: start, end: end, title: "Space Packet")
    reader.field(3, "packet version number") { _ in "Space Packet" }
    reader.field(1, "packet type") { $0 == 0 ? "telemetry" : "telecommand" }
    let flag = reader.field(1, "secondary header flag") { $0 == 0 ? "absent" : "present" }
    let process = reader.field(11, "application process ID") { $0 == 0x7FF ? "2047, idle" : String($0) }
    if process == 0x7FF, flag == 1 {
      reader.problem(
        "an idle packet has a secondary header", found: "flag 1", expected: "0",
        hint: "the sender breaks the standard, or this is not the beginning of a packet")
    }
    reader.field(2, "sequence flags") { Self.sequenceFlagMeanings[Int($0)] }
    reader.field(14, "packet sequence count")
    let length = reader.field(16, "packet data length") {
      "\(Digits.bytes(Int($0) + 1)) of data, \(Int($0) + 7) in all"
    }
    let name = process == 0x7FF ? "idle Space Packet" : "Space Packet"
    let label = process.map { $0 == 0x7FF ? "" : "APID \($0)" } ?? ""
    return finish(&reader, name, label, byteCount: length.map { Int($0) + 7 })
  }

  // MARK: Encapsulation Packets

  /// Standard: CCSDS 133.1-B-3 §4.1.
  private func encapsulationPacket(at start: Int) -> (Dissection.Section, Outcome) {
    var reader = SectionReader(unit, at: start, end: end, title: "Encapsulation Packet")
    reader.field(3, "packet version number") { _ in "Encapsulation Packet" }
    let protocolID = reader.field(3, "encapsulation protocol ID") { "\($0), \(Self.protocolNames[Int($0)])" } ?? 0
    let lengthOfLength = reader.field(2, "length of length") {
      $0 == 0 ? "no length field" : "\(Digits.bytes(1 << Int($0 - 1))) of packet length"
    }
    let name = protocolID == 0 ? "idle Encapsulation Packet" : "Encapsulation Packet"
    let label = protocolID == 0 ? "" : Self.protocolNames[Int(protocolID)]
    let headerByteCount = [1, 2, 4, 8][Int(lengthOfLength ?? 0)]
    if headerByteCount == 1 {
      guard protocolID != 0 else { return finish(&reader, name, label, byteCount: 1) }
      reader.title = title(name, start, label, "without a length")
      reader.problem(
        "a packet without a length is not idle", found: "protocol ID \(protocolID)", expected: "0",
        hint: Self.lostHint)
      return (reader.section, .lost)
    }
    if headerByteCount >= 4 {
      reader.field(4, "user defined field")
      reader.field(4, "protocol ID extension")
    }
    if headerByteCount == 8 { reader.field(16, "CCSDS defined field") }
    let length = reader.field(headerByteCount * 4, "packet length") {
      Int($0) < headerByteCount
        ? "\(Digits.bytes(Int($0))) in all" : "\(Digits.bytes(Int($0) - headerByteCount)) of data, \($0) in all"
    }
    if let length, length < headerByteCount {
      reader.title = title(name, start, label, "of impossible length")
      reader.problem(
        "a packet is shorter than its header", found: Digits.bytes(Int(length)),
        expected: "at least \(headerByteCount)", hint: Self.lostHint)
      return (reader.section, .lost)
    }
    return finish(&reader, name, label, byteCount: length.map { Int($0) })
  }

  // MARK: Both

  /// - Parameter byteCount: What the header says of the whole packet; nil when the header is cut off.
  private func finish(
    _ reader: inout SectionReader, _ name: String, _ label: String, byteCount: Int?
  ) -> (Dissection.Section, Outcome) {
    let start = reader.section.byteOffset
    let available = end - start
    guard let byteCount else {
      reader.title = title(name, start, label, "header incomplete")
      noteContinuation(
        &reader, "\(Digits.bytes(available)) of the header \(available == 1 ? "is" : "are") here",
        expected: "a whole header")
      reader.dump(showsBytes ? start..<end : start..<start)
      return (reader.section, .goesOn)
    }
    reader.title = title(name, start, label, Digits.bytes(byteCount))
    guard byteCount <= maximumPacketByteCount else {
      reader.problem(
        "the packet is longer than is believed", found: Digits.bytes(byteCount),
        expected: "at most \(maximumPacketByteCount)",
        hint: "raise max_packet_length if the mission has such packets; otherwise this is no packet")
      return (reader.section, .lost)
    }
    if byteCount > available {
      noteContinuation(&reader, "\(available) of \(byteCount) bytes are here", expected: Digits.bytes(byteCount))
    }
    if showsBytes { reader.dump(start..<min(start + byteCount, end)) }
    return (reader.section, byteCount <= available ? .whole(end: start + byteCount) : .goesOn)
  }

  private func noteContinuation(_ reader: inout SectionReader, _ text: String, expected: String) {
    guard !spansUnits else { return reader.note("goes on in the next frame of the channel: \(text)") }
    reader.problem(
      "the packet is cut off", found: Digits.bytes(end - reader.section.byteOffset), expected: expected,
      hint: "the input ends here, or the length of the packet is damaged", atBit: end * 8)
  }

  private func unknown(at start: Int, version: UInt64, _ origin: String) -> (Dissection.Section, Outcome) {
    var reader = SectionReader(unit, at: start, end: end, title: "no packet at \(start)")
    reader.field(3, "packet version number") { "\($0), not one that is multiplexed" }
    reader.problem(
      "no packet begins here", found: "packet version \(version)",
      expected: "0 (Space Packet) or 7 (Encapsulation Packet)", hint: origin)
    reader.note("\(Digits.bytes(end - start)) discarded\(spansUnits ? " up to the end of the data field" : "")")
    if showsBytes { reader.dump(start..<end) }
    return (reader.section, .lost)
  }

  private func title(_ name: String, _ start: Int, _ label: String, _ extent: String) -> String {
    "\(name) at \(start): " + (label.isEmpty ? extent : "\(label), \(extent)")
  }

  private static let idleByte: UInt8 = 0xE0
  private static let lostHint = "this is not the beginning of a packet; what stands before it has a wrong length"
  private static let sequenceFlagMeanings = ["continuation segment", "first segment", "last segment", "unsegmented"]
  private static let protocolNames = [
    "idle", "LTP", "Internet Protocol Extension", "CFDP", "Bundle Protocol", "unassigned", "extended protocol ID",
    "mission-specific",
  ]
}
