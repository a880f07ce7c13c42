import CCSDSLink
import CCSDSWire
import DownlinkService
import Foundation
import LinkHealth
import SpacecraftSimulator
import Testing

@Suite("Inspection of any bytes whatever")
struct InspectRobustnessTests {
  /// Every combination of the parameters that move fields, for frames of 64 bytes.
  private static let combinations: [PhysicalChannelParameters] = (0..<128).map { choice in
    func isSet(_ bit: Int) -> Bool { choice >> bit & 1 == 1 }
    var parameters = PhysicalChannelParameters(frameType: isSet(0) ? .aos : .tm, frameByteCount: 64)
    parameters.errorControl = isSet(1) ? .crc16 : .none
    parameters.hasHeaderErrorControl = isSet(2)
    parameters.insertZoneByteCount = isSet(3) ? 5 : 0
    parameters.hasOperationalControlField = isSet(4)
    parameters.spacecraftIDBitCount = isSet(5) ? 10 : 8
    parameters.firstHeaderPointerBitCount = isSet(6) ? 16 : 11
    parameters.maximumPacketByteCount = isSet(5) ? 65_542 : 100
    if choice % 5 == 0 {
      parameters.frameType = .uslp
      parameters.shortestFrameByteCount = isSet(2) ? 8 : nil
      parameters.errorControl = isSet(1) ? isSet(4) ? .crc32 : .crc16 : .none
    }
    if choice % 3 == 0 {
      parameters.virtualChannels = VirtualChannelService.allCases.enumerated().map { index, service in
        var channel = VirtualChannelParameters(virtualChannelID: VirtualChannelID(UInt8(index)))
        channel.service = service
        channel.truncatedFrameByteCount = 9
        return channel
      }
    }
    return parameters
  }

  /// Random bytes that begin like a frame of the type more often than chance has it.
  private static func bytes(_ count: Int, _ type: TransferFrameType, _ random: inout SeededRandom) -> [UInt8] {
    var bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    guard count > 8, random.chance(0.8) else { return bytes }
    bytes[0] = bytes[0] & 0x03 | (type == .tm ? 0x00 : type == .aos ? 0x40 : 0xC0)
    bytes[1] &= 0xC1
    if random.chance(0.5) { bytes[4] = 0x18 }
    for index in count / 2..<count where random.chance(0.3) { bytes[index] = random.chance(0.5) ? 0x00 : 0xE0 }
    return bytes
  }

  @Test("nothing traps at any length from 0 to 300, and each object is JSON", arguments: combinations.indices)
  func survivesEveryLength(combination: Int) throws {
    let parameters = Self.combinations[combination]
    var random = SeededRandom(seed: UInt64(combination))
    var options = Inspector.Options()
    options.showsBytes = combination % 2 == 0
    var text = InspectionSession(parameters: .frames(parameters), options: options)
    options.asJSON = true
    var json = InspectionSession(parameters: .frames(parameters), options: options)
    for byteCount in 0...300 {
      let unit = Self.bytes(byteCount, parameters.frameType, &random)
      let about = UnitDescription(originalByteCount: byteCount + random.below(3) / 2)
      var lineCount = 0
      text.take(unit, about, at: .byte(0)) { _ in lineCount += 1 }
      #expect(lineCount > 1 && lineCount <= 40 + 20 * byteCount, "seed \(combination), \(byteCount) bytes")
      json.take(unit, about, at: .record(1)) { line in
        guard byteCount % 8 == combination % 8 else { return }
        let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        #expect(object?["kind"] as? String == "frame", "seed \(combination), \(byteCount) bytes: \(line)")
      }
    }
    #expect(text.unitCount == json.unitCount)
  }

  @Test("what a link rejects, the inspection finds a problem with", arguments: combinations.indices)
  func agreesWithLink(combination: Int) throws {
    var parameters = Self.combinations[combination]
    var random = SeededRandom(seed: 1000 + UInt64(combination))
    if combination % 2 == 1 { parameters.spacecraftIDs = [SpacecraftID(0)] }
    var options = Inspector.Options()
    options.asJSON = true
    for _ in 0..<100 {
      let unit = Self.bytes(random.chance(0.8) ? 64 : random.within(1...130), parameters.frameType, &random)
      guard unit.count % 64 == 0 || unit.count < 128 else { continue }
      var pipeline = LinkPipeline(name: "x", parameters: .frames(parameters))
      unsafe pipeline.receive(unit.span.bytes, UnitDescription(originalByteCount: unit.count))
      let rejected = FrameRejection.allCases.reduce(0) { count, reason in
        count + (reason == .quarantined ? 0 : pipeline.sink.ledger.frames.rejected[reason])
      }
      var session = InspectionSession(parameters: .frames(parameters), options: options)
      // One line for each frame, where a unit holds several.
      var lines: [String] = []
      session.take(unit, UnitDescription(originalByteCount: unit.count), at: .byte(0)) { lines.append($0) }
      let withProblems = lines.count { !$0.contains(#""problem_count":0,"#) }
      #expect(withProblems >= rejected, "seed \(1000 + combination): \(lines)")
    }
  }

  @Test("nothing traps where frames follow each other and packets go on in the next", arguments: combinations.indices)
  func survivesSequences(combination: Int) {
    let parameters = Self.combinations[combination]
    var random = SeededRandom(seed: 2000 + UInt64(combination))
    var session = InspectionSession(parameters: .frames(parameters), options: Inspector.Options())
    var notes = 0
    for count in 0..<200 {
      var unit = Self.bytes(64, parameters.frameType, &random)
      switch parameters.frameType {
      case .tm: unit.replaceSubrange(0..<6, with: [0, 0, 0, UInt8(count & 0xFF), 0x18, UInt8(random.below(70))])
      case .aos: unit.replaceSubrange(0..<6, with: [0x40, 0, 0, 0, UInt8(count & 0xFF), 0])
      case .uslp: unit.replaceSubrange(0..<8, with: [0xC0, 0, 0, 0, 0, 63, 1, UInt8(count & 0xFF)])
      }
      if random.chance(0.2), parameters.frameType == .tm { (unit[4], unit[5]) = (0x1F, 0xFF) }
      session.take(unit, UnitDescription(originalByteCount: 64), at: .byte(0)) { line in
        if line.contains("began in frame") { notes += 1 }
      }
    }
    let followsPackets =
      parameters.frameType == .tm && parameters.errorControl == .none && parameters.virtualChannels.isEmpty
    #expect(notes > 0 || !followsPackets, "seed \(2000 + combination)")
  }

  @Test("nothing traps in packets without frames", arguments: 0..<20)
  func survivesPackets(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var options = Inspector.Options()
    options.showsBytes = true
    var brokenLineCount = 0
    var session = InspectionSession(parameters: .packets(PacketStreamParameters()), options: options)
    for byteCount in 0...300 {
      var unit = (0..<byteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      if byteCount > 0, random.chance(0.8) { unit[0] = random.chance(0.5) ? unit[0] & 0x1F : unit[0] | 0xE0 }
      if byteCount > 5, random.chance(0.8) { (unit[4], unit[5]) = (0, UInt8(random.below(30))) }
      var about = UnitDescription(originalByteCount: byteCount)
      about.isUnparsable = random.chance(0.1)
      session.take(unit, about, at: .byte(0)) { if $0.utf8.contains(UInt8(ascii: "\n")) { brokenLineCount += 1 } }
    }
    #expect(session.unitCount == 301 && brokenLineCount == 0, "seed \(seed)")
  }
}
