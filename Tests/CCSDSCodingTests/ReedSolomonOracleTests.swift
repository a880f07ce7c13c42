import CCSDSCoding
import CLibfec
import TestSupport
import Testing

/// The oracle shares no code with us: it encodes the words, says what they should become, and where it changed them.
@Suite("Reed–Solomon beside libfec, CCSDS 131.0-B-5 §4")
struct ReedSolomonOracleTests {
  /// A code of the standard; a shortened one gets another fill for every thousand words.
  struct Code: CustomTestStringConvertible {
    var capability: ReedSolomonParameters.Capability
    var basis: ReedSolomonParameters.Basis
    var isShortened: Bool

    var seed: UInt64 {
      0xFEC0 + UInt64(capability.rawValue) + (basis == .dual ? 0 : 2) + (isShortened ? 1 : 0)
    }

    var testDescription: String {
      "E=\(capability.rawValue), \(basis.rawValue) basis, \(isShortened ? "shortened" : "full length")"
    }
  }

  private static let codes = ReedSolomonParameters.Capability.allCases.flatMap { capability in
    ReedSolomonParameters.Basis.allCases.flatMap { basis in
      [false, true].map { Code(capability: capability, basis: basis, isShortened: $0) }
    }
  }

  /// In each of the eight codes: a million words in all.
  private static let wordCount = Sanitizer.count(125_000, or: 5_000)

  @Test("a million words with 0 to E+2 errors come out as from libfec", arguments: codes)
  func agreesWithOracle(code: Code) throws {
    var generator = SeededGenerator(seed: code.seed)
    var tally = Tally()
    for _ in 0..<Self.wordCount / 1000 {
      let fill = code.isShortened ? Int.random(in: 1...200, using: &generator) : 0
      let parameters = ReedSolomonParameters(code.capability, code.basis, fill: fill)
      let oracle = try Oracle(parameters)
      let words = (0..<1000).map { _ in oracle.makeWord(&generator) }
      for kernel in ReedSolomonKernel.available {
        var decoder = ReedSolomonDecoder(parameters, kernel: kernel)
        let size = parameters.codeblockByteCount
        let (bytes, found) = decode(words.flatMap(\.received), &decoder, stride: size, range: 0..<words.count)
        for (index, word) in words.enumerated() {
          let isSame =
            found[index][0] == word.corrections && bytes[index * size..<(index + 1) * size].elementsEqual(word.expected)
          if !isSame { tally.disagreed += 1 }
        }
      }
      for word in words { tally.count(word, capability: code.capability.rawValue) }
    }
    print(
      """
      \(code.testDescription): \(Self.wordCount) words, \(tally.corrected) corrected, \(tally.refused) refused, \
      \(tally.miscorrected) miscorrected (libfec: \(tally.oracleMiscorrected)), \(tally.disagreed) disagreements
      """)
    #expect(tally.disagreed == 0)
    #expect(tally.refusedCorrectable == 0)
    // A random word lies within E of a codeword with a probability below 1/E!. For E = 8 that is 2.5e-5, or 0.6 of the
    // 22,700 words here; more than 10 come about once in 10^10 runs. For E = 16 it is 5e-14.
    #expect(tally.miscorrected <= (code.capability == .eight ? 10 : 0))
  }

  /// Of 256^255 words, 256^239 · Σ C(255, i) · 255^i with i to 8 lie that near to a codeword of (255, 239): one of
  /// 48,000, or 41.7 of two million, with a standard deviation of 6.5.
  @Test("noise passes for a codeword of E=8 as often as theory says, and libfec takes it for the same")
  func miscorrectsAsPredicted() throws {
    var generator = SeededGenerator(seed: 0x8)
    let parameters = ReedSolomonParameters(.eight, .conventional)
    let oracle = try Oracle(parameters)
    var decoder = ReedSolomonDecoder(parameters)
    var (answered, oracleAnswered) = (0, 0)
    for _ in 0..<2000 {
      let words = generator.noise(wordCount: 1000 * 255 / 8 + 1)
      let (bytes, found) = decode(words, &decoder, stride: 255, range: 0..<1000)
      for (index, corrections) in found.enumerated() {
        guard let count = corrections[0] else { continue }
        answered += 1
        let place = index * 255..<(index + 1) * 255
        let (oracleCount, corrected) = oracle.decode(Array(words[place]))
        if oracleCount == count, corrected.elementsEqual(bytes[place]) { oracleAnswered += 1 }
      }
    }
    print("E=8, 2000000 words of noise: \(answered) taken for a codeword (41.7 expected), libfec: \(oracleAnswered)")
    #expect((15...70).contains(answered), "four standard deviations")
    #expect(oracleAnswered == answered)
  }
}

