import SpacecraftSimulator
import TestSupport
import Testing

/// What other encoders have made of the same bytes.
@Suite("Units coded, against units known", .enabled(if: VectorFile.isPresent, Comment(rawValue: VectorFile.absence)))
struct UnitEncoderTests {
  @Test("randomizers begin with the bytes of the vectors and repeat after 255 and 131,071 bits")
  func randomizes() throws {
    let vectors = try VectorFile.groupByID("pn")
    for (randomizer, id, period) in [
      (CodingPlan.Randomizer.short255, "tm-short-255", 255), (.long131071, "tm-long-131071", 131_071),
    ] {
      let expected = try #require(vectors[id]?.bytes("first80"))
      let sequence = RandomizerSequence.bytes(of: randomizer, count: 2 * period)
      #expect(Array(sequence.prefix(80)) == expected)
      // As many bytes as the period has bits are eight whole periods.
      #expect(sequence[..<period] == sequence[period...])
    }
  }

  @Test("the parity of every vector, each depth, both capabilities and bases, with and without fill")
  func encodes() throws {
    let vectors = try VectorFile.groupByID("rs")
    #expect(vectors.count == 18)
    for (id, vector) in vectors {
      let parity = try #require(vector.bytes("parity"))
      var code = CodingPlan.ReedSolomon()
      code.errors = try #require(vector.integer("E"))
      code.interleave = try #require(vector.integer("I"))
      code.basis = try #require(CodingPlan.ReedSolomon.Basis(rawValue: vector["basis"] ?? ""))
      var plan = CodingPlan()
      plan.syncMarker = []
      plan.reedSolomon = code
      let fill = vector.integer("virtual_fill_octets") ?? 0
      let frame = try frame(id, vector, byteCount: code.largestFrameByteCount - fill)
      #expect(plan.virtualFillSymbolCount(frameByteCount: frame.count) == fill / code.interleave, "\(id)")
      #expect(UnitEncoder(plan, frameByteCount: frame.count).unit(of: frame) == frame + parity, "\(id)")
    }
  }

  private func frame(_ id: String, _ vector: TestVector, byteCount: Int) throws -> [UInt8] {
    if id.hasSuffix("ramp") { return (0..<byteCount).map { UInt8($0) } }
    if id == "E16-I1-dual-virtualfill" { return try #require(vector.bytes("frame")) }
    let (factor, start) = id.hasSuffix("virtualfill12") ? (11, 5) : (7, 3)
    return (0..<byteCount).map { UInt8(truncatingIfNeeded: factor * $0 + start) }
  }

  @Test("channel access data units are those of the vectors")
  func makesAccessDataUnits() throws {
    let vectors = try VectorFile.groupByID("cadu")
    var plan = CodingPlan()
    plan.randomizer = .short255
    plan.reedSolomon = CodingPlan.ReedSolomon(errors: 16, interleave: 1, basis: .dual)
    let coded = try #require(vectors["E16-I1-dual+pn255"])
    var frame = try #require(coded.bytes("frame_prefix"))
    frame += [UInt8](repeating: 0, count: 223 - frame.count)
    let unit = UnitEncoder(plan, frameByteCount: 223).unit(of: frame)
    #expect(unit == (try #require(coded.bytes("cadu"))))
    plan.randomizer = .long131071
    plan.reedSolomon = nil
    let uncoded = try #require(vectors["uncoded+pn131071"])
    frame = try #require(uncoded.bytes("frame"))
    let uncodedUnit = UnitEncoder(plan, frameByteCount: frame.count).unit(of: frame)
    #expect(uncodedUnit == (try #require(uncoded.bytes("cadu"))))
  }

  @Test("the marker without further word is that of uncoded and Reed–Solomon coded links")
  func knowsTheMarker() throws {
    let marker = try #require(try VectorFile.groupByID("asm")["uncoded/conv/RS/LDPC-7/8"]?.bytes("hex"))
    #expect(CodingPlan().syncMarker == marker)
  }
}
