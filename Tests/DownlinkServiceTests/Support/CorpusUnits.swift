import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth
import TestSupport

/// What is known of a recording of channel access data units, and of the frames in them.
struct UnitTruth: Decodable {
  struct Units: Decodable {
    struct Codewords: Decodable {
      let codewords: Int
      let clean: Int
      let correctedCodewords: Int
      let correctedSymbols: Int
      let uncorrectableCodewords: Int
      let framesOk: Int
      let framesUncorrectable: Int
      let correctionsHistogram: [String: Int]
    }

    /// Where a unit begins, and how many symbols of each of its codewords are wrong: -1, too many.
    struct Unit: Decodable, Equatable {
      let byteOffset: Int
      let corrections: [Int]

      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        byteOffset = try container.decode(Int.self)
        corrections = try container.decode([Int].self)
      }
    }

    let caduLength: Int
    let frameLength: Int
    let interleave: Int
    let virtualFill: Int
    let randomised: Bool
    let cadus: Int
    let asmExact: Int
    let rs: Codewords
    let perCadu: [Unit]
    let framesSha256: String
  }

  let cadu: Units
  let frames: FrameTruth
}

extension UnitTruth {
  /// The managed parameters that the truth was made with. The spacecraft is named where one frame is all there is.
  var parameters: PhysicalChannelParameters {
    var parameters = frames.parameters
    var reedSolomon = ReedSolomonParameters()
    reedSolomon.interleavingDepth = cadu.interleave
    reedSolomon.virtualFillSymbolCount = cadu.virtualFill / cadu.interleave
    var coding = ChannelCoding(frameByteCount: cadu.frameLength)
    coding.syncMarker = .standard
    coding.randomizer = cadu.randomised ? .short255 : .none
    coding.reedSolomon = reedSolomon
    parameters.coding = coding
    if frames.framesTotal == 1 {
      parameters.spacecraftIDs = frames.vcs.values.map { SpacecraftID($0.scid) }
    }
    return parameters
  }
}

/// Keeps what a decoder finds.
struct CollectedUnits: CodingSink, ~Copyable {
  var frameBytes: [UInt8] = []
  var observations: [CodeblockObservation] = []
  var skippedByteCount = 0

  mutating func take(frame: RawSpan, receivedAt: Int64?) {
    unsafe frame.withUnsafeBytes { unsafe frameBytes.append(contentsOf: $0) }
  }

  mutating func take(uncorrectable codeblock: RawSpan) {}

  mutating func observe(_ event: CodingEvent) {
    switch event {
    case .codeblock(let observation): observations.append(observation)
    case .bytesSkipped(let byteCount): skippedByteCount += byteCount
    case .codeblockRefused, .lock: break
    }
  }
}

extension Comparison {
  mutating func compare(_ collected: borrowing CollectedUnits, _ truth: UnitTruth.Units) {
    expect("units", collected.observations.count, truth.cadus)
    expect(
      "markers without an error", collected.observations.filter { $0.marker?.errorCount == 0 }.count, truth.asmExact)
    let ours = collected.observations.map { unit in
      (0..<unit.corrections.count).map { unit.corrections[$0] ?? -1 }
    }
    expect("symbols corrected, unit by unit and codeword by codeword", ours, truth.perCadu.map(\.corrections))
    expect("digest of the frames", SHA256.hex(collected.frameBytes), truth.framesSha256)
  }

  mutating func compareCodewords(_ run: CorpusRun, _ truth: UnitTruth.Units, streamByteCount: Int) {
    let codewords = run.ledger.codewords
    expect("codewords", codewords.received, truth.rs.codewords)
    expect("codewords clean", codewords.clean, truth.rs.clean)
    expect("codewords corrected", codewords.corrected, truth.rs.correctedCodewords)
    expect("symbols corrected", codewords.correctedSymbols, truth.rs.correctedSymbols)
    expect("codewords uncorrectable", codewords.uncorrectable, truth.rs.uncorrectableCodewords)
    expect("frames decoded", run.ledger.frames.received, truth.rs.framesOk)
    let stream = run.ledger.streamBytes
    expect("bytes of the stream", stream.received, streamByteCount)
    expect("bytes in units", stream.framed, truth.cadus * truth.caduLength)
    expect("bytes skipped", stream.skipped, streamByteCount - truth.cadus * truth.caduLength)
  }
}
