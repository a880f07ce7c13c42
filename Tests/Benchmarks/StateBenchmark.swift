import CCSDSLink
import CCSDSWire
import DownlinkService

/// Saving the state of a link, which a busy one does some hundred times a second.
enum StateBenchmark {
  private static let spacecraftCount = 2
  private static let channelCount = 4
  private static let applicationCount = 13

  static func contests() -> [Contest] {
    let link = StatefulLink()
    let byteCount = link.save()
    return [
      Contest(
        name: "state of 2 spacecraft, 8 channels, 104 application processes, 100 gaps, \(byteCount) bytes",
        byteCount: byteCount, unit: "save", unitCount: 1,
        contenders: [Contender(name: "save") { UInt64(link.save()) }]),
      Contest(
        name: "the same state", byteCount: byteCount, unit: "restore", unitCount: 1,
        contenders: [Contender(name: "restore") { link.restores() ? 1 : 0 }]),
    ]
  }

  /// Keeps a pipeline for closures, which cannot.
  private final class StatefulLink {
    private var pipeline = makePipeline()
    private var state: [UInt8] = []

    /// Every channel has idle frames, and frames with one packet of each of its application processes and the beginning
    /// of another one. A frame in twenty does not come.
    init() {
      var counts = [UInt32](repeating: 0, count: spacecraftCount * channelCount)
      for index in 0..<4000 {
        let channel = index % counts.count
        let isIdle = index % 16 >= 8
        let frame = Self.frame(channel, count: counts[channel], isIdle: isIdle)
        counts[channel] += 1
        guard index % 20 != 19 || index > 3900 else { continue }
        let time = ReceptionTime(nanosecondsSince1970: Int64(index) * 1_000_000)
        unsafe pipeline.receive(frame.span.bytes, UnitDescription(time: time, originalByteCount: frame.count))
      }
    }

    func save() -> Int {
      var archive = StateArchive(savingTo: state)
      state = []
      pipeline.archive(&archive)
      state = archive.bytes
      return state.count
    }

    func restores() -> Bool {
      var other = Self.makePipeline()
      return other.restore(from: state)
    }

    private static func frame(_ channel: Int, count: UInt32, isIdle: Bool) -> [UInt8] {
      let identifiers = UInt16(1) << 14 | UInt16(channel / channelCount + 40) << 6 | UInt16(channel % channelCount)
      var frame: [UInt8] = [UInt8(identifiers >> 8), UInt8(identifiers & 0xFF)]
      frame += [UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF), 0]
      frame += isIdle ? [0x07, 0xFE] : [0, 0]
      for process in 0..<applicationCount where !isIdle {
        frame += [0, UInt8(process + 1), 0xC0, UInt8(count & 0xFF), 0, 31] + [UInt8](repeating: 0xA5, count: 32)
      }
      // A packet that goes on, and not in the next frame.
      if !isIdle { frame += [0, 1, 0xC0, UInt8(count & 0xFF), 0x07, 0xFF] }
      return frame + [UInt8](repeating: 0x55, count: LinkBench.frameByteCount - frame.count)
    }

    private static func makePipeline() -> LinkPipeline {
      var parameters = PhysicalChannelParameters(frameType: .aos, frameByteCount: LinkBench.frameByteCount)
      parameters.spacecraftIDs = [SpacecraftID(40), SpacecraftID(41)]
      return LinkPipeline(name: "benchmark", parameters: .frames(parameters))
    }
  }
}
