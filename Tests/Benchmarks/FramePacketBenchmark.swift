import CCSDSWire
import DownlinkService

/// AOS frames of 1115 bytes to packets, with and without error control: every frame checked, every counter followed,
/// every packet put together, all of it in the ledger.
enum FramePacketBenchmark {
  private static let frameCount = 8192

  static func contests() throws -> [Contest] {
    [try contest(hasErrorControl: true), try contest(hasErrorControl: false)]
  }

  private static func contest(hasErrorControl: Bool) throws -> Contest {
    let frames = try BenchmarkInput.aosFrames(frameCount, hasErrorControl: hasErrorControl)
    let walker = try FrameWalker()
    return Contest(
      name: hasErrorControl ? "aos frames to packets, crc16" : "aos frames to packets, no error control",
      byteCount: frames.count, unit: "frame", unitCount: frameCount,
      reference: Contender(name: "C walker") {
        walker.digest(ofFrames: frames, hasErrorControl: hasErrorControl)
      },
      contenders: [
        Contender(name: "link pipeline") {
          var pipeline = LinkBench.pipeline(hasErrorControl: hasErrorControl)
          let about = UnitDescription(originalByteCount: LinkBench.frameByteCount)
          for start in stride(from: 0, to: frames.count, by: LinkBench.frameByteCount) {
            pipeline.receive(unsafe frames.span.bytes.extracting(start..<start + LinkBench.frameByteCount), about)
          }
          pipeline.finish()
          return LinkBench.digest(pipeline)
        }
      ])
  }
}
