import CCSDSLink
import CCSDSWire

/// Dissects the data field of one frame, by what its virtual channel carries.
struct DataFieldDissector {
  /// What a data field shows.
  struct Result {
    var sections: [Dissection.Section]
    /// What the next frame of the channel continues; nil when this one has no part in its packets.
    var after: PacketContext?
  }

  let unit: UnitBytes
  /// Not empty, and within the unit.
  let range: Range<Int>
  let outline: FrameOutline
  let parameters: PhysicalChannelParameters
  let showsBytes: Bool
  let name: FrameName

  func dissect(_ before: PacketContext) -> Result {
    let isIdleChannel = parameters.frameType != .tm && outline.key.virtualChannelID == .onlyIdleData
    if parameters.frameType == .uslp, isIdleChannel { return accessPointData(before) }
    switch isIdleChannel ? .idle : parameters.listing(of: outline.key)?.service ?? .packet {
    case .idle: return opaque("only idle data")
    case .vca: return opaque(outline.firstHeaderPointer == .onlyIdleData ? "only idle data" : "service data unit (VCA)")
    case .bitstream: return bitstream()
    case .packet: break
    }
    if parameters.frameType == .aos { return multiplexed(before) }
    if parameters.frameType == .uslp { return accessPointData(before) }
    guard !outline.holdsServiceDataUnit, let pointer = outline.firstHeaderPointer else {
      return opaque("service data unit (VCA), by the synchronization flag")
    }
    return packets(SectionReader(unit, at: range.lowerBound, title: title("packets")), pointer, at: 37, before)
  }

  func title(_ content: String) -> String {
    "data field at \(range.lowerBound): \(content), \(Digits.bytes(range.count))"
  }

  /// A data field that is not looked into.
  private func opaque(_ content: String) -> Result {
    var reader = SectionReader(unit, at: range.lowerBound, title: title(content))
    if showsBytes { reader.dump(range) }
    return Result(sections: [reader.section], after: nil)
  }

  // MARK: Bitstream

  /// Standard: CCSDS 732.0-B-4 §4.1.4.3.
  private func bitstream() -> Result {
    guard parameters.frameType == .aos else { return opaque("bitstream") }
    var reader = SectionReader(unit, at: range.lowerBound, end: range.upperBound, title: title("bitstream (B_PDU)"))
    let bitCount = max(0, range.count - 2) * 8
    reader.field(2, "reserved spare") { $0 == 0 ? "0" : "\($0), should be 0" }
    let pointer = reader.field(14, "bitstream data pointer") {
      switch $0 {
      case 0x3FFF: "all \(bitCount) bits belong to the stream"
      case 0x3FFE: "only idle data"
      case UInt64(bitCount)...: String($0)
      default: "\($0), the first \($0 + 1) of \(bitCount) bits belong to the stream"
      }
    }
    if let pointer, pointer < 0x3FFE, pointer >= bitCount {
      reader.problem(
        "the bitstream data pointer points outside its zone", found: String(pointer), expected: "below \(bitCount)",
        hint: "the frame is damaged, or the channel carries no bitstream: check virtual_channels service")
    }
    reader.problemIfCutOff(hint: layoutHint)
    if showsBytes { reader.dump(reader.byteOffset..<max(reader.byteOffset, range.upperBound)) }
    return Result(sections: [reader.section], after: nil)
  }

  // MARK: Packets

