/// A link, its spacecraft and what befalls their frames: all there is to a simulation.
package struct Scenario: Sendable, Equatable {
  package var link: LinkPlan
  package var spacecraft: [SpacecraftPlan]
  package var impairments: Impairments
  /// The receiver is told which spacecraft to expect; the truth depends on it.
  package var tellsSpacecraftIDs = true

  package init(link: LinkPlan, spacecraft: [SpacecraftPlan], impairments: Impairments = .none) {
    self.link = link
    self.spacecraft = spacecraft
    self.impairments = impairments
  }

  /// What the receiver is assumed to know, as far as the truth depends on it.
  package var assumptions: ReceiverAssumptions {
    ReceiverAssumptions(spacecraftIDsConfigured: tellsSpacecraftIDs, errorControl: link.hasErrorControl)
  }

  /// What has to be agreed with the receiver.
  package var receiver: ReceiverParameters { ReceiverParameters(self) }

  /// All channels of all spacecraft, those that carry only idle data last among a spacecraft's, with the weight 0.
  var channelPlans: [(spacecraft: Int, plan: ChannelPlan)] {
    var plans: [(spacecraft: Int, plan: ChannelPlan)] = []
    for (index, spacecraft) in spacecraft.enumerated() {
      plans += spacecraft.channels.map { (index, $0) }
      let idleChannelID = spacecraft.onlyIdleDataChannelID(link.frameType)
      guard link.idleFrameShare > 0, !spacecraft.channels.contains(where: { $0.virtualChannelID == idleChannelID })
      else { continue }
      var idle = ChannelPlan(virtualChannelID: idleChannelID)
      idle.weight = 0
      plans.append((index, idle))
    }
    return plans
  }

  /// The identifiers that fit into a frame and belong to no spacecraft of the plan.
  var spacecraftIDsOfNobody: [UInt16] {
    // Of the 65,536 of USLP a thousand are enough.
    let bitCount = link.frameType == .aos ? link.spacecraftIDBitCount : 10
    let ours = Set(spacecraft.map(\.spacecraftID))
    return (0..<UInt16(1 << bitCount)).filter { !ours.contains($0) }
  }
}

extension SpacecraftPlan {
  /// The channel of frames with only idle data.
  func onlyIdleDataChannelID(_ frameType: FrameType) -> UInt8 { frameType == .tm ? idleVirtualChannelID : 63 }
}

/// What a receiver knows beforehand that decides in which bucket a frame ends.
package struct ReceiverAssumptions: Sendable, Equatable {
  /// Frames of other spacecraft than the plan's are rejected; otherwise a channel has to be confirmed first.
  package var spacecraftIDsConfigured: Bool
  /// The error control field is there and checked.
  package var errorControl: Bool

  package init(spacecraftIDsConfigured: Bool, errorControl: Bool) {
    self.spacecraftIDsConfigured = spacecraftIDsConfigured
    self.errorControl = errorControl
  }

  /// A new channel is believed from its first frame on.
  var trustsAtOnce: Bool { spacecraftIDsConfigured && errorControl }
}

/// The managed parameters of the simulated link, as plain values for any receiver.
package struct ReceiverParameters: Sendable, Equatable {
  package let frameType: FrameType
  /// Of every frame, or of the longest where lengths vary.
  package let frameByteCount: Int
  /// USLP: of the shortest frame, where lengths vary.
  package let shortestFrameByteCount: Int?
  package let hasErrorControl: Bool
  package let hasLongErrorControl: Bool
  package let hasHeaderErrorControl: Bool
  package let insertZoneByteCount: Int
  package let hasOperationalControlField: Bool
  package let spacecraftIDBitCount: Int
  package let firstHeaderPointerBitCount: Int
  /// The spacecraft to tell the receiver; empty when it is to find out.
  package let spacecraftIDs: [UInt16]
  /// The channels that carry no packets but service data units of their own.
  package let vcaChannels: [VirtualChannelName]

  init(_ scenario: Scenario) {
    let link = scenario.link
    frameType = link.frameType
    frameByteCount = link.frameByteCount
    shortestFrameByteCount = link.hasVariableLength ? Self.smallestFrameByteCount : nil
    hasErrorControl = link.hasErrorControl
    hasLongErrorControl = link.hasLongErrorControl
    hasHeaderErrorControl = link.hasHeaderErrorControl
    insertZoneByteCount = link.insertZoneByteCount
    hasOperationalControlField = link.hasOperationalControlField
    spacecraftIDBitCount = link.spacecraftIDBitCount
    firstHeaderPointerBitCount = link.firstHeaderPointerBitCount
    spacecraftIDs = scenario.tellsSpacecraftIDs ? scenario.spacecraft.map(\.spacecraftID) : []
    vcaChannels = scenario.channelPlans.filter { $0.plan.service == .vca }.map {
      VirtualChannelName(
        spacecraftID: scenario.spacecraft[$0.spacecraft].spacecraftID, virtualChannelID: $0.plan.virtualChannelID)
    }
  }

  private static let smallestFrameByteCount = 7
}

/// A virtual channel of a spacecraft.
package struct VirtualChannelName: Sendable, Hashable, Comparable {
  package let spacecraftID: UInt16
  package let virtualChannelID: UInt8
  /// USLP: its frames that go past sequence control, which are counted on their own.
  package let isExpedited: Bool

  package init(spacecraftID: UInt16, virtualChannelID: UInt8, isExpedited: Bool = false) {
    self.spacecraftID = spacecraftID
    self.virtualChannelID = virtualChannelID
    self.isExpedited = isExpedited
  }

  package static func < (left: VirtualChannelName, right: VirtualChannelName) -> Bool {
    (left.spacecraftID, left.virtualChannelID, left.isExpedited ? 1 : 0)
      < (right.spacecraftID, right.virtualChannelID, right.isExpedited ? 1 : 0)
  }
}
