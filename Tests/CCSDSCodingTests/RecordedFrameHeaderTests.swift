import CCSDSCoding
import Testing

private typealias Header = AOSFrameHeaderErrorControl.ProtectedHeader

/// 350 frames of Psyche with the parity inserted and nibbles damaged: 253 untouched, 79 with one or two damaged
/// nibbles, 18 with three.
@Suite("AOS frame header error control on recorded frames", .enabled(if: Corpus.isPresent, Corpus.absence))
struct RecordedFrameHeaderTests {
  @Test("every header with up to two damaged nibbles is recovered, and most of the others are refused")
  func recoversHeaders() throws {
    let item = try Item.read()
    var tally = Tally()
    for (index, header) in item.headers.enumerated() {
      switch AOSFrameHeaderErrorControl.decode(header) {
      case .intact:
        tally.intact += 1
        #expect(item.damagedNibbleCounts[index] == nil, "frame \(index)")
      case .corrected(let symbolCount, _) where symbolCount == item.damagedNibbleCounts[index]:
        tally.recovered += 1
      case .corrected:
        tally.miscorrected += 1
      case .uncorrectable:
        tally.refused += 1
      }
    }
    #expect(tally == Tally(intact: 253, recovered: 79, refused: 15, miscorrected: 3))
  }

  /// The decoder of Yamcs 5.12.8 checks neither the virtual fill nor the degree of its error locator. In six of the 18
  /// hopeless frames it therefore gives a header that is not within two nibbles of what was received, and wrong.
  @Test("344 of 350 headers decode as the peer decodes them, and its other six answers are no codewords nearby")
  func agreesWithPeer() throws {
    let item = try Item.read()
    var differences: [Int] = []
    for (index, header) in item.headers.enumerated() {
      let outcome = AOSFrameHeaderErrorControl.decode(header)
      guard text(of: outcome, received: header) != item.peerAnswers[index] else { continue }
      differences.append(index)
      #expect(outcome == .uncorrectable, "frame \(index)")
      #expect(item.damagedNibbleCounts[index] == 3, "frame \(index)")
      let answer = try #require(codeword(of: item.peerAnswers[index]), "frame \(index)")
      #expect(differingNibbleCount(answer, header) > 2, "frame \(index)")
    }
    #expect(differences.count == 6)
  }

  private struct Tally: Equatable {
    var intact = 0
    var recovered = 0
    var refused = 0
    var miscorrected = 0
  }

  /// The outcome as the corpus writes it: identifiers and signaling field in hexadecimal, or FAIL.
  private func text(
    of outcome: AOSFrameHeaderErrorControl.Outcome, received: Header
  ) -> String {
    switch outcome {
    case .intact: hexadecimal(received)
    case .corrected(_, let header): hexadecimal(header)
    case .uncorrectable: "FAIL"
    }
  }

  private func hexadecimal(_ header: Header) -> String {
    let identifiers = String(UInt32(header.identifiers) | 0x10000, radix: 16).dropFirst()
    let signaling = String(UInt32(header.signaling) | 0x100, radix: 16).dropFirst()
    return "\(identifiers) \(signaling)"
  }

  /// The codeword with the identifiers and the signaling field of an answer; nil when it is not one.
  private func codeword(of text: String) -> Header? {
    let fields = text.split(separator: " ").compactMap { UInt16($0, radix: 16) }
    guard fields.count == 2 else { return nil }
    let header = Header(identifiers: fields[0], signaling: UInt8(fields[1]), parity: 0)
    let parity = AOSFrameHeaderErrorControl.parity(of: header)
    return Header(identifiers: header.identifiers, signaling: header.signaling, parity: parity)
  }

  private func differingNibbleCount(_ left: Header, _ right: Header) -> Int {
    let nibbles = [
      UInt32(left.identifiers ^ right.identifiers), UInt32(left.signaling ^ right.signaling),
      UInt32(left.parity ^ right.parity),
    ]
    return nibbles.reduce(0) { count, field in count + (0..<4).count { field >> (4 * $0) & 0xF != 0 } }
  }
}

/// The frames and their truth.
private struct Item {
  let headers: [Header]
  /// How many nibbles of a frame were damaged; nil where none were.
  let damagedNibbleCounts: [Int: Int]
  /// Identifiers and signaling field as the peer decodes them, in hexadecimal, or FAIL.
  let peerAnswers: [String]

  static func read() throws -> Item {
    let truth = try Corpus.truth("aos-d-fhec-psyche", as: Document.self).truth
    let bytes = try Corpus.bytes("data/aos/derived_psyche_aos_fhec_1115.bin")
    try #require(bytes.count == 350 * 1115)
    let headers = try (0..<350).map { index in
      let frame = bytes.span.extracting(index * 1115..<(index + 1) * 1115)
      return try #require(Header(frame: unsafe frame.bytes))
    }
    return Item(
      headers: headers,
      damagedNibbleCounts: Dictionary(uniqueKeysWithValues: truth.injected.map { ($0.frame, $0.nibbles.count) }),
      peerAnswers: truth.perFramePeer)
  }

  private struct Document: Decodable {
    let truth: Truth
  }

  private struct Truth: Decodable {
    let perFramePeer: [String]
    let injected: [Damage]
  }

  /// The index of a frame and those of its damaged nibbles.
  private struct Damage: Decodable {
    let frame: Int
    let nibbles: [Int]

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      frame = try container.decode(Int.self)
      nibbles = try container.decode([Int].self)
    }
  }
}
