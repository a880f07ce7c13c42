import CCSDSCoding
import CCSDSLink
import CCSDSWire

/// What our views read in a frame of the vectors, under the vectors' names for it, and the link that would take it.
struct VectorFrame {
  private(set) var fields: [String: String] = [:]
  private(set) var parameters: PhysicalChannelParameters

  init(_ id: String, _ bytes: [UInt8]) throws {
    let type = id.hasPrefix("TM") ? TransferFrameType.tm : id.hasPrefix("AOS") ? .aos : .uslp
    parameters = PhysicalChannelParameters(frameType: type, frameByteCount: bytes.count)
    parameters.errorControl = .crc16
    fields["fecf"] = Hexadecimal.text(
      UInt64(CRC16.checksum(of: unsafe bytes.span.bytes.extracting(0..<bytes.count - 2))), byteCount: 2)
    switch type {
    case .tm: try readTM(unsafe bytes.span.bytes)
    case .aos: try readAOS(unsafe bytes.span.bytes, id)
    case .uslp: try readUSLP(unsafe bytes.span.bytes, id)
    }
    if fields["scid"] == nil { fields["scid"] = String(spacecraft) }
    parameters.spacecraftIDs = [SpacecraftID(spacecraft)]
  }

  private var spacecraft: UInt16 = 0

  private mutating func set(_ name: String, _ value: (some FixedWidthInteger)?) {
    fields[name] = value.map { String($0) }
  }

  private mutating func set(_ name: String, _ value: Bool) { fields[name] = value ? "1" : "0" }

  // MARK: TM

  private mutating func readTM(_ bytes: RawSpan) throws {
    let frame = try TMTransferFrame(validating: bytes, errorControlByteCount: 2)
    spacecraft = frame.spacecraftID.rawValue
    set("tfvn", 0)
    set("vcid", frame.virtualChannelID.rawValue)
    set("ocf_flag", frame.hasOperationalControlField)
    set("mcfc", frame.masterChannelFrameCount)
    set("vcfc", frame.virtualChannelFrameCount)
    set("sec_hdr", frame.hasSecondaryHeader)
    set("sync", frame.synchronizationFlag)
    set("fhp", Self.number(frame.firstHeaderPointer, none: 2047, idle: 2046))
    set("idle", frame.firstHeaderPointer == .onlyIdleData)
    set("data_offset", frame.dataFieldStart)
    set("data_len", frame.dataField.byteCount)
    set("extended_vcfc", frame.extendedVirtualChannelFrameCount)
    fields["sec_hdr_data"] = Hexadecimal.text(Recorder.copy(frame.secondaryHeaderData))
    set("sec_hdr_total_octets", frame.secondaryHeaderData.byteCount + 1)
    fields["sec_hdr_id"] = Hexadecimal.text(UInt64(frame.secondaryHeaderData.byteCount), byteCount: 1)
    fields["ocf"] = Self.word(frame.operationalControlField)
    // What the link does not ask for: it neither believes nor refuses these bits.
    let status = bytes.uint16(at: 4)
    set("order", status >> 13 & 1)
    set("seglen", status >> 11 & 3)
    set("fhp_raw", status & 0x7FF)
  }

  // MARK: AOS

  private mutating func readAOS(_ bytes: RawSpan, _ id: String) throws {
    let hasEverything = id == "AOS mpdu-fhec-iz-ocf"
    parameters.hasHeaderErrorControl = hasEverything || id == "AOS issue5-scid10"
    parameters.insertZoneByteCount = hasEverything ? 3 : 0
    parameters.hasOperationalControlField = hasEverything
    parameters.spacecraftIDBitCount = id == "AOS issue5-scid10" ? 10 : 8
    var layout = AOSFrameLayout(
      hasHeaderErrorControl: parameters.hasHeaderErrorControl, insertZoneByteCount: parameters.insertZoneByteCount,
      hasOperationalControlField: hasEverything, errorControlByteCount: 2)
    let narrow = try AOSTransferFrame(validating: bytes, layout: layout)
    set("scid_issue4_reading", narrow.spacecraftID.rawValue)
    layout.spacecraftIDBitCount = parameters.spacecraftIDBitCount
    let frame = try AOSTransferFrame(validating: bytes, layout: layout)
    spacecraft = frame.spacecraftID.rawValue
    set("tfvn", 1)
    set("vcid", frame.virtualChannelID.rawValue)
    set("vcfc", frame.virtualChannelFrameCount & 0xFF_FFFF)
    set("vcfc28", frame.virtualChannelFrameCount)
    set("replay", frame.replayFlag)
    set("cycle_use", frame.usesFrameCountCycle)
    set("cycle", frame.virtualChannelFrameCount >> 24)
    fields["insert_zone"] = Hexadecimal.text(Recorder.copy(frame.insertZone))
    fields["ocf"] = Self.word(frame.operationalControlField)
    if parameters.hasHeaderErrorControl, let header = AOSFrameHeaderErrorControl.ProtectedHeader(frame: bytes) {
      fields["fhec"] = Hexadecimal.text(UInt64(AOSFrameHeaderErrorControl.parity(of: header)), byteCount: 2)
    }
    readDataField(frame, id)
  }

