import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import TestSupport
import Testing

/// A sender that keeps to no rule: what it sends is well-formed enough to get in, and makes no sense.
@Suite("The ledger of USLP links whose frames make no sense")
struct HostileUSLPTests {
  @Test("every byte stays in one bucket, and memory within its limits", arguments: UInt64(1)...150)
  func balances(seed: UInt64) {
    var sender = HostileSender(seed: seed)
    let parameters = sender.parameters
    var pipeline = LinkPipeline(name: "hostile", parameters: .frames(parameters))
    var nanoseconds: Int64 = 1_700_000_000_000_000_000
    var breaches: [LedgerBreach] = []
    var mostPending = 0
    for index in 0..<400 {
      nanoseconds += sender.pauseNanoseconds()
      let unit = sender.unit()
      let time = sender.isTimed ? ReceptionTime(nanosecondsSince1970: nanoseconds) : nil
      unsafe pipeline.receive(unit.span.bytes, UnitDescription(time: time, originalByteCount: unit.count))
      guard index % 7 == 0 else { continue }
      let snapshot = pipeline.snapshot()
      breaches += snapshot.breaches
      mostPending = max(mostPending, snapshot.pendingByteCount)
    }
    pipeline.finish()
    let snapshot = pipeline.snapshot()
    #expect(breaches + snapshot.breaches == [], "seed \(seed)")
    #expect(snapshot.heldFrameCount == 0, "seed \(seed)")
    #expect(snapshot.ledger.frames.delivered > 0, "seed \(seed)")
    #expect(
      mostPending <= parameters.limits.accessPointCount * parameters.maximumPacketByteCount, "seed \(seed)")
    #expect(snapshot.ledger.virtualChannels.count <= parameters.limits.virtualChannelCount, "seed \(seed)")
  }
}

