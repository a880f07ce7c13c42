import CCSDSLink
import CCSDSWire
package import SpacecraftSimulator

/// The ready-made scenarios, by the names that a command line knows.
package enum ScenarioLibrary {
  package static let names = ["demo", "tm", "aos", "many", "random", "cadu-demo", "cadu-rough", "uslp-demo"]

  /// - Parameter seed: Decides everything that is left to chance; absent, the scenario's own.
  package static func scenario(named name: String, seed: UInt64?, frameCount: Int?) -> Scenario? {
    var scenario: Scenario
    switch name {
    case "demo": scenario = .demo
    case "tm": scenario = .tmThreeChannels
    case "aos": scenario = .aosHighRate
    case "many": scenario = .aosManySpacecraft
    case "cadu-demo": scenario = .codedDemo
    case "cadu-rough": scenario = .codedRough
    case "uslp-demo": scenario = .uslpDemo
    case "random": scenario = .random(seed: seed ?? 1, frameCount: frameCount ?? 1000)
    default: return nil
    }
    if let seed { scenario.link.seed = seed }
    scenario.link.frameCount = frameCount ?? scenario.link.frameCount
    return scenario
  }
}

extension Scenario {
  /// The configuration of a link that receives the scenario, for an operator's file.
  ///
  /// - Parameter input: Where it comes from, such as `udp: "127.0.0.1:10017"`.
  package func configurationText(linkName: String, input: String) -> String {
    let receiver = receiver
    var frames = ["type: \(receiver.frameType.rawValue)"]
    if let shortest = receiver.shortestFrameByteCount {
      frames += ["min_length: \(shortest)", "max_length: \(receiver.frameByteCount)"]
    } else {
      frames.append("length: \(receiver.frameByteCount)")
    }
    if !receiver.spacecraftIDs.isEmpty {
      frames.append("spacecraft_id: [\(receiver.spacecraftIDs.map(String.init).joined(separator: ", "))]")
    }
    if receiver.insertZoneByteCount > 0 { frames.append("insert_zone_length: \(receiver.insertZoneByteCount)") }
    if receiver.hasHeaderErrorControl { frames.append("header_error_control: true") }
    if receiver.frameType == .aos, receiver.hasOperationalControlField { frames.append("ocf: true") }
    if receiver.spacecraftIDBitCount != 8, receiver.frameType == .aos {
      frames.append("spacecraft_id_bits: \(receiver.spacecraftIDBitCount)")
    }
    let format = link.coding.map { $0.syncMarker.isEmpty ? "" : ", format: cadus" } ?? ""
    var text = "station: simulated\nlinks:\n  - name: \(linkName)\n    input: { \(input)\(format) }\n\(codingText)"
    text += "    frames: { \(frames.joined(separator: ", ")) }\n"
    let channels = physicalChannel.virtualChannels
    guard !channels.isEmpty else { return text }
    text += "    virtual_channels:\n"
    for channel in channels {
      let spacecraft = channel.spacecraftID.map { "spacecraft_id: \($0.rawValue), " } ?? ""
      let truncated = channel.truncatedFrameByteCount.map { ", truncated_length: \($0)" } ?? ""
      text +=
        "      - { \(spacecraft)vcid: \(channel.virtualChannelID.rawValue), "
        + "service: \(channel.service.rawValue)\(truncated) }\n"
    }
    return text
  }

  /// The section `coding`; empty where nothing is coded.
  private var codingText: String {
    let errorControl = receiver.hasErrorControl ? "error_control: \(receiver.errorControl.rawValue)" : nil
    guard let coding = link.coding else { return errorControl.map { "    coding: { \($0) }\n" } ?? "" }
    var keys: [String] = []
    if !coding.syncMarker.isEmpty {
      let digits = coding.syncMarker.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
      keys.append("sync_marker: 0x\(digits)")
    }
    keys.append("randomizer: \(coding.randomizer.rawValue)")
    if let code = coding.reedSolomon {
      let fill = coding.virtualFillSymbolCount(frameByteCount: link.frameByteCount) ?? 0
      keys.append(
        "reed_solomon: { errors: \(code.errors), interleave: \(code.interleave), basis: \(code.basis.rawValue)"
          + (fill > 0 ? ", virtual_fill: \(fill * code.interleave) }" : " }"))
    }
    return "    coding:\n" + (keys + [errorControl].compactMap(\.self)).map { "      \($0)\n" }.joined()
  }
}
