import CCSDSWire

/// One user of a USLP virtual channel: the packet and the service data unit that it is in.
struct AccessPoint {
  private(set) var id: MultiplexerAccessPointID
  var packets: PacketAssembler
  var serviceData: ServiceDataAssembler
}

/// What the data field of an accepted USLP frame holds, as plain values.
struct AccessPointContent {
  let id: MultiplexerAccessPointID
  let rule: ConstructionRule
  let protocolID: USLPProtocolID
  /// Where the zone lies in the frame.
  let zone: Range<Int>
  /// Under rule 0: where the first packet begins in the zone.
  let firstHeaderPointer: FirstHeaderPointer?
  /// Under rules 1 and 2: how much of the zone belongs to the unit that ends in it, if one does.
  let lastPartByteCount: Int?
  /// What is wrong with it, if something is: nothing can be made of the zone.
  let defect: ZoneDiscard?

  /// Whether the bytes are of packets, or would be.
  var isForPackets: Bool { protocolID == .packets }
}

extension AccessPointContent {
  /// Reads the data field of a frame, whatever it is.
  init(_ frame: RawSpan, _ header: FrameHeader) {
    id = header.access.id
    do throws(WireError) {
      let field = try TransferFrameDataField(
        validating: frame.extracting(header.dataField), isTruncated: header.access.isTruncated)
      rule = field.constructionRule
      protocolID = field.protocolID
      zone = header.dataField.upperBound - field.zone.byteCount..<header.dataField.upperBound
      firstHeaderPointer = field.firstHeaderPointer
      lastPartByteCount = field.lastPartByteCount
      defect = Self.isPossible(rule, protocolID, header.access) ? nil : .dataField
    } catch {
      let first = header.dataField.isEmpty ? 0 : frame.byte(at: header.dataField.lowerBound)
      rule = ConstructionRule(bits: first >> 5)
      protocolID = USLPProtocolID(first & 0x1F)
      zone = header.dataField
      firstHeaderPointer = nil
      lastPartByteCount = nil
      if case .overrun(.firstHeaderPointer, _, _) = error {
        defect = .firstHeaderPointer
      } else {
        defect = .dataField
      }
    }
  }

  /// Whether data of this protocol come in frames of this rule.
  private static func isPossible(
    _ rule: ConstructionRule, _ protocolID: USLPProtocolID, _ header: AccessPointHeader
  ) -> Bool {
    guard !protocolID.isReserved else { return false }
    switch rule {
    case .packetsSpanningFrames: return protocolID == .packets && !header.carriesProtocolControl
    case .startOfServiceDataUnit, .continuationOfServiceDataUnit:
      return protocolID != .packets && protocolID != .octetStream
    case .octetStream: return protocolID == .octetStream && !header.carriesProtocolControl
    case .startingSegment, .continuingSegment, .lastSegment, .noSegmentation:
      return protocolID != .octetStream && !(protocolID == .packets && header.carriesProtocolControl)
    }
  }
}

extension AccessPoint {
  /// An access point of which nothing is known.
  init(id: MultiplexerAccessPointID, maximumPacketByteCount: Int, _ limits: LinkLimits) {
    self.init(
      id: id, packets: PacketAssembler(maximumPacketByteCount: maximumPacketByteCount),
      serviceData: ServiceDataAssembler(maximumByteCount: limits.maximumServiceDataUnitByteCount))
  }

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    id.archive(&archive)
    packets.archive(&archive)
    serviceData.archive(&archive)
  }
}
