import CCSDSCoding
import TestSupport
import Testing

/// The parameters and the words come from libfec and a second implementation, both run.
@Suite("Reed–Solomon vectors, CCSDS 131.0-B-5 §4")
struct ReedSolomonVectorTests {
  @Test(
    "every frame has the parity of its vector, and its codeblock is clean to every kernel",
    .enabled(if: VectorFile.isPresent, Comment(rawValue: VectorFile.absence)))
  func encodesVectors() throws {
    let vectors = try ReedSolomonVector.group("rs")
    var agreedCount = 0
    for vector in vectors {
      let frame = try #require(vector.frameBytes, "\(vector.id)")
      let parameters = try #require(vector.parameters, "\(vector.id)")
      let codeblock = ReedSolomonEncoder(parameters).codeblock(of: frame)
      let sent = try frame + #require(vector.parity)
      let isAgreed =
        codeblock == sent
        && ReedSolomonKernel.available.allSatisfy { kernel in
          let outcome = decode(sent, parameters, kernel)
          return outcome.corrections.isClean && outcome.bytes == sent
        }
      #expect(isAgreed, "\(vector.id)")
      if isAgreed { agreedCount += 1 }
    }
    print("rs: \(agreedCount) of \(vectors.count)")
    #expect(vectors.count == 18)
  }

  @Test(
    "every damaged word is corrected, or refused, as its vector says, by every kernel",
    .enabled(if: VectorFile.isPresent, Comment(rawValue: VectorFile.absence)))
  func decodesVectors() throws {
    let vectors = try ReedSolomonVector.group("rs_errors")
    let clean = try ReedSolomonVector.group("rs")
    var agreedCount = 0
    for vector in vectors {
      let word = try vector.receivedWord(from: clean)
      let isAgreed = ReedSolomonKernel.available.allSatisfy { kernel in
        let outcome = decode(word.received, word.parameters, kernel)
        return outcome.corrections[0] == word.expectedCorrections && outcome.bytes == word.expected
      }
      #expect(isAgreed, "\(vector.id)")
      if isAgreed { agreedCount += 1 }
    }
    print("rs_errors: \(agreedCount) of \(vectors.count)")
    #expect(vectors.count == 16)
  }
}

/// One entry of the groups `rs` and `rs_errors`.
private struct ReedSolomonVector {
  private let vector: TestVector

  static func group(_ name: String) throws -> [ReedSolomonVector] {
    try VectorFile.group(name).map { ReedSolomonVector(vector: $0) }
  }

  var id: String { vector.id }
  var parity: [UInt8]? { vector.bytes("parity") }

  var parameters: ReedSolomonParameters? {
    guard let capability = vector.integer("E").flatMap({ ReedSolomonParameters.Capability(rawValue: $0) }),
      let basis = vector["basis"].flatMap({ ReedSolomonParameters.Basis(rawValue: $0) })
    else { return nil }
    var parameters = ReedSolomonParameters()
    parameters.capability = capability
    parameters.basis = basis
    parameters.interleavingDepth = vector.integer("I") ?? 1
    parameters.virtualFillSymbolCount = (vector.integer("virtual_fill_octets") ?? 0) / parameters.interleavingDepth
    return parameters
  }

  /// Written out, or as a rule.
  var frameBytes: [UInt8]? {
    guard let text = vector["frame"] ?? vector["data"] else { return nil }
    if let rule = text.firstMatch(of: #/octet\[i\]=\((\d+)\*i\+(\d+)\)&0xff, i=0\.\.(\d+)/#),
      let factor = Int(rule.1), let start = Int(rule.2), let last = Int(rule.3)
    {
      return (0...last).map { UInt8(truncatingIfNeeded: factor * $0 + start) }
    }
    if let ramp = text.firstMatch(of: #/octets 00,01,\.\.,[0-9a-f]+ \((\d+) octets\)/#), let count = Int(ramp.1) {
      return (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    }
    return TestVector.bytes(text)
  }

  struct Word {
    var parameters: ReedSolomonParameters
    var received: [UInt8]
    /// What decoding leaves.
    var expected: [UInt8]
    var expectedCorrections: Int?
  }

  func receivedWord(from clean: [ReedSolomonVector]) throws -> Word {
    func codeword(_ id: String) throws -> (parameters: ReedSolomonParameters, bytes: [UInt8]) {
      let vector = try #require(clean.first { $0.id == id })
      return try (#require(vector.parameters), #require(vector.frameBytes) + #require(vector.parity))
    }
    switch id {
    case "basis-mismatch":
      var (parameters, sent) = try codeword("E16-I1-dual-ramp")
      parameters.basis = .conventional
      return Word(parameters: parameters, received: sent, expected: sent, expectedCorrections: nil)
    case "all-zero-codeword":
      let zeros = [UInt8](repeating: 0, count: 255)
      return Word(parameters: .init(), received: zeros, expected: zeros, expectedCorrections: 0)
    case "inverted-polarity":
      let (parameters, sent) = try codeword("E16-I1-dual-ramp")
      let inverted = sent.map { ~$0 }
      return Word(parameters: parameters, received: inverted, expected: inverted, expectedCorrections: 0)
    case "inverted-polarity-shortened":
      let (parameters, sent) = try codeword("E16-I1-dual-virtualfill")
      let inverted = sent.map { ~$0 }
      return Word(parameters: parameters, received: inverted, expected: inverted, expectedCorrections: nil)
    default:
      let basis = try #require(vector["basis"]) == "dual" ? "dual" : "conv"
      let name = try "E\(#require(vector.integer("E")))-I1-\(basis)-ramp"
      let (parameters, sent) = try codeword(name)
      var received = sent
      for (place, value) in try zip(#require(vector.list("xor_at")), #require(vector.list("xor_with"))) {
        received[try #require(Int(place))] ^= TestVector.bytes(value)[0]
      }
      let isCorrectable = vector["expect"] == "ok"
      return Word(
        parameters: parameters, received: received, expected: isCorrectable ? sent : received,
        expectedCorrections: isCorrectable ? vector.integer("expect_corrected") : nil)
    }
  }
}
