import CCSDSCoding
import CCSDSLink
import CCSDSWire

/// The headers of AOS Transfer Frames.
extension FrameDissector {
  /// Standard: CCSDS 732.0-B-4 §4.1.2.
  ///
  /// - Parameter unit: Its header is repaired where header error control can.
  /// - Returns: Nil when the frame ends in the headers.
  func aosHeader(_ unit: inout UnitBytes, _ dissection: inout Dissection) -> FrameOutline? {
    let outcome = headerErrorControl(&unit)
    var reader = SectionReader(unit, at: 0, title: "primary header")
    let version = reader.field(2, "transfer frame version number", Self.versionMeaning)
    var isSound = checkVersion(version, unit, &reader) && outcome != .uncorrectable
    let key = aosKey(unit)
    reader.field(8, "spacecraft ID") {
      UInt64(key.spacecraftID.rawValue) == $0
        ? String($0) : "\(key.spacecraftID.rawValue), with the two upper bits below"
    }
    if reader.missing == nil { isSound = checkSpacecraft(key.spacecraftID, &reader) && isSound }
    reader.field(6, "virtual channel ID") {
      $0 == 63 ? "63, only idle data" : "\($0)\(nameRemark(key))"
    }
    if reader.missing == nil { checkListing(key, &reader) }
    let usesCycle = unit.bits(at: 41, count: 1) == 1
    let cycle = usesCycle ? unit.bits(at: 44, count: 4) ?? 0 : 0
    let bitCount = usesCycle ? 28 : 24
    let count = reader.field(24, "virtual channel frame count") {
      let whole = cycle << 24 | $0
      return (usesCycle ? "\(whole) with its cycle" : "\(whole)") + countRemark(key, whole, bitCount: bitCount)
    }
    signalingField(&reader)
    if parameters.hasHeaderErrorControl {
      reader.field(16, "frame header error control") { _ in Self.meaning(outcome) }
      if reader.missing == nil, outcome == .uncorrectable { headerProblem(unit, &reader) }
    }
    let headerByteCount = reader.byteOffset
    reader.problemIfCutOff(hint: "too short for an AOS frame: check frames length")
    dissection.sections.append(reader.section)
    guard let count, reader.missing == nil else { return nil }
    insertZone(unit, at: headerByteCount, &dissection)
    return FrameOutline(
      key: key, count: cycle << 24 | count, countBitCount: bitCount,
      dataFieldStart: headerByteCount + parameters.insertZoneByteCount,
      hasControlField: parameters.hasOperationalControlField, isSound: isSound)
  }

  private func signalingField(_ reader: inout SectionReader) {
    reader.field(1, "replay flag") { $0 == 0 ? "live" : "played back from a recorder" }
    let usesCycle = reader.field(1, "VC frame count cycle use flag") { $0 == 0 ? "not in use" : "in use" } == 1
    if parameters.spacecraftIDBitCount == 10 {
      reader.field(2, "spacecraft ID, upper bits")
    } else {
      let spare = reader.field(2, "reserved spare")
      if let spare, spare != 0 {
        reader.problem(
          "the spare bits are in use", found: Digits.raw(spare, bitCount: 2), expected: "00",
          hint: "set frames spacecraft_id_bits to 10 if the spacecraft has a 10-bit identifier")
      }
    }
    reader.field(4, "VC frame count cycle") { usesCycle || $0 == 0 ? String($0) : "\($0), ignored" }
  }

  private func aosKey(_ unit: UnitBytes) -> ChannelKey {
    let low = unit.bits(at: 2, count: 8) ?? 0
    let high = parameters.spacecraftIDBitCount == 10 ? unit.bits(at: 42, count: 2) ?? 0 : 0
    return ChannelKey(
      spacecraftID: SpacecraftID(UInt16(high << 8 | low)),
      virtualChannelID: VirtualChannelID(UInt8(unit.bits(at: 10, count: 6) ?? 0)),
      isReplay: unit.bits(at: 40, count: 1) == 1)
  }

  // MARK: Header error control

  /// What header error control says, its repairs made; intact where there is none.
  private func headerErrorControl(_ unit: inout UnitBytes) -> AOSFrameHeaderErrorControl.Outcome {
    guard parameters.hasHeaderErrorControl,
      let received = unsafe AOSFrameHeaderErrorControl.ProtectedHeader(frame: unit.received.span.bytes)
    else { return .intact }
    let outcome = AOSFrameHeaderErrorControl.decode(received)
    if case .corrected(_, let header) = outcome {
      unit.repair([UInt8(header.identifiers >> 8), UInt8(header.identifiers & 0xFF)], at: 0)
      unit.repair([header.signaling, UInt8(header.parity >> 8), UInt8(header.parity & 0xFF)], at: 5)
    }
    return outcome
  }

  private static func meaning(_ outcome: AOSFrameHeaderErrorControl.Outcome) -> String {
    switch outcome {
    case .intact: "ok"
    case .corrected(let symbolCount, _): "corrected, \(Digits.plural(symbolCount, "symbol")) of 4 bits"
    case .uncorrectable: "BAD"
    }
  }

  private func headerProblem(_ unit: UnitBytes, _ reader: inout SectionReader) {
    let header = AOSFrameHeaderErrorControl.ProtectedHeader(
      identifiers: UInt16(unit.receivedBits(at: 0, count: 16) ?? 0),
      signaling: UInt8(unit.receivedBits(at: 40, count: 8) ?? 0), parity: 0)
    reader.problem(
      "the header cannot be corrected", found: Digits.raw(unit.receivedBits(at: 48, count: 16) ?? 0, bitCount: 16),
      expected: Digits.raw(UInt64(AOSFrameHeaderErrorControl.parity(of: header)), bitCount: 16),
      hint: "damaged; where every frame is bad, set frames header_error_control to false")
  }

  // MARK: Insert zone

  /// Standard: CCSDS 732.0-B-4 §4.1.3, CCSDS 732.1-B-3 §4.1.3.
  func insertZone(_ unit: UnitBytes, at start: Int, _ dissection: inout Dissection) {
    let byteCount = parameters.insertZoneByteCount
    guard byteCount > 0 else { return }
    var reader = SectionReader(unit, at: start, title: "insert zone")
    reader.bytes(byteCount, "insert zone")
    if showsBytes { reader.dump(start..<start + byteCount) }
    reader.problemIfCutOff(hint: "the frame is too short, or insert_zone_length is wrong")
    dissection.sections.append(reader.section)
  }
}
