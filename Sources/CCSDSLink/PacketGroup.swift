package import CCSDSWire

/// Follows the groups that an application process makes of its packets by their sequence flags.
///
/// It holds no packets: whether those of a group are to be joined only the mission knows.
///
/// Standard: CCSDS 133.0-B-2 §4.1.3.4.2.
package struct PacketGroup: Sendable, Equatable {
  /// What is known of a group that has ended.
  package struct Extent: Sendable, Equatable {
    /// Its packets.
    package var packetCount: Int
    /// Their bytes, headers included.
    package var byteCount: Int

    package init(packetCount: Int, byteCount: Int) {
      self.packetCount = packetCount
      self.byteCount = byteCount
    }
  }

  /// What one packet is to its group.
  package enum Observation: Sendable, Equatable {
    /// Unsegmented: a group of its own, or of none.
    case single
    /// The first of a group.
    case began
    /// One more, and others are to come.
    case continued
    /// The last one: the group is whole.
    case completed(Extent)
    /// A packet of a group whose first was not seen, or is not part of it any more.
    case orphan
  }

  /// What was found out with one packet.
  package struct Step: Sendable, Equatable {
    /// Why the group before was given up, and what there was of it.
    package var broken: Break?
    /// What the packet itself is.
    package var observation: Observation

    package init(broken: Break?, observation: Observation) {
      self.broken = broken
      self.observation = observation
    }
  }

  /// A group that was given up.
  package struct Break: Sendable, Equatable {
    /// Why.
    package let reason: PacketGroupBreak
    /// What there was of it.
    package let extent: Extent

    init(_ reason: PacketGroupBreak, _ extent: Extent) {
      self.reason = reason
      self.extent = extent
    }
  }

  /// A group of more packets is not believed: the count of its packets would have come round.
  package static let largestPacketCount = 16_384

  private var open: Extent?

  package init() {}

  /// Whether a group has begun that has not ended.
  package var isOpen: Bool { open != nil }

  /// Takes the next packet of the application process.
  ///
  /// - Parameter isNext: Whether its sequence count follows that of the packet before.
  package mutating func observe(_ flags: SequenceFlags, isNext: Bool, byteCount: Int) -> Step {
    var broken: Break?
    if let extent = open, let reason = reason(against: flags, isNext: isNext, extent) {
      broken = Break(reason, extent)
      open = nil
    }
    return Step(broken: broken, observation: take(flags, byteCount))
  }

  private func reason(against flags: SequenceFlags, isNext: Bool, _ extent: Extent) -> PacketGroupBreak? {
    switch flags {
    case .first, .unsegmented: return isNext ? .newBeginning : .gap
    case .continuation, .last:
      guard isNext else { return .gap }
      return extent.packetCount < Self.largestPacketCount ? nil : .tooLong
    }
  }

  private mutating func take(_ flags: SequenceFlags, _ byteCount: Int) -> Observation {
    switch flags {
    case .unsegmented: return .single
    case .first:
      open = Extent(packetCount: 1, byteCount: byteCount)
      return .began
    case .continuation, .last:
      guard var extent = open else { return .orphan }
      extent.packetCount += 1
      extent.byteCount += byteCount
      open = flags == .last ? nil : extent
      return flags == .last ? .completed(extent) : .continued
    }
  }
}

/// Why a group of packets is not whole.
package enum PacketGroupBreak: Int, Sendable, LedgerReason {
  /// Packets are missing, or came again.
  case gap
  /// Another one began before it had ended.
  case newBeginning
  /// It went on for longer than the sequence count can tell.
  case tooLong

  /// The name in the report.
  package var name: String {
    switch self {
    case .gap: "gap"
    case .newBeginning: "new_beginning"
    case .tooLong: "too_long"
    }
  }
}

extension PacketGroup {
  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.optional(&open, blank: Extent(packetCount: 1, byteCount: 0)) { extent, archive in
      archive.item(&extent.packetCount, in: 1...Self.largestPacketCount)
      archive.byteCount(&extent.byteCount)
    }
  }
}

extension CountObservation {
  /// Whether the unit follows the one before it, or nothing says that it does not.
  var isNext: Bool {
    switch self {
    case .inSequence, .frozen, .uncounted: true
    case .first, .gap, .duplicate, .late, .discontinuity: false
    }
  }
}
