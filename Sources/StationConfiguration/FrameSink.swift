package import CCSDSWire

/// A UDP address that the good frames of a link are sent on to, as they came, each in a datagram of its own.
package struct FrameSink: Sendable, Equatable, Hashable {
  /// A link sends to this many places at most.
  package static let capacity = 8

  package var host: IPAddress
  package var port: UInt16
  /// The spacecraft whose frames are sent on; empty for all of them.
  package var spacecraftIDs: [SpacecraftID] = []
  /// The virtual channels whose frames are sent on; empty for all of them.
  package var virtualChannelIDs: [VirtualChannelID] = []

  package init(host: IPAddress, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// Such as `127.0.0.1:10018` or `[::1]:10018`.
  package var endpoint: String { host.isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Whether the frames of a channel are sent on.
  package func takes(_ spacecraftID: SpacecraftID, _ virtualChannelID: VirtualChannelID) -> Bool {
    (spacecraftIDs.isEmpty || spacecraftIDs.contains(spacecraftID))
      && (virtualChannelIDs.isEmpty || virtualChannelIDs.contains(virtualChannelID))
  }
}
