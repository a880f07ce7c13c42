import CCSDSCoding
import SpacecraftSimulator
import TestSupport
import Testing

@Suite("Input that is kept while nothing decodes")
struct UndecodedInputTests {
  private static let expectation = TrialExpectation(coding: nil, frameByteCount: 100, version: .aos)

  private static let stream: [UInt8] = {
    var stream = TrialStream(unitCount: 600)
    stream.plan.reedSolomon = CodingPlan.ReedSolomon()
    return stream.units().flatMap(\.self)
  }()

  private static func note(_ bytes: ArraySlice<UInt8>, in input: inout UndecodedInput) {
    let bytes = Array(bytes)
    unsafe input.note(bytes.span.bytes, endsUnit: false)
  }

  @Test("a trial waits for 4096 bytes, and at the end for none")
  func waitsForEnough() {
    var input = UndecodedInput(Self.expectation)
    Self.note(Self.stream[..<4095], in: &input)
    input.conclude()
    #expect(input.findings == nil)
    var ended = input
    ended.conclude(isFinal: true)
    #expect(ended.findings?.reading != nil)
    Self.note(Self.stream[4095..<4096], in: &input)
    input.conclude()
    #expect(input.findings?.reading?.coding.reedSolomon == ReedSolomonParameters())
  }

  @Test("what was found is gone once something decodes, and nothing is kept for 64 units")
  func keepsNothingAfterDecoding() {
    var input = UndecodedInput(Self.expectation)
    Self.note(Self.stream[..<5000], in: &input)
    input.conclude()
    #expect(input.findings != nil)
    // Half of the bytes have to decode: 24 frames of 100 bytes are too few, 25 are enough.
    input.noteDecoded(unitCount: 24)
    #expect(input.findings != nil)
    input.noteDecoded(unitCount: 1)
    #expect(input.findings == nil)
    // 64 frames of 100 bytes.
    Self.note(Self.stream[..<6400], in: &input)
    input.conclude(isFinal: true)
    #expect(input.findings == nil)
    Self.note(Self.stream[..<5000], in: &input)
    input.conclude()
    #expect(input.findings?.reading != nil)
  }

  @Test("no more than 128 KiB are kept, and later input is looked at anew")
  func looksAnew() {
    var input = UndecodedInput(Self.expectation)
    var generator = SeededGenerator(seed: 3)
    let noise = generator.bytes(200_000)
    Self.note(noise[...], in: &input)
    input.conclude()
    #expect(input.findings?.isEmpty == true)
    Self.note(Self.stream[..<6400], in: &input)
    Self.note(Self.stream[...], in: &input)
    input.conclude()
    #expect(input.findings?.reading != nil)
  }
}
