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
  /// The network interface to join the group on; absent, the kernel chooses.
  package var interface: String?
  /// Senders whose datagrams are taken; empty takes all, which only a loopback address may.
  package var allowFrom: [AddressBlock] = []
  /// The kernel buffer to ask for, 64 KiB…1 GiB.
  package var receiveBufferByteCount = 32 << 20

  package init(host: IPAddress, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// Such as `127.0.0.1:10017` or `[::1]:10017`.
  package var listen: String { host.isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