/// Makes USLP frames by the numbers of the standard, of any rule, protocol, access point and count.
private struct HostileSender {
  let parameters: PhysicalChannelParameters
  let isTimed: Bool
  private var generator: SeededGenerator
  /// By channel and quality of service.
  private var counts: [Int: Int] = [:]
  private var sent: [[UInt8]] = []

  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    isTimed = Bool.random(using: &generator)
    let isVariable = Bool.random(using: &generator)
    var parameters = PhysicalChannelParameters(frameType: .uslp, frameByteCount: isVariable ? 400 : 120)
    parameters.shortestFrameByteCount = isVariable ? 8 : nil
    parameters.insertZoneByteCount = isVariable ? 0 : Int.random(in: 0...5, using: &generator)
    parameters.errorControl = FrameErrorControl.allCases.randomElement(using: &generator) ?? .none
    parameters.spacecraftIDs = Bool.random(using: &generator) ? [SpacecraftID(0xABCD)] : []
    if Bool.random(using: &generator) {
      parameters.virtualChannels = [1, 2, 63].map { VirtualChannelParameters(virtualChannelID: VirtualChannelID($0)) }
      parameters.virtualChannels[0].truncatedFrameByteCount = 12
      parameters.virtualChannels[1].maximumPacketByteCount = 60
    }
    parameters.maximumPacketByteCount = 300
    parameters.limits.virtualChannelCount = 5
    parameters.limits.accessPointCount = 6
    parameters.limits.applicationProcessCount = 3
    parameters.limits.maximumServiceDataUnitByteCount = 500
    parameters.limits.quarantinedFrameCount = 3
    self.parameters = parameters
    self.generator = generator
  }

  /// Mostly moments; now and then a silence, or a clock that was set back.
  mutating func pauseNanoseconds() -> Int64 {
    switch Int.random(in: 0..<40, using: &generator) {
    case 0: 61_000_000_000
    case 1: -3_600_000_000_000
    default: 10_000_000
    }
  }

  /// A frame, an earlier one, one that is cut off or damaged, or several at once.
  mutating func unit() -> [UInt8] {
    switch Int.random(in: 0..<30, using: &generator) {
    case 0...3: return sent.randomElement(using: &generator) ?? frame()
    case 4: return Array(frame().dropLast(Int.random(in: 1...20, using: &generator)))
    case 5:
      var bytes = frame()
      bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      return bytes
    case 6: return frame() + frame()
    case 7: return generator.bytes(Int.random(in: 1...200, using: &generator))
    case 8, 9: return truncatedFrame()
    default:
      let bytes = frame()
      sent.append(bytes)
      if sent.count > 12 { sent.removeFirst() }
      return bytes
    }
  }

  private mutating func truncatedFrame() -> [UInt8] {
    let word = 0xC << 28 | 0xABCD << 12 | 1 << 5 | Int.random(in: 0...2, using: &generator) << 1 | 1
    let protocolID = [0, 5, 31].randomElement(using: &generator) ?? 5
    return Self.bytes(word, 4) + [UInt8(0xE0 | protocolID)] + generator.bytes(7)
  }

  private mutating func frame() -> [UInt8] {
    let channel = [1, 1, 1, 2, 3, 4, 63].randomElement(using: &generator) ?? 1
    let isExpedited = Int.random(in: 0..<5, using: &generator) == 0
    let countByteCount = Int.random(in: 0..<8, using: &generator) == 0 ? Int.random(in: 0...7, using: &generator) : 2
    let hasControlWord = Int.random(in: 0..<4, using: &generator) == 0
    let headerByteCount = 7 + countByteCount + parameters.insertZoneByteCount
    let trailerByteCount = (hasControlWord ? 4 : 0) + parameters.errorControl.byteCount
    let longest = parameters.frameByteCount - headerByteCount - trailerByteCount
    let fieldByteCount = parameters.hasVariableLength ? Int.random(in: 1...longest, using: &generator) : longest
    let byteCount = headerByteCount + fieldByteCount + trailerByteCount
    let word = 0xC << 28 | 0xABCD << 12 | channel << 5 | Int.random(in: 0...3, using: &generator) << 1
    let isControl = Int.random(in: 0..<20, using: &generator) == 0
    let flags = (isExpedited ? 0x80 : 0) | (isControl ? 0x40 : 0) | (hasControlWord ? 8 : 0) | countByteCount
    var frame = Self.bytes(word, 4) + Self.bytes(byteCount - 1, 2) + [UInt8(flags)]
    frame += Self.bytes(count(of: channel << 1 | (isExpedited ? 1 : 0)), countByteCount)
    frame += generator.bytes(parameters.insertZoneByteCount) + field(fieldByteCount)
    frame += generator.bytes(hasControlWord ? 4 : 0)
    switch parameters.errorControl {
    case .none: break
    case .crc16: frame += Self.bytes(Int(CRC16.checksum(of: unsafe frame.span.bytes)), 2)
    case .crc32: frame += Self.bytes(Int(CRC32.proximity1.checksum(of: unsafe frame.span.bytes)), 4)
    }
    return frame
  }

  /// Mostly the next one; or the same, some lost, a little behind, or anything.
  private mutating func count(of channel: Int) -> Int {
    let newest = counts[channel, default: 65_530]
    let next =
      switch Int.random(in: 0..<20, using: &generator) {
      case 0: newest
      case 1: newest &+ Int.random(in: 2...300, using: &generator)
      case 2: newest &- Int.random(in: 1...31, using: &generator)
      case 3: Int.random(in: 0..<1 << 56, using: &generator)
      default: newest &+ 1
      }
    counts[channel] = next
    return next
  }

  /// A data field of any rule and protocol, with a pointer that may lead anywhere, and packets that may be any.
  private mutating func field(_ byteCount: Int) -> [UInt8] {
    let rule = [0, 0, 0, 1, 2, 3, 4, 5, 5, 6, 7].randomElement(using: &generator) ?? 0
    let usual = rule == 3 ? 4 : [0, 0, 5].randomElement(using: &generator) ?? 0
    let isStrange = Int.random(in: 0..<10, using: &generator) == 0
    var field = [UInt8(rule << 5 | (isStrange ? Int.random(in: 0...31, using: &generator) : usual))]
    if rule < 3 {
      let pointer =
        [0, 0xFFFF, 0xFFFE, Int.random(in: 0...(byteCount + 3), using: &generator)].randomElement(using: &generator)
      field += Self.bytes(pointer ?? 0, 2)
    }
    while field.count < byteCount {
      let dataByteCount = Int.random(in: 1...130, using: &generator)
      let applicationProcess = [1, 2, 3, 4, 5, 0x7FF].randomElement(using: &generator) ?? 1
      field += Self.bytes(applicationProcess, 2) + generator.bytes(2) + Self.bytes(dataByteCount - 1, 2)
      field += generator.bytes(dataByteCount)
    }
    return Array(field.prefix(byteCount))
  }

  private static func bytes(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
