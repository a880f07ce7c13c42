package import CCSDSLink
import CCSDSWire
package import SpacecraftSimulator

extension Scenario {
  /// The managed parameters that make a link of ours the receiver of the simulation.
  package var physicalChannel: PhysicalChannelParameters {
    let receiver = receiver
    var channel = PhysicalChannelParameters(
      frameType: receiver.frameType == .tm ? .tm : .aos, frameByteCount: receiver.frameByteCount)
    channel.errorControl = receiver.hasErrorControl ? .crc16 : .none
    channel.hasHeaderErrorControl = receiver.hasHeaderErrorControl
    channel.insertZoneByteCount = receiver.insertZoneByteCount
    channel.hasOperationalControlField = receiver.hasOperationalControlField
    channel.spacecraftIDBitCount = receiver.spacecraftIDBitCount
    channel.firstHeaderPointerBitCount = receiver.firstHeaderPointerBitCount
    channel.spacecraftIDs = receiver.spacecraftIDs.map { SpacecraftID($0) }
    // An AOS frame does not say what it holds; and a list of channels is a list of all of them.
    if receiver.frameType == .aos, !receiver.vcaChannels.isEmpty { channel.virtualChannels = listedChannels }
    return channel
  }

  private var listedChannels: [VirtualChannelParameters] {
    spacecraft.flatMap { spacecraft in
      let planned = spacecraft.channels.map { plan in
        Self.listed(spacecraft.spacecraftID, plan.virtualChannelID, plan.service == .vca ? .vca : .packet)
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
