import CCSDSLink
import CCSDSWire

/// The headers of TM Transfer Frames.
extension FrameDissector {
  /// Standard: CCSDS 132.0-B-3 §4.1.2.
  ///
  /// - Returns: Nil when the frame ends in them.
  func tmHeader(_ unit: UnitBytes, _ dissection: inout Dissection) -> FrameOutline? {
    var reader = SectionReader(unit, at: 0, title: "primary header")
    let version = reader.field(2, "transfer frame version number", Self.versionMeaning)
    var isSound = checkVersion(version, unit, &reader)
    let spacecraft = SpacecraftID(UInt16(reader.field(10, "spacecraft ID") ?? 0))
    if reader.missing == nil { isSound = checkSpacecraft(spacecraft, &reader) && isSound }
    let channel = VirtualChannelID(UInt8(unit.bits(at: 12, count: 3) ?? 0))
    let key = ChannelKey(spacecraftID: spacecraft, virtualChannelID: channel, isReplay: false)
    reader.field(3, "virtual channel ID") { "\($0)\(nameRemark(key))" }
    if reader.missing == nil { checkListing(key, &reader) }
    let controlFlag = reader.field(1, "operational control field flag") { $0 == 0 ? "absent" : "present" }
    reader.field(8, "master channel frame count")
    let hasExtendedCount = Self.hasExtendedCount(unit)
    let count = reader.field(8, "virtual channel frame count") {
      "\($0)" + (hasExtendedCount ? "" : countRemark(key, $0, bitCount: 8))
    }
    let secondaryFlag = reader.field(1, "secondary header flag") { $0 == 0 ? "absent" : "present" }
    let pointer = tmDataFieldStatus(&reader)
    reader.problemIfCutOff(hint: "too short for a TM frame: six bytes of header, and data")
    dissection.sections.append(reader.section)
    guard let count, let pointer else { return nil }
    var outline = FrameOutline(
      key: key, count: count, countBitCount: 8, dataFieldStart: 6, hasControlField: controlFlag == 1,
      firstHeaderPointer: pointer.pointer, holdsServiceDataUnit: pointer.pointer == nil, isSound: isSound)
    if secondaryFlag == 1 { secondaryHeader(unit, &outline, &dissection) }
    return outline
  }

  /// The flags after the secondary header flag, and the first header pointer; that is nil where it is undefined.
  private func tmDataFieldStatus(_ reader: inout SectionReader) -> (pointer: FirstHeaderPointer?, Void)? {
    let synchronization = reader.field(1, "synchronization flag") {
      $0 == 0 ? "packets or idle data" : "a service data unit (VCA)"
    }
    let isForPackets = synchronization == 0
    let order = reader.field(1, "packet order flag") { isForPackets ? String($0) : "undefined" }
    if isForPackets, order == 1 {
      reader.problem(
        "the packet order flag is set", found: "1", expected: "0",
        hint: "the link takes the frame all the same; the sender breaks the standard")
    }
    let segment = reader.field(2, "segment length identifier") { isForPackets ? String($0) : "undefined" }
    if isForPackets, let segment, segment != 0b11 {
      reader.problem(
        "the segment length identifier is in use", found: Digits.raw(segment, bitCount: 2), expected: "11",
        hint: "the link takes the frame all the same; the sender breaks the standard")
    }
    let pointer = reader.field(11, "first header pointer") {
      isForPackets ? Self.pointerMeaning(FirstHeaderPointer(elevenBits: UInt16($0))) : "undefined"
    }
    guard let pointer else { return nil }
    return (isForPackets ? FirstHeaderPointer(elevenBits: UInt16(pointer)) : nil, ())
  }

  /// Standard: CCSDS 132.0-B-3 §4.1.3.
  private func secondaryHeader(_ unit: UnitBytes, _ outline: inout FrameOutline, _ dissection: inout Dissection) {
    var reader = SectionReader(unit, at: 6, title: "secondary header")
    let version = reader.field(2, "version number")
    if let version, version != 0 {
      reader.problem(
        "the version of the secondary header is not known", found: Digits.raw(version, bitCount: 2), expected: "00",
        hint: "the frame is damaged, or the secondary header flag is set without a secondary header")
    }
    let length = Int(reader.field(6, "secondary header length") { "\(Digits.bytes(Int($0) + 1)) in all" } ?? 0)
    if length == 3 {
      let key = outline.key
      let low = outline.count
      let high = reader.field(24, "extended VC frame count") {
        let count = $0 << 8 | low
        return "the upper 24 bits of \(count)\(countRemark(key, count, bitCount: 32))"
      }
      outline.count |= (high ?? 0) << 8
      outline.countBitCount = 32
    } else if length > 0 {
      reader.bytes(length, "secondary header data")
      if showsBytes { reader.dump(7..<7 + length) }
    }
    reader.problemIfCutOff(hint: "the frame is damaged, or shorter than it should be")
    outline.dataFieldStart = 7 + length
    dissection.sections.append(reader.section)
  }

  private static func hasExtendedCount(_ unit: UnitBytes) -> Bool {
    unit.bits(at: 32, count: 1) == 1 && unit.bits(at: 50, count: 6) == 3
  }

  /// What a version number says.
  static func versionMeaning(_ version: UInt64) -> String {
    switch version {
    case 0b00: "TM"
    case 0b01: "AOS"
    case 0b10: "Proximity-1"
    default: "USLP"
    }
  }

  /// What a first header pointer says.
  static func pointerMeaning(_ pointer: FirstHeaderPointer) -> String {
    switch pointer {
    case .offset(let offset): "\(offset), a packet begins \(offset == 0 ? "at once" : "after \(Digits.bytes(offset))")"
    case .noPacketStarts: "no packet begins here"
    case .onlyIdleData: "only idle data"
    }
  }
}
