import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth

/// What may be changed where a frame is accepted and what is in it makes no sense.
extension FrameEdits {
  /// Longer insert zones are not looked for.
  private static let largestInsertZoneByteCount = 64

  func zones(_ reading: FrameReading, _ frame: [UInt8]) -> [FrameReading?] {
    let parameters = reading.parameters
    var readings: [FrameReading?] = []
    if parameters.errorControl == .none, ErrorControlKernel.isIntact(frame: unsafe frame.span.bytes) {
      readings.append(
        reading.changing([ConfigurationSetting("coding.error_control", "crc16")]) { $0.errorControl = .crc16 })
    }
    readings += [longerPackets(reading), otherService(reading, frame)]
    if parameters.frameType == .aos { readings += headers(reading) }
    if parameters.frameType != .tm, !parameters.hasVariableLength {
      readings += (0...Self.largestInsertZoneByteCount).filter { $0 != parameters.insertZoneByteCount }.map { count in
        reading.changing([ConfigurationSetting("frames.insert_zone_length", count == 0 ? nil : "\(count)")]) {
          $0.insertZoneByteCount = count
        }
      }
    }
    return readings
  }

  /// AOS: what no frame says of itself.
  private func headers(_ reading: FrameReading) -> [FrameReading?] {
    let parameters = reading.parameters
    let value: (Bool) -> String? = { $0 ? "true" : nil }
    return [
      reading.changing([ConfigurationSetting("frames.ocf", value(!parameters.hasOperationalControlField))]) {
        $0.hasOperationalControlField.toggle()
      },
      reading.changing([
        ConfigurationSetting("frames.header_error_control", value(!parameters.hasHeaderErrorControl))
      ]) { $0.hasHeaderErrorControl.toggle() },
    ]
  }

  private func longerPackets(_ reading: FrameReading) -> FrameReading? {
    let largest = PacketStreamParameters.largestPacketByteCount
    guard reading.parameters.maximumPacketByteCount < largest else { return nil }
    return reading.changing([ConfigurationSetting("packets.max_packet_length", "\(largest)")]) {
      $0.maximumPacketByteCount = largest
    }
  }

  /// A channel without packets.
  private func otherService(_ reading: FrameReading, _ frame: [UInt8]) -> FrameReading? {
    guard let identity = FrameName.identity(of: frame, reading.parameters), reading.parameters.frameType != .uslp
    else { return nil }
    var channel = VirtualChannelParameters(virtualChannelID: identity.virtualChannel)
    channel.service = .vca
    let text = "{ vcid: \(identity.virtualChannel.rawValue), service: vca }"
    return reading.changing([ConfigurationSetting("virtual_channels[]", text)]) {
      $0.virtualChannels.removeAll { $0.virtualChannelID == channel.virtualChannelID }
      $0.virtualChannels.append(channel)
    }
  }
}

extension FrameName {
  /// Whose a frame says it is, by its header.
  ///
  /// Standard: CCSDS 132.0-B-3 §4.1.2.2, CCSDS 732.0-B-4 §4.1.2.2, CCSDS 732.1-B-3 §4.1.2.2.
  static func identity(
    of frame: [UInt8], _ parameters: PhysicalChannelParameters
  ) -> (spacecraft: SpacecraftID, virtualChannel: VirtualChannelID)? {
    guard frame.count >= PhysicalChannelParameters.smallestFrameByteCount else { return nil }
    let word = UInt16(frame[0]) << 8 | UInt16(frame[1])
    switch parameters.frameType {
    case .tm: return (SpacecraftID(word >> 4 & 0x3FF), VirtualChannelID(UInt8(word >> 1 & 0b111)))
    case .aos:
      let high = parameters.spacecraftIDBitCount == 10 ? UInt16(frame[5] >> 4 & 0b11) << 8 : 0
      return (SpacecraftID(high | word >> 6 & 0xFF), VirtualChannelID(UInt8(word & 0x3F)))
    case .uslp:
      let id = UInt16(frame[0] & 0xF) << 12 | UInt16(frame[1]) << 4 | UInt16(frame[2] >> 4)
      return (SpacecraftID(id), VirtualChannelID((frame[2] & 0b111) << 3 | frame[3] >> 5))
    }
  }
}
