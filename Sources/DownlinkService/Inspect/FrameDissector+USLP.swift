import CCSDSLink
import CCSDSWire

/// The headers of USLP Transfer Frames.
extension FrameDissector {
  /// Standard: CCSDS 732.1-B-3 §4.1.2, annex D for truncated frames.
  ///
  /// - Returns: Nil when the frame ends in the headers.
  func uslpHeader(_ unit: UnitBytes, _ dissection: inout Dissection) -> FrameOutline? {
    var reader = SectionReader(unit, at: 0, title: "primary header")
    let version = reader.field(4, "transfer frame version number") { $0 == 0b1100 ? "USLP" : "not USLP" }
    var isSound = checkUSLPVersion(version, unit, &reader)
    let key = uslpKey(unit)
    reader.field(16, "spacecraft ID")
    if reader.missing == nil { isSound = checkSpacecraft(key.spacecraftID, &reader) && isSound }
    reader.field(1, "source-or-destination ID") {
      $0 == 0 ? "the spacecraft is the source" : "the spacecraft is the destination"
    }
    reader.field(6, "virtual channel ID") { $0 == 63 ? "63, only idle data" : "\($0)\(nameRemark(key))" }
    if reader.missing == nil { checkListing(key, &reader) }
    let accessPoint = reader.field(4, "multiplexer access point ID")
    let isTruncated =
      reader.field(1, "end of primary header flag") { $0 == 0 ? "a whole header" : "truncated" } == 1
    var outline = FrameOutline(
      key: key, count: 0, countBitCount: 0, dataFieldStart: 4, hasControlField: false, isSound: isSound)
    outline.accessPoint = UInt8(accessPoint ?? 0)
    outline.isTruncated = isTruncated
    if isTruncated {
      checkTruncated(unit, key, &outline, &reader)
    } else {
      uslpLengthAndFlags(unit, &outline, &reader)
    }
    reader.problemIfCutOff(hint: "too short for a USLP frame: check frames length")
    dissection.sections.append(reader.section)
    guard reader.missing == nil else { return nil }
    if !isTruncated, !parameters.hasVariableLength {
      insertZone(unit, at: outline.dataFieldStart, &dissection)
      outline.dataFieldStart += parameters.insertZoneByteCount
    }
    return outline
  }

  private func uslpLengthAndFlags(_ unit: UnitBytes, _ outline: inout FrameOutline, _ reader: inout SectionReader) {
    let length = reader.field(16, "frame length") { "\(Digits.bytes(Int($0) + 1)) in all" }
    if let length, Int(length) + 1 != unit.byteCount {
      outline.isSound = false
      reader.problem(
        "the frame is not as long as it says", found: Digits.bytes(unit.byteCount), expected: String(length + 1),
        hint: parameters.hasVariableLength
          ? "damaged or cut off; or this is not the beginning of a frame"
          : "damaged, or frames length is wrong; for lengths that vary set min_length and max_length")
    }
    reader.field(1, "bypass/sequence control flag") { $0 == 0 ? "sequence-controlled" : "expedited" }
    reader.field(1, "protocol control command flag") { $0 == 0 ? "user data" : "protocol control" }
    let spare = reader.field(2, "reserved spare")
    if let spare, spare != 0 {
      reader.problem(
        "the spare bits are in use", found: Digits.raw(spare, bitCount: 2), expected: "00",
        hint: "the link takes the frame all the same; the sender breaks the standard")
    }
    let controlFlag = reader.field(1, "operational control field flag") { $0 == 0 ? "absent" : "present" }
    outline.hasControlField = controlFlag == 1
    let countByteCount = Int(
      reader.field(3, "VCF count length") { $0 == 0 ? "no count, no losses to be seen" : Digits.bytes(Int($0)) } ?? 0)
    outline.dataFieldStart = 7 + countByteCount
    guard countByteCount > 0 else { return }
    outline.countBitCount = countByteCount * 8
    let key = outline.key
    outline.count =
      reader.field(countByteCount * 8, "virtual channel frame count") {
        "\($0)" + countRemark(key, $0, bitCount: countByteCount * 8)
      } ?? 0
  }

  private func checkTruncated(
    _ unit: UnitBytes, _ key: ChannelKey, _ outline: inout FrameOutline, _ reader: inout SectionReader
  ) {
    let managed = parameters.listing(of: key)?.truncatedFrameByteCount
    guard managed != unit.byteCount else { return }
    outline.isSound = false
    reader.problem(
      managed == nil ? "the virtual channel has no truncated frames" : "the length of a truncated frame is another one",
      found: Digits.bytes(unit.byteCount), expected: managed.map(String.init) ?? "a whole header",
      hint: "set virtual_channels truncated_length if it has them; otherwise the frame is damaged")
  }

  private func checkUSLPVersion(_ version: UInt64?, _ unit: UnitBytes, _ reader: inout SectionReader) -> Bool {
    noteSyncMarker(unit, &reader)
    guard let version, version != 0b1100 else { return true }
    reader.problem(
      "another transfer frame protocol", found: Digits.raw(version, bitCount: 4), expected: "0xc (USLP)",
      hint: Self.versionHint(version >> 2))
    return false
  }

  private func uslpKey(_ unit: UnitBytes) -> ChannelKey {
    let isTruncated = unit.bits(at: 31, count: 1) == 1
    return ChannelKey(
      spacecraftID: SpacecraftID(UInt16(unit.bits(at: 4, count: 16) ?? 0)),
      virtualChannelID: VirtualChannelID(UInt8(unit.bits(at: 21, count: 6) ?? 0)), isReplay: false,
      isExpedited: isTruncated || unit.bits(at: 48, count: 1) == 1)
  }
}
