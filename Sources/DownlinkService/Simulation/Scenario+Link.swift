import CCSDSCoding
package import CCSDSLink
import CCSDSWire
package import SpacecraftSimulator

extension Scenario {
  /// The managed parameters that make a link of ours the receiver of the simulation.
  package var physicalChannel: PhysicalChannelParameters {
    let receiver = receiver
    var channel = PhysicalChannelParameters(
      frameType: receiver.frameType.managed, frameByteCount: receiver.frameByteCount)
    channel.shortestFrameByteCount = receiver.shortestFrameByteCount
    channel.errorControl = receiver.errorControl
    channel.hasHeaderErrorControl = receiver.hasHeaderErrorControl
    channel.insertZoneByteCount = receiver.insertZoneByteCount
    channel.hasOperationalControlField = receiver.hasOperationalControlField
    channel.spacecraftIDBitCount = receiver.spacecraftIDBitCount
    channel.firstHeaderPointerBitCount = receiver.firstHeaderPointerBitCount
    channel.coding = link.coding?.channelCoding(frameByteCount: receiver.frameByteCount)
    channel.spacecraftIDs = receiver.spacecraftIDs.map { SpacecraftID($0) }
    // An AOS frame does not say what it holds; and a list of channels is a list of all of them.
    if receiver.frameType == .aos, !receiver.vcaChannels.isEmpty { channel.virtualChannels = listedChannels }
    if spacecraft.contains(where: { $0.channels.contains { $0.truncatedFrameByteCount != nil } }) {
      channel.virtualChannels = listedChannels
    }
    return channel
  }

  private var listedChannels: [VirtualChannelParameters] {
    spacecraft.flatMap { spacecraft in
      var planned: [VirtualChannelParameters] = []
      // A USLP channel is one channel, with sequence control and without.
      for plan in spacecraft.channels {
        var channel = Self.listed(
          spacecraft.spacecraftID, plan.virtualChannelID, plan.service == .vca ? .vca : .packet)
        channel.truncatedFrameByteCount = plan.truncatedFrameByteCount
        if let index = planned.firstIndex(where: { $0.virtualChannelID == channel.virtualChannelID }) {
          if let byteCount = plan.truncatedFrameByteCount { planned[index].truncatedFrameByteCount = byteCount }
        } else {
          planned.append(channel)
        }
      }
      let idle = Self.listed(spacecraft.spacecraftID, VirtualChannelID.onlyIdleData.rawValue, .idle)
      return planned + [idle]
    }
  }

  private static func listed(
    _ spacecraftID: UInt16, _ virtualChannelID: UInt8, _ service: VirtualChannelService
  ) -> VirtualChannelParameters {
    var channel = VirtualChannelParameters(virtualChannelID: VirtualChannelID(virtualChannelID))
    channel.spacecraftID = SpacecraftID(spacecraftID)
    channel.service = service
    return channel
  }
}

extension CodingPlan {
  /// The managed parameters that undo what the plan does.
  fileprivate func channelCoding(frameByteCount: Int) -> ChannelCoding {
    var coding = ChannelCoding(frameByteCount: frameByteCount)
    coding.syncMarker = SyncMarker(bytes: syncMarker)
    switch randomizer {
    case .none: coding.randomizer = .none
    case .short255: coding.randomizer = .short255
    case .long131071: coding.randomizer = .long131071
    }
    guard let code = reedSolomon else { return coding }
    var parameters = ReedSolomonParameters()
    parameters.capability = code.errors == 8 ? .eight : .sixteen
    parameters.interleavingDepth = code.interleave
    parameters.basis = code.basis == .dual ? .dual : .conventional
    parameters.virtualFillSymbolCount = virtualFillSymbolCount(frameByteCount: frameByteCount) ?? 0
    coding.reedSolomon = parameters
    return coding
  }
}

extension FrameType {
  fileprivate var managed: TransferFrameType {
    switch self {
    case .tm: .tm
    case .aos: .aos
    case .uslp: .uslp
    }
  }
}

extension ReceiverParameters {
  /// What proves a frame undamaged.
  var errorControl: FrameErrorControl { hasErrorControl ? hasLongErrorControl ? .crc32 : .crc16 : .none }
}