extension SeededGenerator {
  /// Random bytes, eight at a time.
  fileprivate mutating func noise(wordCount: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * wordCount)
    for _ in 0..<wordCount {
      let word = next()
      for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * index))) }
    }
    return bytes
  }
}

/// What became of the words of one code.
private struct Tally {
  private(set) var corrected = 0
  /// Words with more than E errors that were left alone.
  private(set) var refused = 0
  /// Words with at most E errors that did not become what was sent: there must be none.
  private(set) var refusedCorrectable = 0
  /// Words with more than E errors that came near another codeword, and were taken for it.
  private(set) var miscorrected = 0
  /// The same by libfec.
  private(set) var oracleMiscorrected = 0
  var disagreed = 0

  mutating func count(_ word: OracleWord, capability: Int) {
    if word.errorCount <= capability, word.corrections == word.errorCount, word.expected == word.sent {
      corrected += 1
    } else if word.errorCount <= capability {
      refusedCorrectable += 1
    } else if word.corrections != nil {
      miscorrected += 1
    } else {
      refused += 1
    }
    if word.errorCount > capability, word.oracleAnswered { oracleMiscorrected += 1 }
  }
}

/// A codeword, what became of it, and what libfec makes of that.
private struct OracleWord {
  var sent: [UInt8]
  var received: [UInt8]
  var errorCount: Int
  /// Whether libfec found something to correct at all.
  var oracleAnswered: Bool
  /// What a decoder has to answer: libfec's answer, which has no bound of E: where it changed more symbols, nothing.
  var corrections: Int?
  var expected: [UInt8]
}

/// One code of libfec, which calculates in the conventional basis.
@safe
private final class Oracle {
  private let parameters: ReedSolomonParameters
  private let code: UnsafeMutableRawPointer
  private let toChannel: [UInt8]

  init(_ parameters: ReedSolomonParameters) throws {
    self.parameters = parameters
    let capability = Int32(parameters.capability.rawValue)
    unsafe code = try #require(
      init_rs_char(8, 0x187, 128 - capability, 11, 2 * capability, Int32(parameters.virtualFillSymbolCount)))
    toChannel = (UInt8.min...UInt8.max).map { parameters.basis == .dual ? clibfec_to_dual($0) : $0 }
  }

  deinit { unsafe free_rs_char(code) }

  func makeWord(_ generator: inout SeededGenerator) -> OracleWord {
    let parityCount = parameters.capability.paritySymbolCount
    var sent = generator.bytes(parameters.sentSymbolCount - parityCount)
    var parity = [UInt8](repeating: 0, count: parityCount)
    unsafe encode_rs_char(code, &sent, &parity)
    sent += parity

    let errorCount = Int.random(in: 0...parameters.capability.rawValue + 2, using: &generator)
    var received = sent
    var damaged = Set<Int>()
    while damaged.count < errorCount {
      let place = Int.random(in: sent.indices, using: &generator)
      if damaged.insert(place).inserted { received[place] ^= UInt8.random(in: 1...255, using: &generator) }
    }

    let (answer, decoded) = decode(received)
    let isAnswer = (0...parameters.capability.rawValue).contains(answer)
    return OracleWord(
      sent: onChannel(sent), received: onChannel(received), errorCount: errorCount, oracleAnswered: answer >= 0,
      corrections: isAnswer ? answer : nil, expected: onChannel(isAnswer ? decoded : received))
  }

  /// The number of symbols changed, below zero for none; and what they became.
  func decode(_ received: [UInt8]) -> (answer: Int, symbols: [UInt8]) {
    var symbols = received
    let answer = Int(unsafe decode_rs_char(code, &symbols, nil, 0))
    return (answer, symbols)
  }

  private func onChannel(_ symbols: [UInt8]) -> [UInt8] { symbols.map { toChannel[Int($0)] } }
}
