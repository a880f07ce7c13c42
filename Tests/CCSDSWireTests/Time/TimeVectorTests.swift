import CCSDSWire
import TestSupport
import Testing

/// The vectors that independent programs agree on, each against our reading of the same bytes.
@Suite(
  "Test vectors of times and packets", .enabled(if: VectorFile.isPresent, Comment(rawValue: VectorFile.absence)))
struct TimeVectorTests {
  /// Compares every vector of a group, and says how many agree.
  private func check(_ group: String, count: Int, _ disagreement: (TestVector) throws -> String?) throws {
    let vectors = try VectorFile.group(group)
    var differences: [String] = []
    for vector in vectors {
      if let difference = try disagreement(vector) { differences.append("\(vector.id): \(difference)") }
    }
    print("\(group): \(vectors.count - differences.count) of \(vectors.count)")
    #expect(differences == [])
    #expect(vectors.count == count)
  }

  /// A text with nine digits behind the point, without what is said behind it.
  private static func padded(_ text: String?) -> String {
    let word = text?.split(separator: " ").first.map(String.init) ?? ""
    let parts = word.replacing("Z", with: "").split(separator: ".")
    let digits = parts.count > 1 ? String(parts[1]) : ""
    return "\(parts.first ?? "").\(digits)\(String(repeating: "0", count: max(0, 9 - digits.count)))Z"
  }

  @Test("unsegmented codes read as they were written, and are written as they were read")
  func readsUnsegmented() throws {
    try check("cuc", count: 9) { vector in
      let bytes = try #require(vector.bytes("hex"))
      guard let tai = vector["tai"] else {
        // The only epoch of an agency's own that a vector has.
        #expect(vector["epoch"]?.hasPrefix("1980-01-06") == (bytes[0] == 0x2E) || vector["epoch"] == nil)
        let code = TimeCode.selfIdentified(agencyEpoch: .gps)
        let decoded = try code.read(bytes)
        guard text(decoded.instant) == Self.padded(vector["utc"]) else { return text(decoded.instant) }
        let form = try TimeCodeForm.read(preamble: unsafe bytes.span.bytes, agencyEpoch: .gps, .builtIn).form
        let written = try TimeCode.explicit(form).encode(decoded.instant, .builtIn)
        // The vector of five and five bytes has a byte more than its P-field says.
        let rest = bytes.dropFirst(decoded.byteCount)
        guard written + rest == bytes, rest.isEmpty || rest.elementsEqual([0]) && vector.id == "L1 ext 5+5" else {
          return "written as \(written)"
        }
        return Self.disagreement(of: form, with: vector)
      }
      // Where the fine time has units of the mission's own: 15.2 us.
      let form = try #require(
        UnsegmentedTimeCode(coarseByteCount: 4, fineByteCount: 2, fineUnitPicoseconds: 15_200_000))
      let decoded = try TimeCodeForm.unsegmented(form).read(bytes)
      // In the calendar of TAI itself.
      let shown = LeapSecondTable.builtIn.utc(of: try #require(decoded.instant.advanced(by: .seconds(37))))
      let written = try TimeCodeForm.unsegmented(form).encode(decoded.instant, .builtIn)
      return shown.iso8601 == Self.padded(tai) && decoded.isExact && written == bytes ? nil : shown.iso8601
    }
  }

  private static func disagreement(of form: TimeCodeForm, with vector: TestVector) -> String? {
    guard case .unsegmented(let code) = form else { return "another code" }
    let fields = [("coarse_octets", code.coarseByteCount), ("fine_octets", code.fineByteCount)]
    return fields.first { vector.fields[$0.0] != nil && vector.fields[$0.0] != "\($0.1)" }.map { "\($0.0) is \($0.1)" }
  }

  @Test("day segmented codes read as they were written, and are written as they were read")
  func readsDaySegmented() throws {
    try check("cds", count: 6) { try roundTrip($0) }
  }

  @Test("calendar segmented codes read as they were written, and are written as they were read")
  func readsCalendarSegmented() throws {
    try check("ccs", count: 3) { try roundTrip($0) }
  }

  private func roundTrip(_ vector: TestVector) throws -> String? {
    let bytes = try #require(vector.bytes("hex"))
    let decoded = try TimeCode.selfIdentified(agencyEpoch: nil).read(bytes)
    guard decoded.isExact, decoded.byteCount == bytes.count, text(decoded.instant) == Self.padded(vector["utc"]) else {
      return text(decoded.instant)
    }
    let form = try TimeCodeForm.read(preamble: unsafe bytes.span.bytes, agencyEpoch: nil, .builtIn).form
    let written = try TimeCode.explicit(form).encode(decoded.instant, .builtIn)
    return written == bytes ? nil : "written as \(written)"
  }

