import CCSDSCoding
import CCSDSWire

/// Looks into whole packets as far as was agreed: their error control, and the time in their secondary header.
///
/// It holds no state but the table of leap seconds, and allocates nothing.
struct PacketInspector {
  private let parameters: PacketParameters
  let leapSeconds: LeapSecondTable

  /// Nothing where there is nothing to look for.
  init?(_ parameters: PacketParameters, _ leapSeconds: LeapSecondTable) {
    guard !parameters.isEmpty else { return nil }
    self.parameters = parameters
    self.leapSeconds = leapSeconds
  }

  /// Whether packets have a time that is looked for.
  var readsTimes: Bool { parameters.timeCode != nil }

  /// Why a packet is not to be delivered; nothing for one that is as it should be.
  ///
  /// - Parameter packet: A whole Space Packet that is not idle.
  func rejection(of packet: RawSpan) -> PacketRejection? {
    switch parameters.errorControl {
    case .none: break
    case .crc16: if !isChecked(packet) || !ErrorControlKernel.isIntact(frame: packet) { return .errorControl }
    case .iso16:
      let end = packet.byteCount - Self.errorControlByteCount
      guard isChecked(packet), ISOChecksum.checksum(of: packet.extracting(0..<end)) == packet.uint16(at: end) else {
        return .checksum
      }
    }
    guard hasSecondaryHeader(packet), let needed = leastHeaderByteCount else { return nil }
    return dataFieldByteCount(of: packet) < needed ? .secondaryHeader : nil
  }

  /// The time of a packet that was not rejected.
  func onboardTime(of packet: RawSpan) -> OnboardTime {
    guard let timeCode = parameters.timeCode, hasSecondaryHeader(packet) else { return .absent }
    let end = SpacePacket.primaryHeaderByteCount + dataFieldByteCount(of: packet)
    guard hasAgreedVersion(packet) else { return .invalid(.headerVersion) }
    let start = SpacePacket.primaryHeaderByteCount + parameters.secondaryHeader.timeOffset
    guard start <= end, let time = try? timeCode.decode(packet.extracting(start..<end), leapSeconds) else {
      return .invalid(.timeCode)
    }
    if let earliest = parameters.earliestTime, time.instant < earliest { return .invalid(.outsideWindow) }
    if let latest = parameters.latestTime, time.instant > latest { return .invalid(.outsideWindow) }
    return .valid(time.instant)
  }

  /// Whether there is room for error control behind the primary header.
  private func isChecked(_ packet: RawSpan) -> Bool {
    packet.byteCount >= SpacePacket.primaryHeaderByteCount + Self.errorControlByteCount
  }

  /// Telecommands have other headers.
  private func hasSecondaryHeader(_ packet: RawSpan) -> Bool { packet.byte(at: 0) & 0x18 == 0x08 }

  /// The bytes between the primary header and the error control.
  private func dataFieldByteCount(of packet: RawSpan) -> Int {
    packet.byteCount - SpacePacket.primaryHeaderByteCount
      - (parameters.errorControl == .none ? 0 : Self.errorControlByteCount)
  }

  /// The shortest secondary header that was agreed; absent where none was.
  private var leastHeaderByteCount: Int? {
    let timeByteCount = parameters.timeCode.map { $0.byteCount ?? 1 } ?? 0
    switch parameters.secondaryHeader {
    case .none: return parameters.timeCode == nil ? nil : timeByteCount
    case .cfs(let layout): return layout.byteCount
    case .pusA, .pusC: return parameters.secondaryHeader.timeOffset + timeByteCount
    }
  }

  private func hasAgreedVersion(_ packet: RawSpan) -> Bool {
    let first = packet.byte(at: SpacePacket.primaryHeaderByteCount)
    return switch parameters.secondaryHeader {
    case .none, .cfs: true
    case .pusA: first >> 4 & 0b111 == PUSATelemetryHeader.versionNumber
    case .pusC: first >> 4 == PUSCTelemetryHeader.versionNumber
    }
  }

  private static let errorControlByteCount = 2
}
