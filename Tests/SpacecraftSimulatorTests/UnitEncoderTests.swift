import SpacecraftSimulator
import Testing

/// What other encoders have made of the same bytes.
@Suite("Units coded, against units known", .enabled(if: Vectors.arePresent, Vectors.absence))
struct UnitEncoderTests {
  @Test("randomizers begin with the bytes of the vectors and repeat after 255 and 131,071 bits")
  func randomizes() throws {
    let vectors = try Vectors.group("pn")
    for (randomizer, id, period) in [
      (CodingPlan.Randomizer.short255, "tm-short-255", 255), (.long131071, "tm-long-131071", 131_071),
    ] {
      let expected = bytes(try #require(vectors[id]?["first80"] as? String))
      let sequence = RandomizerSequence.bytes(of: randomizer, count: 2 * period)
      #expect(Array(sequence.prefix(80)) == expected)
      // As many bytes as the period has bits are eight whole periods.
      #expect(sequence[..<period] == sequence[period...])
    }
  }

  @Test("the parity of every vector, each depth, both capabilities and bases, with and without fill")
  func encodes() throws {
    let vectors = try Vectors.group("rs")
    #expect(vectors.count == 18)
    for (id, vector) in vectors {
      let parity = bytes(try #require(vector["parity"] as? String))
      var code = CodingPlan.ReedSolomon()
      code.errors = try #require(vector["E"] as? Int)
      code.interleave = try #require(vector["I"] as? Int)
      code.basis = try #require(CodingPlan.ReedSolomon.Basis(rawValue: vector["basis"] as? String ?? ""))
      var plan = CodingPlan()
      plan.syncMarker = []
      plan.reedSolomon = code
      let fill = vector["virtual_fill_octets"] as? Int ?? 0
      let frame = try frame(id, vector, byteCount: code.largestFrameByteCount - fill)
      #expect(plan.virtualFillSymbolCount(frameByteCount: frame.count) == fill / code.interleave, "\(id)")
      #expect(UnitEncoder(plan, frameByteCount: frame.count).unit(of: frame) == frame + parity, "\(id)")
    }
  }

  private func frame(_ id: String, _ vector: [String: Any], byteCount: Int) throws -> [UInt8] {
    if id.hasSuffix("ramp") { return (0..<byteCount).map { UInt8($0) } }
    if id == "E16-I1-dual-virtualfill" { return bytes(try #require(vector["frame"] as? String)) }
    let (factor, start) = id.hasSuffix("virtualfill12") ? (11, 5) : (7, 3)
    return (0..<byteCount).map { UInt8(truncatingIfNeeded: factor * $0 + start) }
  }

  @Test("channel access data units are those of the vectors")
  func makesAccessDataUnits() throws {
    let vectors = try Vectors.group("cadu")
    var plan = CodingPlan()
    plan.randomizer = .short255
    plan.reedSolomon = CodingPlan.ReedSolomon(errors: 16, interleave: 1, basis: .dual)
    let coded = try #require(vectors["E16-I1-dual+pn255"])
    var frame = bytes(try #require(coded["frame_prefix"] as? String))
    frame += [UInt8](repeating: 0, count: 223 - frame.count)
    let unit = UnitEncoder(plan, frameByteCount: 223).unit(of: frame)
    #expect(unit == bytes(try #require(coded["cadu"] as? String)))
    plan.randomizer = .long131071
    plan.reedSolomon = nil
    let uncoded = try #require(vectors["uncoded+pn131071"])
    frame = bytes(try #require(uncoded["frame"] as? String))
    let uncodedUnit = UnitEncoder(plan, frameByteCount: frame.count).unit(of: frame)
    #expect(uncodedUnit == bytes(try #require(uncoded["cadu"] as? String)))
  }

  @Test("the marker without further word is that of uncoded and Reed–Solomon coded links")
  func knowsTheMarker() throws {
    let marker = try #require(try Vectors.group("asm")["uncoded/conv/RS/LDPC-7/8"]?["hex"] as? String)
    #expect(CodingPlan().syncMarker == bytes(marker))
  }
}
