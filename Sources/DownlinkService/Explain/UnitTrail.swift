import CCSDSCoding
import CCSDSLink
import CCSDSWire

/// Where a unit stands in its input, and which it is.
struct UnitPlace: Equatable {
  /// Counted from 1: codeblocks where there are some, else what the input gives one by one; absent for a datagram that
  /// no codeblock came of.
  var number: Int?
  var position: UnitPosition
  /// RFC 3339, where the input has times.
  var time: String?
  var byteCount: Int
}

/// A frame, and the unit that it was in.
struct FrameSubject: Equatable {
  var place: UnitPlace
  /// Which of the frames of its unit, from 1.
  var index: Int
  /// Its first bytes.
  var head: [UInt8]
  var byteCount: Int

  /// As much as is shown of one.
  static let headCapacity = 64
}

/// Where a link is in its input while it works: the unit and the frame that the next event is about.
struct UnitTrail {
  private let isCoded: Bool
  private let unitByteCount: Int
  private(set) var place = UnitPlace(number: nil, position: .byte(0), time: nil, byteCount: 0)
  /// The unit as it was delivered; of coded units, what was delivered last, which may be a piece of a stream.
  private(set) var delivered: [UInt8] = []
  /// The codeblock or frame at hand, or the unit itself where it is neither.
  private(set) var frame: [UInt8] = []
  /// Which of the frames of its unit, from 1; 0 before the first.
  private(set) var frameIndex = 0
  private var unitCount = 0
  private var frameEnd = 0
  /// Where the next codeblock of a stream begins.
  private var streamOffset = 0
  /// The record of a capture, which then is the place of all that is in it.
  private var record: UnitPosition?

  init(_ parameters: LinkParameters) {
    let coding = parameters.coding
    isCoded = coding != nil
    unitByteCount = coding?.accessDataUnitByteCount ?? 0
  }

  /// The frame at hand.
  var subject: FrameSubject {
    FrameSubject(
      place: place, index: frameIndex, head: Array(frame.prefix(FrameSubject.headCapacity)), byteCount: frame.count)
  }

  /// Something is delivered to the link.
  mutating func begin(_ bytes: [UInt8], _ about: UnitDescription, at position: UnitPosition) {
    delivered = bytes
    frameIndex = 0
    frameEnd = 0
    if case .record = position { record = position } else { record = nil }
    place.time = about.time?.rfc3339
    guard !isCoded else { return }
    unitCount += 1
    frame = bytes
    place = UnitPlace(
      number: unitCount, position: position, time: place.time, byteCount: max(bytes.count, about.originalByteCount))
  }

  /// The place of a datagram that is not looked into.
  var datagramPlace: UnitPlace {
    guard isCoded else { return place }
    return UnitPlace(
      number: nil, position: record ?? .byte(streamOffset), time: place.time, byteCount: delivered.count)
  }

  mutating func note(_ event: LinkEvent) {
    switch event {
    case .coding(.codeblock): beginCodeblock(unitByteCount)
    case .coding(.codeblockRefused(let byteCount)):
      frame = delivered
      beginCodeblock(byteCount)
    case .coding(.bytesSkipped(let byteCount)): streamOffset += byteCount
    case .frameReceived(let byteCount, _):
      frameIndex += 1
      guard !isCoded else { break }
      let end = min(delivered.count, frameEnd + byteCount)
      frame = Array(delivered[min(frameEnd, end)..<end])
      frameEnd = end
    default: break
    }
  }

  /// The bytes of the codeblock that was told of last, or of the frame in it.
  mutating func note(bytes: RawSpan) { frame = unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) } }

  private mutating func beginCodeblock(_ byteCount: Int) {
    unitCount += 1
    frameIndex = 0
    place = UnitPlace(
      number: unitCount, position: record ?? .byte(streamOffset), time: place.time, byteCount: byteCount)
    streamOffset += byteCount
  }
}

extension UnitPlace {
  /// Such as `unit 17, record 20, 2026-11-21T09:24:37.251547Z, 1115 bytes`.
  var text: String {
    let position =
      switch position {
      case .byte(let offset): "byte \(offset)"
      case .record(let number): "record \(number)"
      }
    return [number.map { "unit \($0)" }, position, time, Digits.bytes(byteCount)].compactMap(\.self)
      .joined(separator: ", ")
  }
}
