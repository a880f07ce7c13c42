import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth

/// What may be changed about a physical channel when a frame is not accepted, the likeliest first.
struct FrameEdits {
  /// Spacecraft whose frames are accepted stay in the list.
  let keepsSpacecraft: Bool

  /// Ways to read the frame that go on from this one.
  func readings(after reading: FrameReading, _ judgement: FrameJudgement, _ frame: [UInt8]) -> [FrameReading] {
    let changed: [FrameReading?] =
      switch judgement.refusal {
      case .rejected(.length): lengths(reading, frame)
      case .rejected(.version): types(reading, frame) + randomizers(reading)
      case .rejected(.errorControl): randomizers(reading) + errorControls(reading)
      case .rejected(.headerErrorControl):
        randomizers(reading)
          + [
            reading.changing([ConfigurationSetting("frames.header_error_control", nil)]) {
              $0.hasHeaderErrorControl = false
            }
          ]
      case .rejected(.spacecraft): [spacecraft(reading, frame)]
      case .rejected(.quarantined): [spacecraft(reading, frame), listing(reading, frame)]
      case nil where judgement.isHeld: [spacecraft(reading, frame), listing(reading, frame)]
      case .unlisted: [listing(reading, frame), room(reading)]
      case nil: zones(reading, frame)
      }
    return changed.compactMap(\.self)
  }

  // MARK: The frame as a whole

  private func lengths(_ reading: FrameReading, _ frame: [UInt8]) -> [FrameReading?] {
    let parameters = reading.parameters
    let count = frame.count
    guard
      (PhysicalChannelParameters.smallestFrameByteCount...PhysicalChannelParameters.largestFrameByteCount)
        .contains(count)
    else { return [] }
    guard !parameters.hasVariableLength else { return [range(reading, count)] }
    let several =
      count % parameters.frameByteCount == 0 && (2...64).contains(count / parameters.frameByteCount)
      ? reading.takingSeveral(count / parameters.frameByteCount) : nil
    let length = reading.changing([ConfigurationSetting("frames.length", "\(count)")]) {
      $0.frameByteCount = count
      $0.coding?.frameByteCount = count
    }
    return [several, length, parameters.frameType == .uslp ? range(reading, count) : nil]
  }

  /// USLP: frames of lengths that they say themselves.
  private func range(_ reading: FrameReading, _ count: Int) -> FrameReading? {
    let parameters = reading.parameters
    let least = min(count, parameters.shortestFrameByteCount ?? parameters.frameByteCount)
    let most = max(count, parameters.frameByteCount)
    var settings = parameters.hasVariableLength ? [] : [ConfigurationSetting("frames.length", nil)]
    if least != parameters.shortestFrameByteCount {
      settings.append(ConfigurationSetting("frames.min_length", "\(least)"))
    }
    if most != parameters.frameByteCount || !parameters.hasVariableLength {
      settings.append(ConfigurationSetting("frames.max_length", "\(most)"))
    }
    return reading.changing(settings) {
      $0.shortestFrameByteCount = least
      $0.frameByteCount = most
    }
  }

  private func types(_ reading: FrameReading, _ frame: [UInt8]) -> [FrameReading?] {
    let type: TransferFrameType? =
      switch (frame.first ?? 0) >> 4 {
      case 0b0000...0b0011: .tm
      case 0b0100...0b0111: .aos
      case 0b1100: .uslp
      default: nil
      }
    let before = reading.parameters
    guard let type, type != before.frameType else { return [] }
    var settings = [ConfigurationSetting("frames.type", type.rawValue)]
    // What the other type has no use for has to go, or the configuration is refused.
    if before.hasHeaderErrorControl { settings.append(ConfigurationSetting("frames.header_error_control", nil)) }
    if before.hasOperationalControlField { settings.append(ConfigurationSetting("frames.ocf", nil)) }
    if before.insertZoneByteCount > 0, type == .tm {
      settings.append(ConfigurationSetting("frames.insert_zone_length", nil))
    }
    return [
      reading.changing(settings) {
        $0.frameType = type
        $0.hasHeaderErrorControl = false
        $0.hasOperationalControlField = false
        if type == .tm { $0.insertZoneByteCount = 0 }
        if type != .uslp { $0.shortestFrameByteCount = nil }
      }
    ]
  }

  /// Where there is a code the wrong sequence leaves nothing that could be corrected, and no frame.
  private func randomizers(_ reading: FrameReading) -> [FrameReading?] {
    guard reading.parameters.coding?.reedSolomon == nil else { return [] }
    let now = reading.parameters.coding?.randomizer ?? .none
    return Randomizer.Sequence.allCases.filter { $0 != now }.map { sequence in
      reading.changing([ConfigurationSetting("coding.randomizer", sequence.rawValue)]) {
        var coding = $0.coding ?? ChannelCoding(frameByteCount: $0.frameByteCount)
        coding.randomizer = sequence
        $0.coding = coding
      }
    }
  }

  private func errorControls(_ reading: FrameReading) -> [FrameReading?] {
    let parameters = reading.parameters
    let others: [FrameErrorControl] = parameters.frameType == .uslp ? [.crc16, .crc32, .none] : [.none]
    return others.filter { $0 != parameters.errorControl }.map { other in
      reading.changing([ConfigurationSetting("coding.error_control", other == .none ? nil : other.rawValue)]) {
        $0.errorControl = other
      }
    }
  }

  // MARK: Identifiers

  private func spacecraft(_ reading: FrameReading, _ frame: [UInt8]) -> FrameReading? {
    guard let identity = FrameName.identity(of: frame, reading.parameters) else { return nil }
    let before = reading.parameters.spacecraftIDs
    guard !before.contains(identity.spacecraft) else { return nil }
    let ids = keepsSpacecraft ? before + [identity.spacecraft] : [identity.spacecraft]
    let texts = ids.map { Self.hexadecimal(Int($0.rawValue)) }
    let value = texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
    return reading.changing([ConfigurationSetting("frames.spacecraft_id", value)]) { $0.spacecraftIDs = ids }
  }

  private func listing(_ reading: FrameReading, _ frame: [UInt8]) -> FrameReading? {
    guard let identity = FrameName.identity(of: frame, reading.parameters) else { return nil }
    var channel = VirtualChannelParameters(virtualChannelID: identity.virtualChannel)
    var text = "vcid: \(identity.virtualChannel.rawValue)"
    if reading.parameters.spacecraftIDs.count != 1 {
      channel.spacecraftID = identity.spacecraft
      text = "spacecraft_id: \(Self.hexadecimal(Int(identity.spacecraft.rawValue))), " + text
    }
    guard !reading.parameters.virtualChannels.contains(channel) else { return nil }
    return reading.changing([ConfigurationSetting("virtual_channels[]", "{ \(text) }")]) {
      $0.virtualChannels.append(channel)
    }
  }

  private func room(_ reading: FrameReading) -> FrameReading? {
    guard reading.parameters.virtualChannels.isEmpty else { return nil }
    let count = reading.parameters.limits.virtualChannelCount + 1
    return reading.changing([ConfigurationSetting("limits.virtual_channel_count", "\(count)")]) {
      $0.limits.virtualChannelCount = count
    }
  }

  static func hexadecimal(_ value: Int) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "0x" + (digits.count < 2 ? "0" : "") + digits
  }
}
