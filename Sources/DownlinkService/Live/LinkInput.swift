import CCSDSLink
import Dispatch
import Glibc
import Ingest
import StationConfiguration

/// What the bytes of a live link come in by.
enum LinkInput: Sendable {
  case udp(UDPReceiver, UDPDescription)
  case tcp(TCPStream, TCPDescription)
  case capture(CaptureStream, CaptureDescription)

  /// Opens the socket that the configuration names; one to connect by is opened later, and again.
  ///
  /// - Parameters:
  ///   - datagramByteCount: The longest datagram that is looked into.
  ///   - bound: Sockets that are bound already; one that fits is gone on with.
  ///   - memory: What datagrams are received into; absent, it ends with the socket.
  static func open(
    _ link: LinkConfiguration, datagramByteCount: Int, queue: DispatchQueue, bound: [BoundSockets],
    into memory: ReceiveMemory?
  ) throws(ServiceError) -> LinkInput {
    do throws(IngestError) {
      switch link.input {
      case .udp(let udp):
        let input = UDPInput(udp, datagramByteCount: datagramByteCount)
        let descriptor = bound.first { $0.take(boundAs: udp) }
        return .udp(try UDPReceiver.open(input, adopting: descriptor, into: memory), udp)
      case .tcp(let tcp):
        let stream = try TCPStream.open(
          TCPInput(tcp), adopting: bound.first { $0.take(listeningAs: tcp) }, queue: queue
        ) { @Sendable in tcp.allowFrom.allows($0) }
        return .tcp(stream, tcp)
      case .capture(let capture):
        let input = CaptureInput(capture, datagramByteCount: datagramByteCount)
        return .capture(try CaptureStream.open(input, queue: queue), capture)
      case .file, .pcap, .standardInput, nil: break
      }
    } catch {
      throw .ingest(error)
    }
    throw .usage("link '\(link.name)' has no live input", hint: "replay files with: downlinkd replay FILE")
  }

  /// A second descriptor of the socket, for whoever goes on with it; nothing when there is none that is bound.
  func duplicateDescriptor() -> Int32? {
    let descriptor: Int32? =
      switch self {
      case .udp(let receiver, _): receiver.fileDescriptor
      case .tcp(let stream, _): stream.listeningDescriptor
      case .capture: nil
      }
    guard let descriptor else { return nil }
    let duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    return duplicate >= 0 ? duplicate : nil
  }

  /// The same socket, as one of the links on it has described it.
  func described(as link: LinkConfiguration) -> LinkInput {
    guard case .udp(let receiver, _) = self, case .udp(let udp) = link.input else { return self }
    return .udp(receiver, udp)
  }

  /// The port that is listened to: the kernel's choice where 0 was configured; 0 when connecting.
  var localPort: UInt16 {
    switch self {
    case .udp(let receiver, _): receiver.localPort
    case .tcp(let stream, _): stream.localPort
    case .capture(_, let capture): capture.port
    }
  }

  /// `udp`, `tcp` or `pcap`.
  var transport: String {
    switch self {
    case .udp: "udp"
    case .tcp: "tcp"
    case .capture: "pcap"
    }
  }

  /// What comes by it, in words.
  var arrivals: String {
    switch self {
    case .udp, .capture: "datagrams"
    case .tcp: "bytes"
    }
  }

  /// Where it listens, with the port that it has; nothing when connecting.
  var listen: String? {
    switch self {
    case .udp(let receiver, var udp):
      udp.port = receiver.localPort
      return udp.listen
    case .tcp(let stream, var tcp):
      tcp.port = stream.localPort
      return tcp.role == .listen ? tcp.endpoint : nil
    case .capture(_, let capture): return capture.place
    }
  }

  /// What it connects to; nothing when listening.
  var endpoint: String? {
    switch self {
    case .tcp(_, let tcp) where tcp.role == .connect: tcp.endpoint
    case .tcp, .udp, .capture: nil
    }
  }
}

extension LinkConfiguration {
  /// The room that its input gives a datagram; none for an input that brings none.
  ///
  /// - Parameter datagramByteCount: The longest datagram that is looked into.
  func slotByteCount(datagramByteCount: Int) -> Int {
    guard case .udp(let udp) = input else { return 0 }
    return UDPInput(udp, datagramByteCount: datagramByteCount).slotByteCount
  }
}

extension UDPInput {
  /// - Parameter datagramByteCount: The longest datagram that is looked into.
  init(_ udp: UDPDescription, datagramByteCount: Int) {
    self.init(host: udp.host.description, port: udp.port)
    receiveBufferByteCount = udp.receiveBufferByteCount
    maximumDatagramByteCount = min(datagramByteCount, UDPInput.largestDatagramByteCount)
    group = udp.group?.description
    interfaces = udp.interfaces
    sources = udp.sources.map(\.description)
  }
}

extension CaptureInput {
  /// - Parameter datagramByteCount: The longest datagram that is looked into.
  init(_ capture: CaptureDescription, datagramByteCount: Int) {
    self.init(interface: capture.interface, port: capture.port)
    bufferByteCount = capture.receiveBufferByteCount
    maximumDatagramByteCount = min(datagramByteCount, UDPInput.largestDatagramByteCount)
    isPromiscuous = capture.isPromiscuous
  }
}

extension TCPInput {
  init(_ tcp: TCPDescription) {
    self.init(role: tcp.role == .connect ? .connect : .listen, host: tcp.host, port: tcp.port)
    idleTimeoutSeconds = tcp.idleTimeoutSeconds
    longestRetrySeconds = tcp.longestRetrySeconds
    receiveBufferByteCount = tcp.receiveBufferByteCount
  }
}

extension [AddressBlock] {
  /// Whether an address may send; no blocks at all let everybody.
  func allows(_ source: SocketAddress) -> Bool {
    guard !isEmpty else { return true }
    let address = IPAddress(
      bits: source.isIPv6
        ? UInt128(source.high) << 64 | UInt128(source.low) : UInt128(0xFFFF) << 32 | UInt128(source.low))
    return contains { $0.contains(address) }
  }
}
