import CCSDSCoding
import CCSDSLink
import CCSDSWire
import TestSupport
import Testing

/// The vectors that independent programs agree on, each against our reading of the same bytes.
@Suite("Test vectors of the standards", .enabled(if: VectorFile.isPresent, Comment(rawValue: VectorFile.absence)))
struct StandardVectorTests {
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

  @Test("every field of every frame reads as it was written, and the link takes the frame")
  func readsFrames() throws {
    try check("frames", count: 29) { vector in
      let bytes = try #require(vector.bytes("hex"))
      let ours = try VectorFrame(vector.id, bytes)
      for (name, value) in vector.fields where ours.fields[name] != value {
        return "\(name) is \(ours.fields[name] ?? "not read"), not \(value)"
      }
      for name in ["sdu", "tfdz"] where vector[name] != nil && ours.fields[name] != vector[name] {
        return "\(name) is \(ours.fields[name] ?? "not read"), not \(vector[name] ?? "")"
      }
      var bench = Bench(ours.parameters)
      bench.receive(bytes)
      guard bench.recorder.accepted.count == 1 else { return "the link takes it not: \(bench.recorder.rejections)" }
      // Where the vector names its packets, those are all.
      let packets = (vector.list("packets") ?? []).map { TestVector.bytes(String($0.prefix { $0.isHexDigit })) }
      return packets.isEmpty || bench.recorder.packets == packets ? nil : "its packets are others"
    }
  }

  @Test("the three segments of the vectors make the packet that they came from")
  func joinsSegments() throws {
    let segments = try VectorFile.group("frames").filter { $0["reassembled"] != nil }
    #expect(segments.count == 3)
    // Each was made with a length of its own.
    var parameters = Bench.uslp(64)
    parameters.shortestFrameByteCount = 8
    parameters.spacecraftIDs = [SpacecraftID(171)]
    var bench = Bench(parameters)
    for segment in segments { bench.receive(try #require(segment.bytes("hex"))) }
    #expect(bench.recorder.packets == [try #require(segments[0].bytes("reassembled"))])
    #expect(bench.unaccountedByteCount == 0)
  }

  @Test("the check of a frame comes out")
  func checksCRC16() throws {
    try check("crc16_fecf", count: 7) { vector in
      let data = try #require(vector.bytes("data"))
      let check = CRC16.checksum(of: unsafe data.span.bytes)
      return Hexadecimal.text(UInt64(check), byteCount: 2) == vector["crc"] ? nil : "\(check)"
    }
  }

  @Test("the check of Proximity-1 comes out")
  func checksProximity1() throws {
    try check("crc32_proximity1", count: 4) { vector in
      let data = try #require(vector.bytes("data"))
      let check = CRC32.proximity1.checksum(of: unsafe data.span.bytes)
      return Hexadecimal.text(UInt64(check), byteCount: 4) == vector["crc"] ? nil : "\(check)"
    }
  }

  @Test("the other two checks of 32 bits come out")
  func checksOthers() throws {
    try check("crc32_other", count: 2) { vector in
      let data = try #require(vector.bytes("data"))
      let isCastagnoli = vector["name"]?.hasPrefix("crc32c") ?? false
      let check =
        isCastagnoli
        ? CRC32.castagnoli.checksum(of: unsafe data.span.bytes) : CRC32.ethernet.checksum(of: unsafe data.span.bytes)
      return Hexadecimal.text(UInt64(check), byteCount: 4) == vector["crc"] ? nil : "\(check)"
    }
  }

  /// A repeated count is the same unit again for us; the vector has a whole turn of the counter for it, and says so.
  @Test("the units missing between two counts are those of the vectors, where a repeated count is no loss of all")
  func countsGaps() throws {
    try check("counter_gap", count: 9) { vector in
      let modulus = try #require(vector.integer("modulus"))
      let previous = UInt64(try #require(vector.integer("prev")))
      let current = UInt64(try #require(vector.integer("cur")))
      let missing = try #require(vector.integer("missing"))
      let counter = FrameCounter(bitCount: modulus.trailingZeroBitCount, first: previous)
      switch counter.step(to: current, allowsReordering: false) {
      case .same: return missing == modulus - 1 ? nil : "the same count"
      case .behind: return "behind, which was not allowed"
      case .ahead(let ours): return ours == missing ? nil : "\(ours)"
      }
    }
  }

  @Test("every Encapsulation Packet reads as it was written, and the one without a length is none")
  func readsEncapsulationPackets() throws {
    try check("encapsulation", count: 8) { vector in
      let bytes = try #require(vector.bytes("hex"))
      do throws(WireError) {
        let packet = try EncapsulationPacket(validating: unsafe bytes.span.bytes)
        if vector["expect"] == "invalid" { return "it is believed" }
        let length = PacketExtent(ofPacketAt: unsafe bytes.span.bytes)
        let expected = vector.fields["length"] ?? vector.fields["total"]
        guard length == .complete(byteCount: bytes.count), expected == String(bytes.count) else { return "\(length)" }
        return vector.fields["pid"] == String(packet.protocolID) ? nil : "protocol \(packet.protocolID)"
      } catch {
        return vector["expect"] == "invalid" ? nil : "\(error)"
      }
    }
  }

  @Test("header error control comes out, and finds nothing to correct")
  func checksHeaders() throws {
    try check("aos_fhec", count: 5) { vector in
      let header = try #require(vector.bytes("primary_header"))
      let parity = try #require(vector.bytes("fhec"))
      let whole = header + parity
      let read = try #require(AOSFrameHeaderErrorControl.ProtectedHeader(frame: unsafe whole.span.bytes))
      let computed = AOSFrameHeaderErrorControl.parity(of: read)
      guard Hexadecimal.text(UInt64(computed), byteCount: 2) == vector["fhec"] else { return "\(computed)" }
      return AOSFrameHeaderErrorControl.decode(read) == .intact ? nil : "not intact"
    }
  }

  /// The second vector's three errors lie nearest to a word with an error in the virtual fill, which is no codeword:
  /// the decoder that made the vector takes it all the same, and ours refuses it.
  @Test("two damaged symbols are corrected; three that others make another header of are refused")
  func correctsHeaders() throws {
    try check("aos_fhec_errors", count: 2) { vector in
      func word(_ name: String) throws -> UInt16 { try #require(vector[name].flatMap { UInt16($0, radix: 16) }) }
      let sent = try (word("header"), word("signaling"))
      let received = try AOSFrameHeaderErrorControl.ProtectedHeader(
        identifiers: sent.0 ^ word("xor_header"), signaling: UInt8(sent.1 ^ word("xor_signaling")),
        parity: word("fhec"))
      let outcome = AOSFrameHeaderErrorControl.decode(received)
      guard vector["expect"]?.hasPrefix("MISCORRECTS") != true else {
        return outcome == .uncorrectable ? nil : "\(outcome)"
      }
      guard case .corrected(2, let header) = outcome else { return "\(outcome)" }
      return header.identifiers == sent.0 && UInt16(header.signaling) == sent.1 ? nil : "\(header)"
    }
  }
}

/// Numbers as the vectors write them.
enum Hexadecimal {
  static func text(_ value: UInt64, byteCount: Int) -> String {
    text((0..<byteCount).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (byteCount - 1 - $0))) })
  }

  static func text(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined()
  }
}
