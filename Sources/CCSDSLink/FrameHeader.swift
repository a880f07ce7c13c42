import CCSDSWire

/// What a frame of any protocol says about itself, as plain values.
struct FrameHeader {
  var key: VirtualChannelKey
  var count: UInt64
  /// 0 in a frame that carries no count.
  var countBitCount: Int
  /// TM only.
  var masterChannelCount: UInt8?
  /// TM: the frame itself says that its data field holds no packets.
  var holdsServiceDataUnit: Bool
  /// TM: where the first packet of the data field begins.
  var firstHeaderPointer: FirstHeaderPointer?
  var operationalControlField: OperationalControlField?
  /// Where the data field lies in the frame.
  var dataField: Range<Int>
  /// USLP: whose data the data field holds, and how.
  var access = AccessPointHeader()
  /// AOS: it was damaged, and is as its error control says that it was sent.
  var isMended = false

  init(_ frame: borrowing TMTransferFrame) {
    key = VirtualChannelKey(
      spacecraftID: frame.spacecraftID, virtualChannelID: frame.virtualChannelID)
    if let extended = frame.extendedVirtualChannelFrameCount {
      count = UInt64(extended)
      countBitCount = 32
    } else {
      count = UInt64(frame.virtualChannelFrameCount)
      countBitCount = 8
    }
    masterChannelCount = frame.masterChannelFrameCount
    holdsServiceDataUnit = frame.synchronizationFlag
    firstHeaderPointer = frame.synchronizationFlag ? nil : frame.firstHeaderPointer
    operationalControlField = frame.operationalControlField
    dataField = frame.dataFieldStart..<frame.dataFieldStart + frame.dataField.byteCount
  }

  init(_ frame: borrowing AOSTransferFrame) {
    key = VirtualChannelKey(
      spacecraftID: frame.spacecraftID, virtualChannelID: frame.virtualChannelID, isReplay: frame.replayFlag)
    count = UInt64(frame.virtualChannelFrameCount)
    countBitCount = frame.usesFrameCountCycle ? 28 : 24
    masterChannelCount = nil
    holdsServiceDataUnit = false
    firstHeaderPointer = nil
    operationalControlField = frame.operationalControlField
    dataField = frame.dataFieldStart..<frame.dataFieldStart + frame.dataField.byteCount
  }

  init(_ frame: borrowing USLPTransferFrame) {
    key = VirtualChannelKey(
      spacecraftID: frame.spacecraftID, virtualChannelID: frame.virtualChannelID, isExpedited: frame.isExpedited)
    count = frame.virtualChannelFrameCount
    countBitCount = frame.frameCountByteCount * 8
    masterChannelCount = nil
    holdsServiceDataUnit = false
    firstHeaderPointer = nil
    operationalControlField = frame.operationalControlField
    dataField = frame.dataFieldStart..<frame.dataFieldStart + frame.dataField.byteCount
    access = AccessPointHeader(
      id: frame.multiplexerAccessPointID, isTruncated: frame.isTruncated,
      carriesProtocolControl: frame.carriesProtocolControl)
  }
}

/// What a USLP frame says about the user of its data.
struct AccessPointHeader {
  var id = MultiplexerAccessPointID(0)
  var isTruncated = false
  var carriesProtocolControl = false
}
