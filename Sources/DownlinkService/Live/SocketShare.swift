import StationConfiguration

/// How a link stands with the other links on its socket.
enum SocketShare {
  /// There are none.
  case alone
  /// It reads the socket for all of them, itself among them, in the order that the routing counts them by.
  case first(SpacecraftRouting, [LinkOwner])
  /// Another one reads it.
  case other(first: LinkOwner)

  /// The links that it reads for.
  var members: [LinkOwner] {
    guard case .first(_, let members) = self else { return [] }
    return members
  }

  /// The names of the others, in their order. To be asked on their queue.
  func otherNames(than owner: LinkOwner) -> [String] {
    switch self {
    case .alone: []
    case .first(_, let members): members.filter { $0 !== owner }.map(\.name)
    case .other(let first): first.assumeIsolated { $0.share.members }.filter { $0 !== owner }.map(\.name)
    }
  }
}

/// Where a link hears, as people write it.
struct LinkPlace {
  /// `udp` or `tcp`.
  var transport: String
  /// What comes there, in words.
  var arrivals: String
  /// Where it listens; nothing when connecting.
  var listen: String?
  /// What it connects to; nothing when listening.
  var endpoint: String?

  init(of input: LinkInput) {
    (transport, arrivals) = (input.transport, input.arrivals)
    (listen, endpoint) = (input.listen, input.endpoint)
  }

  /// As the configuration says, for a link that has not begun to hear.
  init(configured link: LinkConfiguration) {
    switch link.input {
    case .udp(let udp): (transport, arrivals, listen) = ("udp", "datagrams", udp.listen)
    case .tcp(let tcp):
      (transport, arrivals) = ("tcp", "bytes")
      if tcp.role == .listen { listen = tcp.endpoint } else { endpoint = tcp.endpoint }
    case .file, .pcap, .standardInput, nil: (transport, arrivals) = ("none", "bytes")
    }
  }
}
