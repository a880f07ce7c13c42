import CCSDSCoding
import CCSDSLink
import Ingest
package import LinkHealth
package import StationConfiguration

/// Finds the nearest settings with which units that a link has rejected would have been accepted.
///
/// It works on what was kept of them, outside the data plane, and its work is bounded: some milliseconds for a reason
/// whose units are frames, and as long as a trial takes where none could be made of them.
package struct NearestSetting {
  private let configuration: LinkConfiguration
  private let snapshot: LinkSnapshot

  /// - Parameter snapshot: What the link has found out while it received.
  package init(configuration: LinkConfiguration, snapshot: LinkSnapshot) {
    self.configuration = configuration
    self.snapshot = snapshot
  }

  /// Whether the link accepts more than noise would pass for: then what it does not accept is damaged, or not for it.
  private var linkWorks: Bool {
    let ledger = snapshot.ledger
    switch snapshot.parameters {
    case .frames: return ledger.frames.accepted * 1000 > max(ledger.frames.received, ledger.datagrams.received)
    case .packets: return ledger.packets.delivered * 1000 > ledger.packets.completed
    }
  }

  /// What to set for the units of one reason.
  ///
  /// - Returns: Nothing where there is none, or none that anything speaks for.
  package func advice(for entry: RejectionRecord.Entry) -> SettingAdvice? {
    let units = entry.units.filter { $0.byteCount > 0 }
    guard !units.isEmpty else { return nil }
    switch entry.reason {
    case .datagram(let reason): return advice(for: reason, entry.units)
    case .skipped, .refused, .uncorrectable: return linkWorks ? nil : trialAdvice(entry)
    case .frame, .unlisted:
      let simple = frameAdvice(entry)
      if let simple, simple.proof == .check || linkWorks { return simple }
      return trialAdvice(entry) ?? simple
    case .zone(let reason), .serviceData(let reason): return reason.isStrange ? frameAdvice(entry) : nil
    case .packet(let reason): return PacketSettingSearch(snapshot.parameters.packetParameters, reason).advice(units)
    }
  }

  private func frameAdvice(_ entry: RejectionRecord.Entry) -> SettingAdvice? {
    guard case .frames(let channel) = snapshot.parameters else { return nil }
    let search = FrameSettingSearch(
      edits: FrameEdits(keepsSpacecraft: linkWorks), reason: entry.reason,
      units: entry.units.reversed().filter(\.isWhole).map(\.bytes), linkWorks: linkWorks)
    return search.advice(from: FrameReading(channel, framesPerDatagram: configuration.framesPerDatagram))
  }

  private func trialAdvice(_ entry: RejectionRecord.Entry) -> SettingAdvice? {
    guard case .frames(let channel) = snapshot.parameters else { return nil }
    return CodingSettingSearch(channel, configuration.framesPerDatagram, found: snapshot.trial)
      .advice(for: entry)
  }

  // MARK: Datagrams

  private func advice(for reason: DatagramRejection, _ units: [RejectedUnit]) -> SettingAdvice? {
    switch reason {
    case .sourceNotAllowed: return senders(units)
    case .rateLimited: return rate(units)
    case .oversize: return oversize(units)
    case .truncated, .empty: return nil
    }
  }

  private func senders(_ units: [RejectedUnit]) -> SettingAdvice? {
    let allowed: [AddressBlock] =
      switch configuration.input {
      case .udp(let udp): udp.senders
      case .capture(let capture): capture.allowFrom
      case .tcp(let tcp): tcp.allowFrom
      case .file, .pcap, .standardInput, nil: []
      }
    var hosts: [String] = []
    for host in units.compactMap({ $0.source?.host }) where !hosts.contains(host) { hosts.append(host) }
    guard !hosts.isEmpty else { return nil }
    let texts = (allowed.map(\.description) + hosts).map { "\"\($0)\"" }
    return SettingAdvice(
      settings: [ConfigurationSetting("input.allow_from", "[\(texts.joined(separator: ", "))]")],
      triedCount: units.count, acceptedCount: units.count, proof: .none, remark: "if they are the modem's")
  }

  private func rate(_ units: [RejectedUnit]) -> SettingAdvice? {
    let now: Int? =
      switch configuration.input {
      case .udp(let udp): udp.maximumDatagramsPerSecond
      case .capture(let capture): capture.maximumDatagramsPerSecond
      case .tcp, .file, .pcap, .standardInput, nil: nil
      }
    guard let now, let newest = units.first, let oldest = units.last, let end = newest.receivedAt,
      let start = oldest.receivedAt, case (let elapsed, let overflow) = end.subtractingReportingOverflow(start),
      !overflow
    else { return nil }
    // A burst says nothing of how many come in a second.
    guard elapsed >= 1_000_000_000 else { return nil }
    let seconds = Double(elapsed) / 1e9
    let rate = Double(now) + Double(newest.number - oldest.number + 1) / seconds
    // With as much to spare as was too much.
    let wanted = min(10_000_000, max(now + 1, Int(min(1e9, 2 * rate - Double(now)).rounded(.up))))
    return SettingAdvice(
      settings: [ConfigurationSetting("input.max_datagrams_per_second", "\(wanted)")], triedCount: units.count,
      acceptedCount: units.count, proof: .none, remark: "if all of them are wanted")
  }

  private func oversize(_ units: [RejectedUnit]) -> SettingAdvice? {
    guard case .frames(let channel) = snapshot.parameters, let count = units.first?.byteCount else { return nil }
    let unit = channel.coding?.accessDataUnitByteCount ?? channel.frameByteCount
    let several = count / max(1, unit)
    let fits = units.filter { $0.byteCount % max(1, unit) == 0 && $0.byteCount / max(1, unit) <= several }
    if several * unit == count, (2...64).contains(several) {
      // Of the first frame there is enough to see whether it is one.
      let start = FrameReading(channel, framesPerDatagram: 1)
      let isFrame =
        channel.coding == nil
        && units.allSatisfy {
          unit <= $0.bytes.count && start.judgement(of: Array($0.bytes[..<unit])).judgement.refusal == nil
        }
      return SettingAdvice(
        settings: [ConfigurationSetting("input.frames_per_datagram", "\(several)")], triedCount: units.count,
        acceptedCount: fits.count, proof: isFrame ? channel.errorControl != .none ? .check : .content : .none)
    }
    guard channel.coding == nil, count <= PhysicalChannelParameters.largestFrameByteCount else { return nil }
    return SettingAdvice(
      settings: [ConfigurationSetting("frames.length", "\(count)")], triedCount: units.count,
      acceptedCount: units.filter { $0.byteCount == count }.count, proof: .none)
  }
}
