import CCSDSLink
import CCSDSWire

/// Whether a frame is one of those that the link expects.
extension FrameDissector {
  /// Checks the version just read.
  func checkVersion(_ version: UInt64?, _ unit: UnitBytes, _ reader: inout SectionReader) -> Bool {
    let expected = parameters.frameType == .tm ? 0b00 : 0b01
    noteSyncMarker(unit, &reader)
    guard let version, version != expected else { return true }
    reader.problem(
      "another transfer frame protocol", found: Digits.raw(version, bitCount: 2),
      expected: "\(Digits.raw(UInt64(expected), bitCount: 2)) (\(parameters.frameType.rawValue.uppercased()))",
      hint: Self.versionHint(version))
    return false
  }

  func noteSyncMarker(_ unit: UnitBytes, _ reader: inout SectionReader) {
    guard unit.bits(at: 0, count: 32) == Self.syncMarker else { return }
    reader.problem(
      "the frame begins with a sync marker", found: "1acffc1d", expected: "a frame without it",
      hint: "let the receiver take sync markers off")
  }

  /// What to do about the first two bits of another protocol.
  static func versionHint(_ version: UInt64) -> String {
    switch version {
    case 0b00: "this is a TM frame if the rest makes sense: set frames type to tm"
    case 0b01: "this is an AOS frame if the rest makes sense: set frames type to aos"
    case 0b11: "this is a USLP frame if the rest makes sense: set frames type to uslp"
    default: "the frame is damaged or still randomized"
    }
  }

  /// Checks the spacecraft just read.
  func checkSpacecraft(_ spacecraft: SpacecraftID, _ reader: inout SectionReader) -> Bool {
    let known = parameters.spacecraftIDs
    guard !known.isEmpty, !known.contains(spacecraft) else { return true }
    reader.problem(
      "another spacecraft", found: String(spacecraft.rawValue),
      expected: known.map { String($0.rawValue) }.joined(separator: " or "),
      hint: "add it to frames spacecraft_id if it is yours; if not, a foreign or damaged frame")
    return false
  }

  /// Checks that the channel is listed, where there is a list.
  func checkListing(_ key: ChannelKey, _ reader: inout SectionReader) {
    guard !parameters.virtualChannels.isEmpty, parameters.listing(of: key) == nil else { return }
    let known = parameters.virtualChannels.map { String($0.virtualChannelID.rawValue) }
    reader.problem(
      "a virtual channel that is not listed", found: String(key.virtualChannelID.rawValue),
      expected: known.joined(separator: ", "),
      hint: "add it to virtual_channels; until then its frames count as unlisted")
  }

  /// The label of a channel that has a name.
  func nameRemark(_ key: ChannelKey) -> String {
    guard let name = parameters.listing(of: key)?.name else { return "" }
    return ", \(name)"
  }
}

extension PhysicalChannelParameters {
  /// What is configured for a channel.
  func listing(of key: ChannelKey) -> VirtualChannelParameters? {
    virtualChannels.first {
      $0.virtualChannelID == key.virtualChannelID && ($0.spacecraftID ?? key.spacecraftID) == key.spacecraftID
    }
  }
}
