import CCSDSCoding
import CCSDSLink
import CCSDSWire
import DownlinkService
import LinkHealth
import StationConfiguration

/// The configuration of a link key by key, as an operator edits it.
struct LinkText {
  private(set) var values: [String: String] = [:]

  subscript(key: String) -> String? {
    get { values[key] }
    set { values[key] = newValue }
  }

  init(_ channel: PhysicalChannelParameters) {
    self["frames.type"] = channel.frameType.rawValue
    self["frames.length"] = "\(channel.frameByteCount)"
    if let spacecraft = channel.spacecraftIDs.first { self["frames.spacecraft_id"] = "\(spacecraft.rawValue)" }
    if channel.errorControl != .none { self["coding.error_control"] = channel.errorControl.rawValue }
    guard let coding = channel.coding else { return }
    if coding.syncMarker != nil { self["input.format"] = "cadus" }
    if coding.randomizer != .none { self["coding.randomizer"] = coding.randomizer.rawValue }
    if let code = coding.reedSolomon {
      self["coding.reed_solomon"] =
        "{errors: \(code.capability.rawValue), interleave: \(code.interleavingDepth), basis: \(code.basis.rawValue)}"
    }
  }

  /// Does what a hint says.
  mutating func apply(_ settings: [ConfigurationSetting]) {
    for setting in settings { self[setting.key] = setting.value }
  }

  var yaml: String {
    var text = "station: test\nlinks:\n  - name: tried\n"
    for section in ["input", "coding", "frames"] {
      let keys = values.keys.filter { $0.hasPrefix(section + ".") }.sorted()
      guard !keys.isEmpty else { continue }
      text += "    \(section):\n"
      if section == "input" { text += "      file: \"-\"\n" }
      for key in keys { text += "      \(key.dropFirst(section.count + 1)): \(values[key] ?? "")\n" }
    }
    return text
  }
}
