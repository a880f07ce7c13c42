import CCSDSWire

/// What a frame of any protocol says about itself, as plain values.
struct FrameHeader {
  var key: VirtualChannelKey
  var count: UInt32
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

  init(_ frame: borrowing TMTransferFrame) {
    key = VirtualChannelKey(
      spacecraftID: frame.spacecraftID, virtualChannelID: frame.virtualChannelID, isReplay: false)
    if let extended = frame.extendedVirtualChannelFrameCount {
      count = extended
      countBitCount = 32
    } else {
      count = UInt32(frame.virtualChannelFrameCount)
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
    count = frame.virtualChannelFrameCount
    countBitCount = frame.usesFrameCountCycle ? 28 : 24
    masterChannelCount = nil
    holdsServiceDataUnit = false
    firstHeaderPointer = nil
    operationalControlField = frame.operationalControlField
    dataField = frame.dataFieldStart..<frame.dataFieldStart + frame.dataField.byteCount
  }
}
