package import CCSDSLink
import CCSDSWire
package import SpacecraftSimulator

extension ReceiverParameters {
  /// The managed parameters that make a link of ours the receiver of the simulation.
  package var physicalChannel: PhysicalChannelParameters {
    var channel = PhysicalChannelParameters(
      frameType: frameType == .tm ? .tm : .aos, frameByteCount: frameByteCount)
    channel.errorControl = hasErrorControl ? .crc16 : .none
    channel.hasHeaderErrorControl = hasHeaderErrorControl
    channel.insertZoneByteCount = insertZoneByteCount
    channel.hasOperationalControlField = hasOperationalControlField
    channel.spacecraftIDBitCount = spacecraftIDBitCount
    channel.firstHeaderPointerBitCount = firstHeaderPointerBitCount
    channel.spacecraftIDs = spacecraftIDs.map { SpacecraftID($0) }
    return channel
  }
}
