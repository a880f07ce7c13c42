package import CCSDSLink
package import CCSDSWire
package import MissionDatabase

/// A packet whose values were decoded, beside the values.
package struct DecodedPacket {
  /// What its values are of.
  package let mission: LoadedMission
  /// The virtual channel that it came on.
  package let channel: VirtualChannelIdentity
  /// Who has made it.
  package let applicationProcessID: ApplicationProcessID
  /// Its sequence count.
  package let sequenceCount: UInt16
  /// When the frame with its last byte came.
  package let receivedAt: ReceptionTime?
  /// The frames that it was in.
  package let provenance: PacketProvenance
  /// How many packets are missing before it, by its sequence count.
  package let missingPacketCount: Int?
  /// When it was made and came, and how far it is believed.
  package let stamp: PacketStamp
  /// How its decoding ended.
  package let outcome: DecodedOutcome
  /// How many bits lie behind the last that is described; 0 where they are no more than fill up a byte and what proves
  /// the packet undamaged, and for a packet that is not whole.
  package let undescribedBitCount: Int
  /// Whether its values were stored on board, and say nothing about now.
  package let isStored: Bool
}
