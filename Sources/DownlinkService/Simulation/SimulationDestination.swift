/// Where simulated datagrams go.
package enum SimulationDestination: Sendable, Equatable {
  /// A file of frames one after the other, or of the stream that a coded link sends.
  case file(path: String)
  /// A capture of UDP datagrams.
  case capture(path: String, port: UInt16)
  /// A live link, at the pace of the scenario.
  case udp(host: String, port: UInt16)
  /// A TCP connection to whoever listens there, at the pace of the scenario.
  case tcp(host: String, port: UInt16)
  /// The first TCP connection that comes, at the pace of the scenario from then on.
  case tcpListen(host: String, port: UInt16)

  /// - Parameter text: `udp:HOST:PORT`, `tcp:HOST:PORT`, `tcp-listen:HOST:PORT`, a name that ends in `.pcap`, or any
  ///   other file name.
  package init?(_ text: String, port: UInt16) {
    let kind = text.prefix { $0 != ":" }
    let address = text.dropFirst(kind.count + 1)
    switch kind {
    case "udp", "tcp", "tcp-listen":
      guard let colon = address.lastIndex(of: ":"), let port = UInt16(address[address.index(after: colon)...]) else {
        return nil
      }
      let host = String(address[..<colon].filter { $0 != "[" && $0 != "]" })
      guard !host.isEmpty else { return nil }
      self = kind == "udp" ? .udp(host: host, port: port) : .tcp(host: host, port: port)
      if kind == "tcp-listen" { self = .tcpListen(host: host, port: port) }
    default:
      self = text.hasSuffix(".pcap") ? .capture(path: text, port: port) : .file(path: text)
    }
  }

  /// Whether borders of datagrams are lost there.
  var isStream: Bool {
    switch self {
    case .file, .tcp, .tcpListen: true
    case .capture, .udp: false
    }
  }

  /// Whether the scenario's clock is kept, so that it may go on for ever.
  var isLive: Bool {
    switch self {
    case .udp, .tcp, .tcpListen: true
    case .file, .capture: false
    }
  }
}
