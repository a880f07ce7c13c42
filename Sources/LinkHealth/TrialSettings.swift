package import CCSDSCoding
package import CCSDSLink

/// A key of a link's configuration, and what to write there.
package struct ConfigurationSetting: Sendable, Equatable {
  /// Below the link, such as `coding.randomizer`.
  package let key: String
  /// As it is written; absent where the key has to go.
  package let value: String?

  package init(_ key: String, _ value: String?) {
    self.key = key
    self.value = value
  }
}

extension PhysicalChannelParameters {
  /// What trials of undecoded input go by; absent where frames are of varying length, of which they know nothing.
  package var trialExpectation: TrialExpectation? {
    guard shortestFrameByteCount == nil else { return nil }
    let version: TransferFrameVersion =
      switch frameType {
      case .tm: .tm
      case .aos: .aos
      case .uslp: .uslp
      }
    var expectation = TrialExpectation(coding: coding, frameByteCount: frameByteCount, version: version)
    expectation.hasFrameErrorControl = errorControl == .crc16
    return expectation
  }

  /// What has to be written, or left out, so that the link reads its input in that way; nothing where it does already.
  package func settings(for reading: TrialReading) -> [ConfigurationSetting] {
    formatSettings(reading) + codingSettings(reading) + frameSettings(reading)
  }

  private func formatSettings(_ reading: TrialReading) -> [ConfigurationSetting] {
    var settings: [ConfigurationSetting] = []
    let marker = reading.coding.syncMarker
    if (coding?.syncMarker == nil) != (marker == nil) {
      settings.append(ConfigurationSetting("input.format", marker == nil ? "frames" : "cadus"))
    }
    if marker == nil, coding?.syncMarker != nil {
      settings.append(ConfigurationSetting("coding.sync_marker", nil))
    }
    if let marker, marker != coding?.syncMarker ?? .standard {
      settings.append(ConfigurationSetting("coding.sync_marker", "\"\(marker.hexadecimal)\""))
    }
    if reading.unitsPerDatagram > 1 {
      settings.append(ConfigurationSetting("input.frames_per_datagram", "\(reading.unitsPerDatagram)"))
    }
    return settings
  }

  private func codingSettings(_ reading: TrialReading) -> [ConfigurationSetting] {
    var settings: [ConfigurationSetting] = []
    if reading.coding.randomizer != coding?.randomizer ?? .none {
      settings.append(ConfigurationSetting("coding.randomizer", reading.coding.randomizer.rawValue))
    }
    if reading.coding.reedSolomon != coding?.reedSolomon {
      settings.append(ConfigurationSetting("coding.reed_solomon", reading.coding.reedSolomon?.configuration))
    }
    if reading.decodedUnitCount >= 2 {
      switch errorControl {
      case .none where reading.intactFrameCount == reading.decodedUnitCount:
        settings.append(ConfigurationSetting("coding.error_control", "crc16"))
      case .crc16 where reading.intactFrameCount == 0:
        settings.append(ConfigurationSetting("coding.error_control", nil))
      case .none, .crc16, .crc32: break
      }
    }
    return settings
  }

  private func frameSettings(_ reading: TrialReading) -> [ConfigurationSetting] {
    var settings: [ConfigurationSetting] = []
    if let version = reading.version, version != trialExpectation?.version {
      settings.append(ConfigurationSetting("frames.type", version.configuration))
    }
    if reading.coding.frameByteCount != frameByteCount {
      settings.append(ConfigurationSetting("frames.length", "\(reading.coding.frameByteCount)"))
    }
    return settings
  }
}

extension TransferFrameVersion {
  /// As the configuration spells it.
  var configuration: String {
    switch self {
    case .tm: TransferFrameType.tm.rawValue
    case .aos: TransferFrameType.aos.rawValue
    case .uslp: TransferFrameType.uslp.rawValue
    }
  }
}

extension ReedSolomonParameters {
  /// As the configuration spells it.
  fileprivate var configuration: String {
    let fill = virtualFillByteCount
    return "{errors: \(capability.rawValue), interleave: \(interleavingDepth), basis: \(basis.rawValue)"
      + (fill > 0 ? ", virtual_fill: \(fill)}" : "}")
  }
}
