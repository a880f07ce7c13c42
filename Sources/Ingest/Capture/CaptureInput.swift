/// A network interface to capture UDP datagrams on.
package struct CaptureInput: Equatable, Sendable {
  /// Its name; `any` stands for all.
  package var interface: String
  /// The destination port of the datagrams.
  package var port: UInt16
  /// Memory for what was captured and not yet taken.
  package var bufferByteCount = 32 << 20
  /// Payload bytes kept of each datagram. A longer one is lent cut, and says so.
  package var maximumDatagramByteCount = UDPInput.largestDatagramByteCount
  /// Have the network card take what is addressed to other hosts too.
  package var isPromiscuous = false

  package init(interface: String, port: UInt16) {
    self.interface = interface
    self.port = port
  }

  /// The pseudo-interface that stands for all.
  package static let anyInterface = "any"

  /// Bytes kept of each packet: the payload, and room for all headers that may stand before it.
  var snapshotByteCount: Int { min(maximumDatagramByteCount + Self.headerAllowanceByteCount, 262_144) }

  /// Datagrams to the port, and fragments of datagrams, which have no ports: those are told apart once they are whole.
  /// The first looks behind two VLAN tags too, which not every kind of interface can have.
  var filters: [String] {
    let wanted = "udp dst port \(port) or (ip[6:2] & 0x3fff != 0 and ip proto 17) or ip6[6] = 44"
    return ["(\(wanted)) or (vlan and (\(wanted))) or (vlan and (\(wanted)))", wanted]
  }

  /// Cooked or Ethernet header, VLAN tags, IPv6 with extension headers, UDP.
  private static let headerAllowanceByteCount = 512
}

/// Why nothing is captured.
package enum CaptureTrouble: Error, Equatable, Sendable {
  case noPermission
  case noSuchInterface
  case interfaceDown
  /// An interface whose packets are wrapped in a way that is not understood.
  case unsupportedLinkType(Int32)
  /// Anything else, in the words of libpcap.
  case other(String)
}

extension CaptureTrouble: CustomStringConvertible {
  /// What happened, in a few words for a person.
  package var description: String {
    switch self {
    case .noPermission: "no permission to capture"
    case .noSuchInterface: "there is no such interface"
    case .interfaceDown: "the interface is down"
    case .unsupportedLinkType(let type): "its link type \(type) is not understood"
    case .other(let text): text
    }
  }

  /// What to do about it.
  package var hint: String {
    switch self {
    case .noPermission:
      "capturing takes CAP_NET_RAW: install the drop-in live-capture.conf of the examples as"
        + " /etc/systemd/system/downlinkd.service.d/live-capture.conf, which sets AmbientCapabilities=CAP_NET_RAW and"
        + " RestrictAddressFamilies=AF_PACKET AF_NETLINK; then systemctl daemon-reload and restart"
    case .noSuchInterface: "see `ip link` for what there is, and input.pcap.interface; it is tried again by itself"
    case .interfaceDown: "ip link set it up, or look at its cable or driver; it goes on by itself"
    case .unsupportedLinkType: "capture on an Ethernet interface, on lo or on any"
    case .other: "see the network of this host; it is tried again by itself"
    }
  }
}
