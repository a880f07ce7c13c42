import CCSDSWire

/// Dissects the Operational Control Field.
enum ControlFieldDissector {
  /// Standard: CCSDS 132.0-B-3 §4.1.5.
  ///
  /// - Parameter start: Where the field stands.
  static func dissect(_ unit: UnitBytes, at start: Int) -> Dissection.Section {
    let word = UInt32(truncatingIfNeeded: unit.bits(at: start * 8, count: 32) ?? 0)
    var reader = SectionReader(unit, at: start, end: start + 4, title: "operational control field at \(start)")
    switch OperationalControlField(word: word) {
    case .linkControlWord:
      reader.title += ": communications link control word (CLCW)"
      linkControlWord(&reader)
    case .frameSecurityReport:
      reader.title += ": frame security report (FSR)"
      frameSecurityReport(&reader)
    case .projectSpecific:
      reader.title += ": type 2"
      reader.field(1, "control word type") { _ in "type 2, not a CLCW" }
      reader.field(1, "use") { $0 == 0 ? "project-specific" : "reserved, but for version 100 (FSR)" }
      reader.field(30, "content") { _ in "not interpreted" }
    }
    return reader.section
  }

  /// Standard: CCSDS 232.0-B-4 §4.2.
  private static func linkControlWord(_ reader: inout SectionReader) {
    reader.field(1, "control word type") { _ in "type 1, CLCW" }
    let version = reader.field(2, "CLCW version number")
    if let version, version != 0 {
      reader.problem(
        "the version of the CLCW is not known", found: String(version), expected: "0",
        hint: "the field may be something of the mission's own; the rest of it is then not to be believed")
    }
    reader.field(3, "status field") { "\($0), of the mission's own" }
    reader.field(2, "COP in effect") { $0 == 1 ? "COP-1" : $0 == 0 ? "none" : "\($0), not assigned" }
    reader.field(6, "virtual channel ID") { "\($0), of the telecommand frames" }
    reader.field(2, "reserved") { $0 == 0 ? "0" : "\($0), ignored, should be 0" }
    flag(&reader, "no RF available flag", clear: "carrier present", set: "NO RF AVAILABLE")
    flag(&reader, "no bit lock flag", clear: "bit lock", set: "NO BIT LOCK")
    flag(&reader, "lockout flag", clear: "open", set: "LOCKOUT")
    flag(&reader, "wait flag", clear: "accepts frames", set: "WAIT")
    flag(&reader, "retransmit flag", clear: "nothing outstanding", set: "RETRANSMIT")
    reader.field(2, "FARM-B counter")
    reader.field(1, "reserved") { $0 == 0 ? "0" : "\($0), ignored, should be 0" }
    reader.field(8, "report value") { "\($0), the frame expected next, V(R)" }
  }

  /// Standard: CCSDS 355.0-B-2 §4.2.
  private static func frameSecurityReport(_ reader: inout SectionReader) {
    reader.field(1, "control word type") { _ in "type 2" }
    reader.field(3, "FSR version number") { _ in "4" }
    flag(&reader, "alarm flag", clear: "no rejection since reset", set: "ALARM, a rejection since reset")
    flag(&reader, "bad sequence number flag", clear: "good", set: "BAD SEQUENCE NUMBER")
    flag(&reader, "bad MAC flag", clear: "good", set: "BAD MAC")
    flag(&reader, "bad SA flag", clear: "good", set: "BAD SA")
    reader.field(16, "last SPI used")
    reader.field(8, "sequence number value") { "\($0), the low bits of the anti-replay number" }
  }

  private static func flag(_ reader: inout SectionReader, _ name: String, clear: String, set: String) {
    reader.field(1, name) { $0 == 0 ? clear : set }
  }
}
