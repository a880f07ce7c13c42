import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth

/// A way to read frames that differs from the configured one in a few settings.
struct FrameReading {
  private(set) var parameters: PhysicalChannelParameters
  private(set) var settings: [ConfigurationSetting] = []
  private(set) var framesPerDatagram: Int
  /// What had been taken off the frames when they were kept.
  private let takenOff: Randomizer.Sequence

  init(_ parameters: PhysicalChannelParameters, framesPerDatagram: Int) {
    self.parameters = parameters
    self.framesPerDatagram = framesPerDatagram
    takenOff = parameters.coding?.randomizer ?? .none
  }

  /// The sequence that is taken off frames with it.
  private var randomizer: Randomizer.Sequence { parameters.coding?.randomizer ?? .none }

  /// The same with one more setting changed.
  func changing(
    _ settings: [ConfigurationSetting], _ change: (inout PhysicalChannelParameters) -> Void
  ) -> FrameReading? {
    // What was changed once is not changed back.
    guard !settings.contains(where: { new in self.settings.contains { $0.key == new.key } }) else { return nil }
    var reading = self
    reading.settings += settings
    change(&reading.parameters)
    return reading
  }

  /// The same for datagrams of several frames.
  func takingSeveral(_ count: Int) -> FrameReading? {
    guard framesPerDatagram != count else { return nil }
    var reading = changing([ConfigurationSetting("input.frames_per_datagram", "\(count)")]) { _ in }
    reading?.framesPerDatagram = count
    return reading
  }

  /// The frames in a unit that was kept as one frame.
  func frames(in unit: [UInt8]) -> [[UInt8]] {
    let length = parameters.frameByteCount
    let count = unit.count / max(1, length)
    guard framesPerDatagram > 1, !parameters.hasVariableLength, count > 1, count * length == unit.count,
      count <= framesPerDatagram
    else { return [derandomized(unit)] }
    return (0..<count).map { derandomized(Array(unit[$0 * length..<($0 + 1) * length])) }
  }

  private func derandomized(_ frame: [UInt8]) -> [UInt8] {
    guard takenOff != randomizer else { return frame }
    let before = Randomizer.bytes(of: takenOff, count: frame.count)
    let now = Randomizer.bytes(of: randomizer, count: frame.count)
    return frame.indices.map { frame[$0] ^ before[$0] ^ now[$0] }
  }

  /// What becomes of a unit by itself: of its first frame that is not accepted, or of its last one.
  func judgement(of unit: [UInt8]) -> (judgement: FrameJudgement, frame: [UInt8]) {
    let frames = frames(in: unit)
    let judgements = frames.map { FrameJudgement(of: [$0], parameters) }
    let index = judgements.firstIndex { $0.refusal != nil } ?? judgements.count - 1
    return (judgements[index], frames[index])
  }

  /// What becomes of units that came one after the other, and the last of their frames.
  func judgement(ofAll units: [[UInt8]]) -> (judgement: FrameJudgement, frame: [UInt8]) {
    let all = units.flatMap { frames(in: $0) }
    return (FrameJudgement(of: all, parameters), all.last ?? [])
  }
}
