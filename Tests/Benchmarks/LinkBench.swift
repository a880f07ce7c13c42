import CCSDSLink
import CCSDSWire
import CReference
import DownlinkService
import LinkHealth

/// One AOS link, set up as the benchmarks need it, and the same work done in C.
enum LinkBench {
  static let frameByteCount = 1115

  static func pipeline(hasErrorControl: Bool) -> LinkPipeline {
    var parameters = PhysicalChannelParameters(frameType: .aos, frameByteCount: frameByteCount)
    parameters.errorControl = hasErrorControl ? .crc16 : .none
    parameters.spacecraftIDs = [SpacecraftID(56)]
    return LinkPipeline(name: "benchmark", parameters: .frames(parameters))
  }

  /// How many packets of how many bytes came out.
  static func digest(_ pipeline: borrowing LinkPipeline) -> UInt64 {
    let zoneBytes = pipeline.sink.ledger.zoneBytes
    return digest(
      packetCount: pipeline.sink.ledger.packets.completed, packetByteCount: zoneBytes.packets + zoneBytes.idlePackets)
  }

  fileprivate static func digest(packetCount: Int, packetByteCount: Int) -> UInt64 {
    UInt64(packetCount) << 40 | UInt64(packetByteCount)
  }
}

/// Owns the reference in C.
@safe final class FrameWalker {
  private let walker: OpaquePointer

  init() throws {
    guard let walker = unsafe creference_walker_create() else { throw BenchmarkError.environment("no memory") }
    unsafe self.walker = walker
  }

  deinit { unsafe creference_walker_destroy(walker) }

  func digest(ofFrames frames: [UInt8], hasErrorControl: Bool) -> UInt64 {
    let length = LinkBench.frameByteCount
    let walk = unsafe frames.withUnsafeBufferPointer { buffer in
      unsafe creference_walk_aos(walker, buffer.baseAddress, buffer.count / length, length, hasErrorControl ? 1 : 0)
    }
    return digest(walk)
  }

  func digest(ofCapture path: String, hasErrorControl: Bool) -> UInt64 {
    digest(unsafe creference_walk_capture(walker, path, LinkBench.frameByteCount, hasErrorControl ? 1 : 0))
  }

  private func digest(_ walk: creference_walk) -> UInt64 {
    precondition(walk.damaged_frame_count == 0 && walk.frame_gap_count == 0, "the simulator sends clean frames")
    return LinkBench.digest(packetCount: Int(walk.packet_count), packetByteCount: Int(walk.packet_byte_count))
  }
}
