/// What goes into the header of a frame.
package struct FrameFields: Sendable, Equatable {
  package var spacecraftID: UInt16
  package var virtualChannelID: UInt8
  /// TM.
  package var masterChannelFrameCount: UInt8 = 0
  /// 8 or 32 bits in TM, 24 or 28 in AOS, up to 56 in USLP.
  package var virtualChannelFrameCount: UInt64 = 0
  /// AOS: the frame comes from a recorder.
  package var isReplay = false
  /// AOS: the count has 28 bits.
  package var usesCountCycle = false
  /// TM.
  package var secondaryHeader = SecondaryHeaderPlan.none
  /// What the first 16 bits of the data field of AOS say, and the last of the header of TM.
  package var pointer = FrameWriter.Pointer.vca(0)
  /// USLP.
  package var dataField = USLPDataField()

  package init(spacecraftID: UInt16, virtualChannelID: UInt8) {
    self.spacecraftID = spacecraftID
    self.virtualChannelID = virtualChannelID
  }
}

/// Writes the fields of frames around a data field that is there already.
///
///     TM   |TFVN 2|SCID 10|VCID 3|OCF 1|MC count 8|VC count 8|SH 1|sync 1|order 1|segment 2|pointer 11|
///     AOS  |TFVN 2|SCID 8|VCID 6|VC count 24|replay 1|cycle used 1|SCID 2|cycle 4| (header error control 16)
///     USLP |TFVN 4|SCID 16|destination 1|VCID 6|MAP ID 4|end 1| and, not truncated,
///          |length 16|bypass 1|command 1|spare 2|OCF 1|count length 3|count|
package struct FrameWriter: Sendable {
  /// What is to be said of the data field's start.
  package enum Pointer: Sendable, Equatable {
    /// A packet starts so many bytes into the packet zone.
    case firstHeader(Int)
    /// Packet bytes, but no packet starts.
    case noStart
    case onlyIdleData
    /// No packets; the value fills TM's undefined pointer bits.
    case vca(UInt16)
  }

  private let link: LinkPlan
  private let code: FrameErrorControlCode

  package init(link: LinkPlan) {
    self.link = link
    code = FrameErrorControlCode()
  }

  /// Writes everything before the data field, and AOS's M_PDU header.
  package func writeHeader(_ fields: FrameFields, layout: FrameLayout, to frame: inout [UInt8]) {
    switch link.frameType {
    case .tm: writeTMHeader(fields, to: &frame)
    case .aos: writeAOSHeader(fields, layout: layout, to: &frame)
    case .uslp: writeUSLPHeader(fields, layout: layout, to: &frame)
    }
  }

  /// Writes the operational control field.
  package func writeOperationalControl(_ word: UInt32, layout: FrameLayout, to frame: inout [UInt8]) {
    guard let offset = layout.operationalControlOffset else { return }
    frame.store(UInt16(truncatingIfNeeded: word >> 16), at: offset)
    frame.store(UInt16(truncatingIfNeeded: word), at: offset + 2)
  }

  /// Writes the error control field over all that is before it.
  package func seal(_ frame: inout [UInt8], layout: FrameLayout) {
    guard let offset = layout.errorControlOffset else { return }
    if link.hasLongErrorControl {
      let remainder = LongErrorControlCode.remainder(of: frame, byteCount: offset)
      frame.store(UInt16(truncatingIfNeeded: remainder >> 16), at: offset)
      frame.store(UInt16(truncatingIfNeeded: remainder), at: offset + 2)
    } else {
      frame.store(code.remainder(of: frame, byteCount: offset), at: offset)
    }
  }

  /// Whether the error control field fits the frame; true where there is none.
  package func isSealed(_ frame: [UInt8]) -> Bool {
    if !link.hasErrorControl { return true }
    if link.hasLongErrorControl { return LongErrorControlCode.remainder(of: frame, byteCount: frame.count) == 0 }
    return code.remainder(of: frame, byteCount: frame.count) == 0
  }

  /// Writes another version number, and all error control fields anew.
  package func changeVersion(_ version: UInt8, of frame: inout [UInt8], layout: FrameLayout) {
    frame[0] = frame[0] & 0x3F | version << 6
    writeHeaderErrorControl(layout, to: &frame)
    seal(&frame, layout: layout)
  }

  private func writeTMHeader(_ fields: FrameFields, to frame: inout [UInt8]) {
    let identifiers = fields.spacecraftID << 4 | UInt16(fields.virtualChannelID) << 1
    frame.store(identifiers | (link.hasOperationalControlField ? 1 : 0), at: 0)
    frame[2] = fields.masterChannelFrameCount
    frame[3] = UInt8(truncatingIfNeeded: fields.virtualChannelFrameCount)
    let status: UInt16 =
      switch fields.pointer {
      case .firstHeader(let offset): 0x1800 | UInt16(offset)
      case .noStart: 0x1FFF
      case .onlyIdleData: 0x1FFE
      case .vca(let undefined): 0x4000 | undefined & 0x3FFF
      }
    frame.store(status | (fields.secondaryHeader == .none ? 0 : 0x8000), at: 4)
    guard fields.secondaryHeader != .none else { return }
    let byteCount = fields.secondaryHeader.byteCount
    frame[6] = UInt8(byteCount - 1)
    for offset in 7..<6 + byteCount {
      let bits = UInt64(8 * (6 + byteCount - offset))
      frame[offset] =
        fields.secondaryHeader == .extendedCount
        ? UInt8(truncatingIfNeeded: fields.virtualChannelFrameCount >> bits) : UInt8(truncatingIfNeeded: offset)
    }
  }

  private func writeAOSHeader(_ fields: FrameFields, layout: FrameLayout, to frame: inout [UInt8]) {
    let count = fields.virtualChannelFrameCount
    frame.store(0x4000 | (fields.spacecraftID & 0xFF) << 6 | UInt16(fields.virtualChannelID), at: 0)
    frame[2] = UInt8(truncatingIfNeeded: count >> 16)
    frame.store(UInt16(truncatingIfNeeded: count), at: 3)
    var signaling = UInt8(truncatingIfNeeded: fields.spacecraftID >> 8) << 4
    if fields.isReplay { signaling |= 0x80 }
    if fields.usesCountCycle { signaling |= 0x40 | UInt8(truncatingIfNeeded: count >> 24) & 0xF }
    frame[5] = signaling
    writeHeaderErrorControl(layout, to: &frame)
    let reserved: UInt16 = link.firstHeaderPointerBitCount == 16 ? 0xF800 : 0
    switch fields.pointer {
    case .firstHeader(let offset): frame.store(UInt16(offset), at: layout.dataField.lowerBound)
    case .noStart: frame.store(reserved | 0x07FF, at: layout.dataField.lowerBound)
    case .onlyIdleData, .vca: break
    }
  }

  private func writeHeaderErrorControl(_ layout: FrameLayout, to frame: inout [UInt8]) {
    guard let offset = layout.headerErrorControlOffset else { return }
    let identifiers = UInt16(frame[0]) << 8 | UInt16(frame[1])
    frame.store(HeaderErrorControlCode.parity(identifiers: identifiers, signaling: frame[5]), at: offset)
  }
}
