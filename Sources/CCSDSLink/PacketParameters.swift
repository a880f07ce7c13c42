package import CCSDSWire

/// What proves a packet undamaged, in its last two bytes. Packets without a user, idle ones, need not have it.
package enum PacketErrorControl: String, Sendable, CaseIterable {
  case none
  /// The cyclic redundancy check of ECSS, the same as that of frames.
  case crc16
  /// The checksum that ECSS has beside it.
  case iso16
}

/// What the data field of a packet begins with, where its secondary header flag is set.
package enum PacketSecondaryHeader: Sendable, Equatable {
  /// Nothing that is known but the time, where there is a time code.
  case none
  /// Telemetry of the Packet Utilization Standard, issue A.
  case pusA(PUSATelemetryHeader.Layout)
  /// Telemetry of the Packet Utilization Standard, issue C.
  case pusC
  /// Telemetry of the core Flight System.
  case cfs(CFSTelemetryHeader.Layout)

  /// Where the time begins in the data field.
  package var timeOffset: Int {
    switch self {
    case .none: 0
    case .pusA(let layout): layout.timeOffset
    case .pusC: PUSCTelemetryHeader.timeOffset
    case .cfs(let layout): layout.timeOffset
    }
  }
}

/// What is agreed about the packets of a link beyond their primary header.
package struct PacketParameters: Sendable, Equatable {
  /// What their data fields begin with.
  package var secondaryHeader = PacketSecondaryHeader.none
  /// How the time in the secondary header is written; absent where it is not looked for.
  package var timeCode: TimeCode?
  /// Times before this are not believed: a clock that was not set yet. Absent, all are.
  package var earliestTime: TAIInstant?
  /// Times after this are not believed. Absent, all are.
  package var latestTime: TAIInstant?
  /// What they end in.
  package var errorControl = PacketErrorControl.none

  package init() {}

  /// Whether nothing is agreed: then packets are not looked into.
  package var isEmpty: Bool { self == PacketParameters() }
}

/// Why a whole packet was not delivered.
package enum PacketRejection: Int, Sendable, LedgerReason {
  /// It says that it has a secondary header, and is too short for one.
  case secondaryHeader
  /// Its cyclic redundancy check says that it is damaged.
  case errorControl
  /// Its checksum says that it is damaged.
  case checksum

  /// The name in the report.
  package var name: String {
    switch self {
    case .secondaryHeader: "secondary_header"
    case .errorControl: "crc"
    case .checksum: "checksum"
    }
  }

  /// Why its bytes are in no packet that was delivered.
  package var discard: ZoneDiscard {
    switch self {
    case .secondaryHeader: .secondaryHeader
    case .errorControl: .packetErrorControl
    case .checksum: .packetChecksum
    }
  }
}

/// When a packet was made, by the clock on board.
package enum OnboardTime: Sendable, Equatable {
  /// It was not looked for, or the packet has no secondary header.
  case absent
  case valid(TAIInstant)
  /// There is one, and it makes no sense: whoever needs a time has that of the reception.
  case invalid(OnboardTimeFault)

  /// The time, where it can be believed.
  package var instant: TAIInstant? {
    if case .valid(let instant) = self { instant } else { nil }
  }
}

/// Why the time in a packet is not believed.
package enum OnboardTimeFault: Int, Sendable, LedgerReason {
  /// The secondary header is not of the agreed version.
  case headerVersion
  /// Fields of the time code have values that they must not have.
  case timeCode
  /// A time that the mission has ruled out: a clock that is not set.
  case outsideWindow

  /// The name in the report.
  package var name: String {
    switch self {
    case .headerVersion: "header_version"
    case .timeCode: "time_code"
    case .outsideWindow: "outside_window"
    }
  }
}
