import CCSDSLink
import CCSDSWire

/// The data field of USLP frames.
extension DataFieldDissector {
  /// Standard: CCSDS 732.1-B-3 §4.1.4.
  func accessPointData(_ before: PacketContext) -> Result {
    var reader = SectionReader(unit, at: range.lowerBound, end: range.upperBound, title: title("USLP"))
    let rule = ConstructionRule(
      bits: UInt8(reader.field(3, "TFDZ construction rule") { Self.ruleNames[Int($0 & 7)] } ?? 0))
    let protocolID = USLPProtocolID(UInt8(reader.field(5, "USLP protocol ID") { Self.name(ofProtocol: $0) } ?? 0))
    reader.title = title(protocolID == .packets ? "packets" : protocolID == .idle ? "only idle data" : "service data")
    if outline.isTruncated, rule != .noSegmentation {
      reader.problem(
        "a truncated frame has another rule", found: String(rule.rawValue), expected: "7", hint: "the frame is damaged")
      return lost(reader)
    }
    let zoneByteCount = max(0, range.count - (rule.hasPointer ? 3 : 1))
    var pointer: UInt16?
    if rule.hasPointer {
      pointer = reader.field(
        16, rule == .packetsSpanningFrames ? "first header pointer" : "last valid octet pointer"
      ) { Self.meaning(ofPointer: Int($0), rule, zoneByteCount) }.map { UInt16($0) }
    }
    reader.problemIfCutOff(hint: "the frame has no room for what it should hold: it is damaged, or the sender errs")
    guard reader.missing == nil, zoneByteCount > 0 else {
      if reader.missing == nil { reader.note("no room for data behind the header") }
      return lost(reader)
    }
    guard protocolID != .idle else { return Result(sections: [dumped(reader)], after: nil) }
    if let pointer, rule != .packetsSpanningFrames, pointer != 0xFFFF, Int(pointer) >= zoneByteCount {
      reader.problem(
        "the last valid octet pointer points outside its zone", found: String(pointer),
        expected: "below \(zoneByteCount), or 65535", hint: "the frame is damaged, or the sender errs")
      return lost(reader)
    }
    guard protocolID == .packets else { return Result(sections: [dumped(reader)], after: nil) }
    return packets(reader, rule, pointer, before)
  }

  private func packets(
    _ reader: SectionReader, _ rule: ConstructionRule, _ pointer: UInt16?, _ before: PacketContext
  ) -> Result {
    switch rule {
    case .packetsSpanningFrames:
      let first: FirstHeaderPointer = pointer == 0xFFFF ? .noPacketStarts : .offset(Int(pointer ?? 0))
      return packets(reader, first, at: (range.lowerBound + 1) * 8, before)
    case .noSegmentation:
      let walked = walk(from: reader.byteOffset, spansUnits: false)
      return Result(sections: [reader.section] + walked.sections, after: .unknown("whole packets came in between"))
    case .startingSegment, .continuingSegment, .lastSegment:
      var reader = reader
      reader.note("a segment of a packet, which is put together with the others of its access point")
      return Result(sections: [dumped(reader)], after: .unknown("a packet in segments came in between"))
    case .startOfServiceDataUnit, .continuationOfServiceDataUnit, .octetStream:
      var reader = reader
      reader.problem(
        "packets do not come under this rule", found: String(rule.rawValue), expected: "0, 4, 5, 6 or 7",
        hint: "the frame is damaged, or the sender errs; the link discards the data")
      return lost(reader)
    }
  }

  private func lost(_ reader: SectionReader) -> Result {
    Result(sections: [dumped(reader)], after: .unknown("the data of \(name.text) make no sense"))
  }

  private func dumped(_ reader: SectionReader) -> Dissection.Section {
    var reader = reader
    if showsBytes { reader.dump(min(reader.byteOffset, range.upperBound)..<range.upperBound) }
    return reader.section
  }

  private static func meaning(ofPointer pointer: Int, _ rule: ConstructionRule, _ zoneByteCount: Int) -> String {
    if rule == .packetsSpanningFrames {
      return FrameDissector.pointerMeaning(pointer == 0xFFFF ? .noPacketStarts : .offset(pointer))
    }
    guard pointer != 0xFFFF else { return "the unit does not end here" }
    let fill = zoneByteCount - pointer - 1
    return "\(pointer), the unit ends after \(Digits.bytes(pointer + 1))"
      + (fill > 0 ? ", \(Digits.bytes(fill)) of fill behind it" : "")
  }

  private static func name(ofProtocol number: UInt64) -> String {
    switch number {
    case 0...8: protocolNames[Int(number)]
    case 31: "only idle data"
    default: "\(number), reserved"
    }
  }

  private static let ruleNames = [
    "packets spanning frames", "start of a service data unit", "continuation of a service data unit", "octet stream",
    "starting segment", "continuing segment", "last segment", "no segmentation",
  ]
  private static let protocolNames = [
    "packets", "COP-1 control commands", "COP-P control commands", "SDLS control commands", "octet stream",
    "service data unit of the mission's own", "Proximity-1 pseudo packet 1", "Proximity-1 supervisory data",
    "Proximity-1 pseudo packet 2",
  ]
}
