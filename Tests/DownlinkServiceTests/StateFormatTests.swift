import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import Testing

@Suite("The format of a saved state, and its version")
struct StateFormatTests {
  /// A head of 24 bytes: what it is, its version, a digest, and what parameters it belongs to.
  private static let headByteCount = 24

  /// Four frames of one link, made by hand, and a state that has something of everything.
  private static func state(_ type: TransferFrameType) -> [UInt8] {
    var parameters = PhysicalChannelParameters(frameType: type, frameByteCount: 64)
    parameters.limits.virtualChannelCount = 4
    var pipeline = LinkPipeline(name: "format", parameters: .frames(parameters))
    var frame = TelemetryFrame(spacecraft: 42)
    for index in 0..<4 {
      // AOS: version 1, spacecraft 42, channel 1, a count, no signals, a zone without the beginning of a packet.
      let aos: [UInt8] = [0x4A, 0x81, 0, 0, UInt8(index), 0, 0x07, 0xFF] + [UInt8](repeating: 0x55, count: 56)
      let bytes = type == .aos ? aos : frame.next()
      let time = ReceptionTime(nanosecondsSince1970: 1_000_000_000 * Int64(index + 1))
      unsafe pipeline.receive(bytes.span.bytes, UnitDescription(time: time, originalByteCount: bytes.count))
    }
    pipeline.noteReceived(at: 4_000_000_000)
    pipeline.noteDecoded(at: 4_000_070_000)
    return StateRun.state(of: &pipeline)
  }

  /// 64-bit FNV-1a.
  private static func digest(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  /// What was measured when the version was made what it is. Another list of fields makes other bytes, and a daemon
  /// that takes them for those of its own version counts nonsense.
  @Test(
    "another format needs another version: raise StateArchive.formatVersion, then write down what this says",
    arguments: [
      (TransferFrameType.tm, 7421, UInt64(17_198_889_584_247_122_834)), (.aos, 6319, 17_741_358_032_777_915_578),
    ])
  func isOfItsVersion(type: TransferFrameType, byteCount: Int, digest: UInt64) {
    let state = Self.state(type)
    #expect(state[4..<8] == [3, 0, 0, 0])
    #expect(state.count == byteCount)
    #expect(Self.digest(state[Self.headByteCount...]) == digest)
  }

  @Test("a state of another version is refused, whole as it is")
  func refusesOtherVersions() {
    let good = Self.state(.tm)
    var parameters = PhysicalChannelParameters(frameType: .tm, frameByteCount: 64)
    parameters.limits.virtualChannelCount = 4
    for version in [0, 2, 4, 255] as [UInt8] {
      var state = good
      state[4] = version
      StateArchive.seal(&state)
      var pipeline = LinkPipeline(name: "format", parameters: .frames(parameters))
      let isRestored = pipeline.restore(from: state)
      #expect(!isRestored)
    }
    var pipeline = LinkPipeline(name: "format", parameters: .frames(parameters))
    let isRestored = pipeline.restore(from: good)
    #expect(isRestored)
  }
}
