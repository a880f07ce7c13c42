import SpacecraftSimulator

/// The fields of a frame, read from its bytes.
struct ReferenceFrame {
  let bytes: [UInt8]
  let name: VirtualChannelName
  let count: UInt32
  let modulus: UInt64
  let masterCount: UInt32?
  let isIdle: Bool
  /// Nil without a packet zone.
  let zone: Range<Int>?
  /// Where in the frame the first packet starts.
  let firstHeader: Int?

  init(_ bytes: [UInt8], _ parameters: ReceiverParameters) {
    self.bytes = bytes
    let end = bytes.count - (parameters.hasErrorControl ? 2 : 0)
    if parameters.frameType == .tm {
      let word = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
      name = VirtualChannelName(spacecraftID: word >> 4 & 0x3FF, virtualChannelID: UInt8(word >> 1 & 7))
      masterCount = UInt32(bytes[2])
      let status = UInt16(bytes[4]) << 8 | UInt16(bytes[5])
      var start = 6
      if status & 0x8000 != 0 { start += Int(bytes[6] & 0x3F) + 1 }
      if start == 10 {
        modulus = 1 << 32
        count = UInt32(bytes[7]) << 24 | UInt32(bytes[8]) << 16 | UInt32(bytes[9]) << 8 | UInt32(bytes[3])
      } else {
        modulus = 256
        count = UInt32(bytes[3])
      }
      let hasPackets = status & 0x4000 == 0
      let pointer = Int(status & 0x7FF)
      isIdle = hasPackets && pointer == 0x7FE
      zone = hasPackets && !isIdle ? start..<end - (word & 1 == 1 ? 4 : 0) : nil
      firstHeader = pointer < 0x7FE ? start + pointer : nil
    } else {
      let word = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
      var id = word >> 6 & 0xFF
      if parameters.spacecraftIDBitCount == 10 { id |= UInt16(bytes[5] >> 4 & 3) << 8 }
      let name = VirtualChannelName(spacecraftID: id, virtualChannelID: UInt8(word & 0x3F))
      self.name = name
      masterCount = nil
      let low = UInt32(bytes[2]) << 16 | UInt32(bytes[3]) << 8 | UInt32(bytes[4])
      modulus = bytes[5] & 0x40 == 0 ? 1 << 24 : 1 << 28
      count = bytes[5] & 0x40 == 0 ? low : low | UInt32(bytes[5] & 0xF) << 24
      isIdle = name.virtualChannelID == 63
      let start = 6 + (parameters.hasHeaderErrorControl ? 2 : 0) + parameters.insertZoneByteCount
      let pointer = UInt16(bytes[start]) << 8 | UInt16(bytes[start + 1])
      let none: UInt16 = parameters.firstHeaderPointerBitCount == 16 ? 0xFFFF : 0x07FF
      let hasPackets = !isIdle && !parameters.vcaChannels.contains(name)
      zone = hasPackets ? start + 2..<end - (parameters.hasOperationalControlField ? 4 : 0) : nil
      firstHeader = pointer == none ? nil : start + 2 + Int(pointer)
    }
  }
}
