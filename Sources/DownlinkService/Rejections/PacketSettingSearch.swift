import CCSDSLink
import CCSDSWire
import LinkHealth

/// Looks for what packets have to be agreed about so that those that were rejected are delivered.
struct PacketSettingSearch {
  private let parameters: PacketParameters
  private let reason: PacketRejection

  init(_ parameters: PacketParameters, _ reason: PacketRejection) {
    self.parameters = parameters
    self.reason = reason
  }

  func advice(_ units: [RejectedUnit]) -> SettingAdvice? {
    let packets = units.filter(\.isWhole).map(\.bytes)
    guard !packets.isEmpty else { return nil }
    let found = candidates.map { settings, changed in
      let accepted = packets.filter { Self.isDelivered($0, changed) }
      let isChecked = changed.errorControl != .none && !accepted.isEmpty
      return SettingAdvice(
        settings: settings, triedCount: packets.count, acceptedCount: accepted.count, proof: isChecked ? .check : .none)
    }
    return found.filter { $0.acceptedCount > 0 }.max {
      ($0.acceptedCount, $0.proof.rawValue, -$0.settings.count) < (
        $1.acceptedCount, $1.proof.rawValue, -$1.settings.count
      )
    }
  }

  private var candidates: [([ConfigurationSetting], PacketParameters)] {
    let checks = PacketErrorControl.allCases.filter { $0 != parameters.errorControl }.map { other in
      var changed = parameters
      changed.errorControl = other
      let value = other == .none ? nil : other.rawValue
      return ([ConfigurationSetting("packets.checksum", value)], changed)
    }
    guard reason == .secondaryHeader else { return checks }
    var withoutTime = parameters
    withoutTime.timeCode = nil
    var withoutHeader = withoutTime
    withoutHeader.secondaryHeader = .none
    var settings: [ConfigurationSetting] = []
    if parameters.timeCode != nil { settings.append(ConfigurationSetting("packets.time_code", nil)) }
    var candidates = checks
    if !settings.isEmpty { candidates.insert((settings, withoutTime), at: 0) }
    if parameters.secondaryHeader != .none {
      candidates.append((settings + [ConfigurationSetting("packets.secondary_header", nil)], withoutHeader))
    }
    return candidates
  }

  /// Whether a link of packets delivers it.
  private static func isDelivered(_ packet: [UInt8], _ packets: PacketParameters) -> Bool {
    var stream = PacketStreamParameters()
    stream.packets = packets
    var channel = PacketStream(parameters: stream)
    var witness = Witness()
    channel.receive(unsafe packet.span.bytes, at: nil, into: &witness)
    return witness.isDelivered
  }

  private struct Witness: LinkSink {
    var isDelivered = false

    mutating func observe(_ event: LinkEvent) {}
    mutating func take(packet: RawSpan, _ observation: PacketObservation) { isDelivered = true }
    mutating func take(frame: RawSpan) {}
  }
}
