import CCSDSCoding
import TestSupport
import Testing

@Suite("Pseudo-random sequences, CCSDS 131.0-B-5 §10")
struct RandomizerTests {
  @Test(
    "the sequences are those of the vectors",
    .enabled(if: VectorFile.isPresent, Comment(rawValue: VectorFile.absence)))
  func agreesWithVectors() throws {
    let sequences: [String: Randomizer.Sequence] = ["tm-short-255": .short255, "tm-long-131071": .long131071]
    var agreed = 0
    let vectors = try VectorFile.group("pn").filter { sequences[$0.id] != nil }
    for vector in vectors {
      let expected = try #require(vector.bytes("first80"))
      let sequence = try #require(sequences[vector.id])
      let isEqual = expected.count == 80 && Randomizer.bytes(of: sequence, count: 80) == expected
      #expect(isEqual, "\(vector.id)")
      agreed += isEqual ? 1 : 0
    }
    #expect(vectors.count == 2)
    print("pn: \(agreed) of \(vectors.count), without the sequences of telecommands and of idle data")
  }

  @Test("the sequences begin with the forty bits that the standard prints")
  func beginsAsPrinted() {
    #expect(Randomizer.bytes(of: .short255, count: 5) == [0xFF, 0x48, 0x0E, 0xC0, 0x9A])
    #expect(Randomizer.bytes(of: .long131071, count: 5) == [0x1C, 0x71, 0xB9, 0x1B, 0xA9])
    #expect(Randomizer.bytes(of: .none, count: 5) == [0, 0, 0, 0, 0])
  }

  @Test(
    "each bit is the sum of those that the polynomial names, to beyond the period, which is no shorter",
    arguments: [
      (Randomizer.Sequence.short255, 255, [8, 5, 3, 1]), (.long131071, 131_071, [17, 3]),
    ])
  func followsRecurrence(sequence: Randomizer.Sequence, period: Int, distances: [Int]) {
    let bytes = Randomizer.bytes(of: sequence, count: period / 8 + 40)
    let bits = bytes.flatMap { byte in (0..<8).map { byte >> UInt8(7 - $0) & 1 } }
    var wrongCount = 0
    for index in (distances.max() ?? 0)..<bits.count
    where bits[index] != distances.reduce(0, { $0 ^ bits[index - $1] }) {
      wrongCount += 1
    }
    #expect(wrongCount == 0)
    #expect(bits[period...] == bits[..<(bits.count - period)], "it repeats")
    // A sequence of maximal length has one bit more set than not, in one period.
    #expect(bits[..<period].count { $0 == 1 } == (period + 1) / 2)
  }
}