  /// Standard: CCSDS 732.0-B-4 §4.1.4.2.
  private func multiplexed(_ before: PacketContext) -> Result {
    var reader = SectionReader(
      unit, at: range.lowerBound, end: range.upperBound, title: title("packets (M_PDU)"))
    let word = UInt16(unit.bits(at: range.lowerBound * 8, count: 16) ?? 0)
    // An 11-bit reader still knows the special values of 16 bits.
    let isWide = parameters.firstHeaderPointerBitCount == 16 || word >= 0xFFFE
    let pointer = isWide ? FirstHeaderPointer(sixteenBits: word) : FirstHeaderPointer(elevenBits: word)
    if !isWide {
      let spare = reader.field(5, "reserved spare")
      if let spare, spare != 0 {
        reader.problem(
          "the spare bits before the first header pointer are in use", found: Digits.raw(spare, bitCount: 5),
          expected: "0x00",
          hint: "set frames first_header_pointer_bits to 16 if they belong to it; otherwise " + layoutHint)
      }
    }
    reader.field(isWide ? 16 : 11, "first header pointer") { _ in FrameDissector.pointerMeaning(pointer) }
    reader.problemIfCutOff(hint: layoutHint)
    guard reader.missing == nil, range.count > 2 else {
      if reader.missing == nil { reader.note("no room for packets behind the header") }
      return Result(sections: [reader.section], after: .unknown("\(name.text) has no packet zone"))
    }
    return packets(reader, pointer, at: range.lowerBound * 8 + (isWide ? 0 : 5), before)
  }

  /// - Parameters:
  ///   - head: Stands where the packet zone begins.
  ///   - place: The bit of the pointer in the frame.
  func packets(
    _ head: SectionReader, _ pointer: FirstHeaderPointer, at place: Int, _ before: PacketContext
  ) -> Result {
    let zone = head.byteOffset..<range.upperBound
    var head = head
    switch pointer {
    case .onlyIdleData:
      head.note("\(Digits.bytes(zone.count)) of idle data")
      if showsBytes { head.dump(zone) }
      return Result(sections: [head.section], after: nil)
    case .noPacketStarts:
      let after = ZoneBeginning(unit, zone, endsHere: false).dissect(before, &head)
      if showsBytes { head.dump(zone) }
      return Result(sections: [head.section], after: after)
    case .offset(let offset) where offset >= zone.count:
      head.problem(
        "the first header pointer points outside the packet zone", found: String(offset),
        expected: "0 to \(zone.count - 1), or a special value",
        hint: "damaged; where every frame is so, " + layoutHint, atBit: place)
      head.note("\(Digits.bytes(zone.count)) discarded: where packets begin cannot be known")
      if showsBytes { head.dump(zone) }
      return Result(sections: [head.section], after: .unknown("the packets of \(name.text) could not be followed"))
    case .offset(let offset):
      let first = zone.lowerBound + offset
      _ = ZoneBeginning(unit, zone.lowerBound..<first, endsHere: true).dissect(before, &head)
      if showsBytes { head.dump(zone.lowerBound..<first) }
      let walked = walk(from: first)
      return Result(sections: [head.section] + walked.sections, after: walked.after)
    }
  }

  /// Dissects packet after packet up to the end of the zone.
  ///
  /// - Parameter spansUnits: Whether the last one may go on in the next frame.
  func walk(from first: Int, spansUnits: Bool = true) -> Result {
    let listed = parameters.listing(of: outline.key)?.maximumPacketByteCount
    let dissector = PacketDissector(
      unit: unit, end: range.upperBound, maximumPacketByteCount: listed ?? parameters.maximumPacketByteCount,
      spansUnits: spansUnits, showsBytes: showsBytes)
    var sections: [Dissection.Section] = []
    var origin = "the first header pointer points here; \(layoutHint)"
    var start = first
    while start < range.upperBound {
      let (section, outcome) = dissector.dissect(at: start, origin: origin)
      sections.append(section)
      switch outcome {
      case .whole(let end):
        origin = "the packet at \(start) ends here by its length, which may be damaged"
        start = end
      case .goesOn:
        var open = OpenPacket(frame: name, byteOffset: start)
        open.append(unit.received[start..<range.upperBound])
        return Result(sections: sections, after: .open(open))
      case .lost:
        let reason = "the packets of \(name.text) could not be followed to their end"
        return Result(sections: sections, after: .unknown(reason))
      }
    }
    return Result(sections: sections, after: .betweenPackets)
  }

  /// Which settings to look at when nothing in a data field makes sense.
  private var layoutHint: String {
    switch parameters.frameType {
    case .tm: "check type, length and service"
    case .aos, .uslp: "check type, ocf, insert_zone_length, header_error_control and service"
    }
  }
}