  @Test("both ASCII codes of a time are the same instant")
  func readsASCII() throws {
    try check("ascii", count: 2) { vector in
      var instants: [TAIInstant] = []
      for (name, variation) in [("A", ASCIITimeCode.Variation.a), ("B", .b)] {
        let bytes = Array(try #require(vector[name]).utf8)
        let decoded = try ASCIITimeCode.read(unsafe bytes.span.bytes, .builtIn)
        instants.append(decoded.instant)
        let code = try #require(
          ASCIITimeCode(variation, fractionDigitCount: bytes.contains(0x2E) ? 3 : 0, hasTerminator: true))
        let written = try TimeCodeForm.ascii(code).encode(decoded.instant, .builtIn)
        guard written == bytes else { return "written otherwise" }
      }
      return instants[0] == instants[1] && text(instants[0]) == Self.padded(vector["A"]) ? nil : text(instants[0])
    }
  }

  @Test("every checksum comes out")
  func checksISO() throws {
    try check("iso16_checksum", count: 5) { vector in
      let data = try #require(vector.bytes("data"))
      let checksum = ISOChecksum.checksum(of: unsafe data.span.bytes)
      return checksum == UInt16(vector["checksum"] ?? "", radix: 16) ? nil : "\(checksum)"
    }
  }

  @Test("every field of every PUS packet reads as it was written, and its error control fits")
  func readsPUS() throws {
    try check("pus", count: 4) { vector in
      let bytes = try #require(vector.bytes("hex"))
      var fields: [String: String] = [:]
      if vector.id.hasPrefix("PUS-A") {
        let header = try PUSATelemetryHeader(validating: unsafe bytes.span.bytes, timeByteCount: 7)
        fields = [
          "spare": "0", "pus_version": "1", "service": "\(header.serviceType)", "subtype": "\(header.serviceSubtype)",
          "pkt_subcounter": header.packetSubcounter.map(String.init) ?? "", "time": hexadecimal(header.time),
        ]
      } else {
        let packet = try SpacePacket(validating: unsafe bytes.span.bytes)
        fields["apid"] = "\(packet.applicationProcessID.rawValue)"
        fields["seq"] = "\(packet.sequenceCount)"
        fields["crc"] = hexadecimal(bytes.suffix(2))
        if CRC16.checksum(of: unsafe bytes.span.bytes) != 0 { return "its error control does not fit" }
        fields.merge(try packet.isTelecommand ? Self.telecommand(packet) : Self.report(packet)) { $1 }
      }
      for (name, value) in vector.fields where !value.hasPrefix(fields[name] ?? "?") {
        return "\(name) is \(fields[name] ?? "not read"), not \(value)"
      }
      return nil
    }
  }

  private static func report(_ packet: borrowing SpacePacket) throws -> [String: String] {
    let header = try PUSCTelemetryHeader(validating: packet.dataField, timeByteCount: 7)
    let data = header.sourceData
    return [
      "pus_version": "2", "time_ref_status": "\(header.timeReferenceStatus)", "service": "\(header.serviceType)",
      "subtype": "\(header.messageSubtype)", "msg_counter": "\(header.messageTypeCounter)",
      "dest": "\(header.destinationID)", "time": hexadecimal(header.time),
      "request_id": data.byteCount > 4 ? hexadecimal(data.extracting(0..<4)) : "",
    ]
  }

  private static func telecommand(_ packet: borrowing SpacePacket) throws -> [String: String] {
    let header = try PUSTelecommandHeader(validating: packet.dataField)
    return [
      "pus_version": "\(header.versionNumber)", "ack": "\(header.acknowledgementFlags)",
      "service": "\(header.serviceType)", "subtype": "\(header.messageSubtype)",
      "source_id": header.sourceID.map(String.init) ?? "",
    ]
  }

  @Test("the cFE packet reads as it was written")
  func readsCFE() throws {
    try check("cfe", count: 1) { vector in
      let bytes = try #require(vector.bytes("hex"))
      let packet = try SpacePacket(validating: unsafe bytes.span.bytes)
      let header = try CFSTelemetryHeader(validating: packet.dataField)
      let ours = [
        "apid": "\(packet.applicationProcessID.rawValue)", "stream_id": "\(Int(bytes[0]) << 8 | Int(bytes[1]))",
        "seq": "\(packet.sequenceCount)", "length_field": "\(packet.dataField.byteCount - 1)",
        "seconds": "\(header.seconds)", "subsec": "\(header.subseconds)", "spare": hexadecimal(bytes[12..<16]),
        "payload_offset": "\(bytes.count - header.payload.byteCount)",
      ]
      return vector.fields.first { ours[$0.key] != $0.value }.map { "\($0.key) is \(ours[$0.key] ?? "not read")" }
    }
  }
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined()
}

private func hexadecimal(_ bytes: RawSpan) -> String { hexadecimal(copy(bytes)) }
