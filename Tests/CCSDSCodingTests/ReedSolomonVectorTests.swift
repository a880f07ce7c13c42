import CCSDSCoding
import Foundation
import Testing

/// The parameters and the words come from libfec and a second implementation, both run.
@Suite("Reed–Solomon vectors, CCSDS 131.0-B-5 §4")
struct ReedSolomonVectorTests {
  @Test(
    "every frame has the parity of its vector, and its codeblock is clean to every kernel",
    .enabled(if: ReedSolomonVector.arePresent, ReedSolomonVector.absence))
  func encodesVectors() throws {
    let vectors = try ReedSolomonVector.group("rs")
    var agreedCount = 0
    for vector in vectors {
      let frame = try #require(vector.frameBytes, "\(vector.id)")
      let parameters = try #require(vector.parameters, "\(vector.id)")
      let codeblock = ReedSolomonEncoder(parameters).codeblock(of: frame)
      let sent = try frame + bytes(hex: #require(vector.parity))
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
    .enabled(if: ReedSolomonVector.arePresent, ReedSolomonVector.absence))
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
private struct ReedSolomonVector: Decodable {
  let id: String
  var capability: Int?
  var depth: Int?
  var basis: String?
  var data: String?
  var frame: String?
  var fillByteCount: Int?
  var parity: String?
  var damagedPlaces: [Int]?
  var damage: [String]?
  var correctedCount: Int?
  var expect: String?

  private enum CodingKeys: String, CodingKey {
    case id, basis, data, frame, parity, expect
    case capability = "E"
    case depth = "I"
    case fillByteCount = "virtual_fill_octets"
    case damagedPlaces = "xor_at"
    case damage = "xor_with"
    case correctedCount = "expect_corrected"
  }

  private static let file = Corpus.folder.appendingPathComponent("../standards/08-test-vectors.json")
    .standardizedFileURL
  static let arePresent = FileManager.default.fileExists(atPath: file.path)
  static let absence: Comment = "no standards/08-test-vectors.json beside the corpus"

  static func group(_ name: String) throws -> [ReedSolomonVector] {
    struct Document: Decodable {
      struct Groups: Decodable {
        let rs: [ReedSolomonVector]
        let rsErrors: [ReedSolomonVector]

        private enum CodingKeys: String, CodingKey {
          case rs
          case rsErrors = "rs_errors"
        }
      }
      let vectors: Groups
    }
    let groups = try JSONDecoder().decode(Document.self, from: Data(contentsOf: file)).vectors
    return name == "rs" ? groups.rs : groups.rsErrors
  }

  var parameters: ReedSolomonParameters? {
    guard let capability, let capability = ReedSolomonParameters.Capability(rawValue: capability),
      let basis, let basis = ReedSolomonParameters.Basis(rawValue: basis)
    else { return nil }
    var parameters = ReedSolomonParameters()
    parameters.capability = capability
    parameters.basis = basis
    parameters.interleavingDepth = depth ?? 1
    parameters.virtualFillSymbolCount = (fillByteCount ?? 0) / parameters.interleavingDepth
    return parameters
  }

  /// Written out, or as a rule.
  var frameBytes: [UInt8]? {
    guard let text = frame ?? data else { return nil }
    if let rule = text.firstMatch(of: #/octet\[i\]=\((\d+)\*i\+(\d+)\)&0xff, i=0\.\.(\d+)/#),
      let factor = Int(rule.1), let start = Int(rule.2), let last = Int(rule.3)
    {
      return (0...last).map { UInt8(truncatingIfNeeded: factor * $0 + start) }
    }
    if let ramp = text.firstMatch(of: #/octets 00,01,\.\.,[0-9a-f]+ \((\d+) octets\)/#), let count = Int(ramp.1) {
      return (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    }
    return bytes(hex: text)
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
      return try (
        #require(vector.parameters), #require(vector.frameBytes) + CCSDSCodingTests.bytes(hex: #require(vector.parity))
      )
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
      let name = try "E\(#require(capability))-I1-\(#require(basis) == "dual" ? "dual" : "conv")-ramp"
      let (parameters, sent) = try codeword(name)
      var received = sent
      for (place, value) in try zip(#require(damagedPlaces), #require(damage)) {
        received[place] ^= CCSDSCodingTests.bytes(hex: value)[0]
      }
      let isCorrectable = expect == "ok"
      return Word(
        parameters: parameters, received: received, expected: isCorrectable ? sent : received,
        expectedCorrections: isCorrectable ? correctedCount : nil)
    }
  }
}

private func bytes(hex: String) -> [UInt8] {
  let digits = Array(hex.utf8)
  return stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
    UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
  }
}