  private mutating func readDataField(_ frame: borrowing AOSTransferFrame, _ id: String) {
    if let unit = try? MultiplexingProtocolDataUnit(validating: frame.dataField) {
      set("fhp", Self.number(unit.firstHeaderPointer, none: 2047, idle: 2046))
      set("idle", unit.firstHeaderPointer == .onlyIdleData || frame.virtualChannelID == .onlyIdleData)
      set("packet_zone_offset", frame.dataFieldStart + 2)
      set("packet_zone_end", frame.dataFieldStart + 2 + unit.packetZone.byteCount)
    }
    if id.hasPrefix("AOS bpdu"), let unit = try? BitstreamProtocolDataUnit(validating: frame.dataField) {
      let isFull = unit.validBitCount == unit.bitstreamZone.byteCount * 8
      set("all_valid", isFull)
      set("bdp", isFull ? 0x3FFF : unit.validBitCount - 1)
    }
  }

  // MARK: USLP

  private mutating func readUSLP(_ bytes: RawSpan, _ id: String) throws {
    let isTruncated = id == "USLP truncated"
    parameters.insertZoneByteCount = id == "USLP rule000-ocf-iz" ? 4 : 0
    if isTruncated {
      var channel = VirtualChannelParameters(virtualChannelID: VirtualChannelID(1))
      channel.truncatedFrameByteCount = 8
      parameters.virtualChannels = [channel]
    }
    let layout = USLPFrameLayout(
      insertZoneByteCount: parameters.insertZoneByteCount, errorControlByteCount: 2)
    let frame = try USLPTransferFrame(
      validating: bytes, layout: layout, truncatedFrameByteCount: isTruncated ? 8 : nil)
    spacecraft = frame.spacecraftID.rawValue
    set("tfvn", 12)
    set("src_dst", frame.isForSpacecraft)
    set("vcid", frame.virtualChannelID.rawValue)
    set("map", frame.multiplexerAccessPointID.rawValue)
    set("eofph", frame.isTruncated)
    // The view exists only where this is so.
    set("frame_len_field", bytes.byteCount - 1)
    set("bypass", frame.isExpedited)
    set("pcc", frame.carriesProtocolControl)
    set("ocf_flag", frame.hasOperationalControlField)
    set("vcf_len", frame.frameCountByteCount)
    set("vcf", frame.virtualChannelFrameCount)
    fields["insert_zone"] = Hexadecimal.text(Recorder.copy(frame.insertZone))
    fields["ocf"] = Self.word(frame.operationalControlField) ?? "0"
    try readDataField(
      TransferFrameDataField(validating: frame.dataField, isTruncated: frame.isTruncated))
  }

  private mutating func readDataField(_ field: borrowing TransferFrameDataField) throws {
    set("rule", field.constructionRule.rawValue)
    set("upid", field.protocolID.rawValue)
    let zone = Recorder.copy(field.zone)
    fields["tfdz"] = Hexadecimal.text(zone)
    if field.constructionRule == .packetsSpanningFrames {
      set("fhp", field.firstHeaderPointer.map { Self.number($0, none: 65_535, idle: 65_534) })
    } else {
      set("lvop", field.lastPartByteCount.map { $0 - 1 } ?? 65_535)
    }
    fields["sdu"] = Hexadecimal.text(Array(zone.prefix(field.lastPartByteCount ?? zone.count)))
  }

  // MARK: Both

  private static func number(_ pointer: FirstHeaderPointer, none: Int, idle: Int) -> Int {
    switch pointer {
    case .offset(let offset): offset
    case .noPacketStarts: none
    case .onlyIdleData: idle
    }
  }

  private static func word(_ field: OperationalControlField?) -> String? {
    switch field {
    case .linkControlWord(let word): Hexadecimal.text(UInt64(word.word), byteCount: 4)
    case .frameSecurityReport(let report): Hexadecimal.text(UInt64(report.word), byteCount: 4)
    case .projectSpecific(let word): Hexadecimal.text(UInt64(word), byteCount: 4)
    case nil: nil
    }
  }
}
