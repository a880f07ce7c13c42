import CCSDSCoding
import CCSDSLink
import CCSDSWire
import CReference
import DownlinkService
import LinkHealth
import SpacecraftSimulator

/// A stream of channel access data units to packets: markers, derandomizing, Reed–Solomon, error control, counters,
/// packets, and all of it in the ledger. The reference corrects with libfec and walks over the frames in C.
enum CodedLinkBenchmark {
  private static let unitCount = 4096
  private static let interleave = 5
  private static let unitByteCount = 1279
  /// What one read of a file brings.
  private static let pieceByteCount = 61_440

  static func contests() throws -> [Contest] {
    let units = try BenchmarkInput.codedUnits(unitCount)
    return try [0, 4, 16].map { try contest(errorCount: $0, units) }
  }

  private static func contest(errorCount: Int, _ clean: [UInt8]) throws -> Contest {
    let units = damaged(clean, errorCount)
    let walker = try FrameWalker()
    let reference = UnitReference(unitCount: unitCount, interleave: interleave)
    return Contest(
      name: "cadus to packets, I=5, \(errorCount) errors in every codeword, crc16",
      byteCount: units.count, unit: "frame", unitCount: unitCount,
      reference: Contender(name: "libfec and C walker") {
        walker.digest(ofFrames: reference.frames(of: units), hasErrorControl: true)
      },
      contenders: [
        Contender(name: "link pipeline") {
          var pipeline = pipeline()
          for start in stride(from: 0, to: units.count, by: pieceByteCount) {
            let piece = unsafe units.span.bytes.extracting(start..<min(start + pieceByteCount, units.count))
            pipeline.receive(stream: piece, at: nil)
          }
          pipeline.finish()
          return LinkBench.digest(pipeline)
        }
      ])
  }

  private static func pipeline() -> LinkPipeline {
    var reedSolomon = ReedSolomonParameters()
    reedSolomon.interleavingDepth = interleave
    var coding = ChannelCoding(frameByteCount: LinkBench.frameByteCount)
    coding.syncMarker = .standard
    coding.randomizer = .short255
    coding.reedSolomon = reedSolomon
    var parameters = PhysicalChannelParameters(frameType: .aos, frameByteCount: LinkBench.frameByteCount)
    parameters.coding = coding
    parameters.errorControl = .crc16
    parameters.spacecraftIDs = [SpacecraftID(56)]
    return LinkPipeline(name: "benchmark", parameters: .frames(parameters))
  }

  /// The same units with so many wrong symbols in every codeword, anywhere in it.
  private static func damaged(_ units: [UInt8], _ errorCount: Int) -> [UInt8] {
    var units = units
    var random = SeededRandom(seed: 131)
    for unit in stride(from: 0, to: units.count, by: unitByteCount) {
      for lane in 0..<interleave {
        var symbols: Set<Int> = []
        while symbols.count < errorCount { symbols.insert(random.below(255)) }
        for symbol in symbols { units[unit + 4 + symbol * interleave + lane] ^= UInt8(1 + random.below(255)) }
      }
    }
    return units
  }
}

/// Owns the room that the reference decodes into.
final class UnitReference {
  private let unitCount: Int
  private let interleave: Int
  private let sequence: [UInt8]
  private var decoded: [UInt8]

  init(unitCount: Int, interleave: Int) {
    self.unitCount = unitCount
    self.interleave = interleave
    sequence = Randomizer.bytes(of: .short255, count: 255 * interleave)
    decoded = [UInt8](repeating: 0, count: unitCount * 223 * interleave)
  }

  func frames(of units: [UInt8]) -> [UInt8] {
    let count = unsafe decoded.withUnsafeMutableBufferPointer { decoded in
      unsafe units.withUnsafeBufferPointer { units in
        unsafe sequence.withUnsafeBufferPointer { sequence in
          unsafe creference_decode_units(
            units.baseAddress, unitCount, interleave, sequence.baseAddress, decoded.baseAddress)
        }
      }
    }
    precondition(count == unitCount, "every codeword can be corrected")
    return decoded
  }
}
