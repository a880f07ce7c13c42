package import CCSDSLink
package import LinkHealth

/// Why a link takes nothing, or not all, from a unit: every reason that its ledger counts by, in the order in which a
/// unit meets them.
package enum RejectionReason: Hashable, Sendable {
  case datagram(DatagramRejection)
  /// Bytes of a stream that are in no unit.
  case skipped
  /// A codeblock by itself that has not the managed length.
  case refused
  /// A codeblock beyond correction.
  case uncorrectable
  case frame(FrameRejection)
  /// A frame of a channel that is not listed, or that there is no room for.
  case unlisted
  /// Bytes of packets in an accepted frame.
  case zone(ZoneDiscard)
  /// Data of an accepted frame that are no packets.
  case serviceData(ZoneDiscard)
  case packet(PacketRejection)

  /// All there are, each in the place of its index.
  package static let all: [RejectionReason] =
    DatagramRejection.allCases.map { .datagram($0) } + [.skipped, .refused, .uncorrectable]
    + FrameRejection.allCases.map { .frame($0) } + [.unlisted]
    + discards.map { .zone($0) } + discards.map { .serviceData($0) } + PacketRejection.allCases.map { .packet($0) }

  /// What a zone is discarded for, but for what its packets are rejected for.
  private static let discards = ZoneDiscard.allCases.prefix(discardCount)
  private static let discardCount = ZoneDiscard.secondaryHeader.rawValue
  private static let datagramCount = DatagramRejection.allCases.count
  private static let frameCount = FrameRejection.allCases.count
  private static let firstFrame = datagramCount + 3
  private static let firstZone = firstFrame + frameCount + 1

  /// Which of all it is, from 0; nothing for a discard that goes by the rejection of its packet.
  var index: Int? {
    switch self {
    case .datagram(let reason): reason.rawValue
    case .skipped: Self.datagramCount
    case .refused: Self.datagramCount + 1
    case .uncorrectable: Self.datagramCount + 2
    case .frame(let reason): Self.firstFrame + reason.rawValue
    case .unlisted: Self.firstFrame + Self.frameCount
    case .zone(let reason): reason.rawValue < Self.discardCount ? Self.firstZone + reason.rawValue : nil
    case .serviceData(let reason):
      reason.rawValue < Self.discardCount ? Self.firstZone + Self.discardCount + reason.rawValue : nil
    case .packet(let reason): Self.firstZone + 2 * Self.discardCount + reason.rawValue
    }
  }

  /// How far the unit came.
  var stage: Rejection.Stage {
    switch self {
    case .datagram: .datagram
    case .skipped: .stream
    case .refused, .uncorrectable: .codeblock
    case .frame, .unlisted: .frame
    case .zone: .zone
    case .serviceData: .serviceData
    case .packet: .packet
    }
  }

  /// As the ledger calls it.
  var name: String {
    switch self {
    case .datagram(let reason): reason.name
    case .skipped: "skipped"
    case .refused: "refused"
    case .uncorrectable: "uncorrectable"
    case .frame(let reason): reason.name
    case .unlisted: "unlisted"
    case .zone(let reason), .serviceData(let reason): reason.name
    case .packet(let reason): reason.name
    }
  }
}
