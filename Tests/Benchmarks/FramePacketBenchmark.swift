import CCSDSLink
import CCSDSWire
import CReference
import DownlinkService
import LinkHealth

/// AOS frames of 1115 bytes to packets, with and without error control: every frame checked, every counter followed,
/// every packet put together, all of it in the ledger.
enum FramePacketBenchmark {
  private static let frameByteCount = 1115
  private static let frameCount = 8192

  static func contests() throws -> [Contest] {
    [try contest(hasErrorControl: true), try contest(hasErrorControl: false)]
  }

  private static func contest(hasErrorControl: Bool) throws -> Contest {
    let frames = try BenchmarkInput.aosFrames(frameCount, hasErrorControl: hasErrorControl)
    let walker = try FrameWalker()
    let reference = Contender(name: "C walker") {
      walker.packetDigest(of: frames, frameByteCount: frameByteCount, hasErrorControl: hasErrorControl)
    }
    return Contest(
      name: hasErrorControl ? "aos frames to packets, crc16" : "aos frames to packets, no error control",
      byteCount: frames.count, unit: "frame", unitCount: frameCount, reference: reference,
      contenders: [pipeline(frames, parameters(hasErrorControl: hasErrorControl))])
  }

  private static func parameters(hasErrorControl: Bool) -> PhysicalChannelParameters {
    var parameters = PhysicalChannelParameters(frameType: .aos, frameByteCount: frameByteCount)
    parameters.errorControl = hasErrorControl ? .crc16 : .none
    parameters.spacecraftIDs = [SpacecraftID(56)]
    return parameters
  }

  private static func pipeline(_ frames: [UInt8], _ parameters: PhysicalChannelParameters) -> Contender {
    Contender(name: "link pipeline") {
      var pipeline = LinkPipeline(name: "benchmark", parameters: .frames(parameters))
      for start in stride(from: 0, to: frames.count, by: frameByteCount) {
        pipeline.receive(unsafe frames.span.bytes.extracting(start..<start + frameByteCount), at: nil)
      }
      pipeline.finish()
      let ledger = pipeline.sink.ledger
      return digest(
        packetCount: ledger.packets.completed,
        packetByteCount: ledger.zoneBytes.packets + ledger.zoneBytes.idlePackets)
    }
  }

  fileprivate static func digest(packetCount: Int, packetByteCount: Int) -> UInt64 {
    UInt64(packetCount) << 40 | UInt64(packetByteCount)
  }
}

/// Owns the reference in C.
@safe private final class FrameWalker {
  private let walker: OpaquePointer

  init() throws {
    guard let walker = unsafe creference_walker_create() else { throw BenchmarkError.environment("no memory") }
    unsafe self.walker = walker
  }

  deinit { unsafe creference_walker_destroy(walker) }

  func packetDigest(of frames: [UInt8], frameByteCount: Int, hasErrorControl: Bool) -> UInt64 {
    let walk = unsafe frames.withUnsafeBufferPointer { buffer in
      unsafe creference_walk_aos(
        walker, buffer.baseAddress, buffer.count / frameByteCount, frameByteCount, hasErrorControl ? 1 : 0)
    }
    precondition(walk.damaged_frame_count == 0 && walk.frame_gap_count == 0, "the simulator sends clean frames")
    return FramePacketBenchmark.digest(
      packetCount: Int(walk.packet_count), packetByteCount: Int(walk.packet_byte_count))
  }
}
