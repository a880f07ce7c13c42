import CCSDSCoding
package import CCSDSLink

/// One link: where its bytes come from, and all that has to be agreed to read them.
package struct LinkConfiguration: Sendable, Equatable {
  /// 1 to 32 characters of `a-z`, `0-9`, `_` and `-`, the first not a `_` or `-`; it becomes part of file names.
  package var name: String
  package var description: String?
  /// Whether it is to hear; an operator may say otherwise while the daemon runs.
  package var isEnabled = true
  /// Absent for a link that is only replayed.
  package var input: InputDescription?
  /// Whole frames, codeblocks or CADUs that one datagram may carry at most, 1…64; of any input that has datagrams.
  package var framesPerDatagram = 1
  package var parameters: LinkParameters
  /// What its packets mean; absent where they are only counted.
  package var mission: MissionConfiguration?
  /// Where its good frames go besides.
  package var sinks: [FrameSink] = []

  package init(name: String, input: InputDescription? = nil, parameters: LinkParameters) {
    self.name = name
    self.input = input
    self.parameters = parameters
  }

  /// What the input carries.
  package var format: InputFormat {
    switch parameters {
    case .frames(let channel): channel.coding?.syncMarker == nil ? .frames : .cadus
    case .packets: .packets
    }
  }

  /// The bounds of what the wire can make this link hold.
  package var limits: LinkLimits { parameters.limits }

  /// Silence after which the link counts as quiet and a pass as over.
  package var quietAfterSeconds: Double { limits.quietAfterSeconds }
}

/// What an input carries.
package enum InputFormat: String, Sendable, CaseIterable {
  /// Transfer frames, or the codeblocks around them, without sync markers.
  case frames
  /// A stream of channel access data units: sync markers, each with a frame or codeblock behind it.
  case cadus
  /// Packets without frames around them.
  case packets
}

/// Where the bytes of a link come from.
package enum InputDescription: Sendable, Equatable {
  case udp(UDPDescription)
  /// A file of frames, CADUs or packets, one after the other.
  case file(path: String)
  /// A pcap or pcapng file; of its datagrams those to `port`, or all.
  case pcap(path: String, port: UInt16?)
  /// The datagrams that arrive at a network interface, whoever they are for.
  case capture(CaptureDescription)
  /// A TCP connection, made or accepted.
  case tcp(TCPDescription)
  /// `file: "-"`.
  case standardInput
}

/// A TCP connection to receive from.
package struct TCPDescription: Sendable, Equatable {
  /// Who opens the connection.
  package enum Role: String, Sendable, CaseIterable {
    /// We do, to `host`.
    case connect
    /// The peer does; we listen on `host`, and take one connection at a time.
    case listen
  }

  package var role: Role
  /// The peer to connect to: an address or a name. The address to listen on.
  package var host: String
  package var port: UInt16
  /// Peers whose connections are taken; empty takes all, which only a loopback address may.
  package var allowFrom: [AddressBlock] = []
  /// Silence after which a connection counts as half open and is made anew; 0 waits for ever.
  package var idleTimeoutSeconds = 0.0
  /// The longest wait between two attempts to connect; the first is a tenth of a second, and each the double.
  package var longestRetrySeconds = 30.0
  /// The kernel buffer to ask for, 64 KiB…1 GiB; absent, the kernel sizes it by itself.
  package var receiveBufferByteCount: Int?

  package init(role: Role, host: String, port: UInt16) {
    self.role = role
    self.host = host
    self.port = port
  }

  /// Such as `127.0.0.1:4935` or `[::1]:4935`.
  package var endpoint: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// A UDP socket to receive from.
package struct UDPDescription: Sendable, Equatable {
  /// The address to bind to.
  package var host: IPAddress
  package var port: UInt16
  /// A multicast group to join.
  package var group: IPAddress?
  /// The network interfaces to join the group on; without any, the kernel chooses one.
  package var interfaces: [String] = []
  /// The senders to the group that are to be heard; empty for all of them.
  package var sources: [IPAddress] = []
  /// Senders whose datagrams are taken; empty takes all, which only a loopback address may, or those of `sources`.
  package var allowFrom: [AddressBlock] = []
  /// The kernel buffer to ask for, 64 KiB…1 GiB.
  package var receiveBufferByteCount = 32 << 20
  /// Datagrams of one sender that are taken in a second, 1…10,000,000; absent, all of them.
  package var maximumDatagramsPerSecond: Int?
  /// Silence after which the socket is probed, and again as often; 0 never.
  package var probeIntervalSeconds = 60.0

  package init(host: IPAddress, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// Such as `127.0.0.1:10017` or `[::1]:10017`.
  package var listen: String { host.isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Whose datagrams are taken: whoever joins a group for named sources only has named them.
  package var senders: [AddressBlock] { allowFrom.isEmpty ? sources.map { AddressBlock($0) } : allowFrom }
}

/// A network interface to capture on.
package struct CaptureDescription: Sendable, Equatable {
  /// `any` stands for all interfaces.
  package var interface: String
  /// The destination port of the datagrams.
  package var port: UInt16
  /// Senders whose datagrams are taken; empty takes all, which only the loopback interface may.
  package var allowFrom: [AddressBlock] = []
  /// Memory for what has not been taken yet, 64 KiB…1 GiB.
  package var receiveBufferByteCount = 32 << 20
  /// Datagrams of one sender that are taken in a second, 1…10,000,000; absent, all of them.
  package var maximumDatagramsPerSecond: Int?
  /// Have the network card take what is addressed to other hosts too.
  package var isPromiscuous = false

  package init(interface: String, port: UInt16) {
    self.interface = interface
    self.port = port
  }

  /// Such as `eth0:10017`.
  package var place: String { "\(interface):\(port)" }
}
