import Glibc

/// The other end of a connection: blocking sockets, with a generous limit on every wait.
package final class TCPPeer {
  private var descriptor: Int32

  /// Takes charge of a connected socket.
  package init(adopting descriptor: Int32) { self.descriptor = descriptor }

  /// Connects to a port of the loopback.
  package init(connectingTo port: UInt16) throws {
    descriptor = try Self.makeSocket()
    let outcome = unsafe Loopback.withAddress(port) { unsafe connect(descriptor, $0, $1) }
    guard outcome == 0 else { throw PeerError.system("connect", errno) }
  }

  deinit { close() }

  /// Sends everything, however long the receiver takes.
  package func send(_ bytes: [UInt8]) throws {
    var offset = 0
    while offset < bytes.count {
      let sent = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(
          descriptor, $0.baseAddress?.advanced(by: offset), bytes.count - offset, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { throw PeerError.system("send", errno) }
      offset += sent
    }
  }

  /// Ends the connection in order.
  package func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Ends the connection with a reset.
  package func reset() {
    var now = linger(l_onoff: 1, l_linger: 0)
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    close()
  }

  /// Waits for the other side to end the connection.
  package func waitForEnd() throws {
    try Loopback.wait(for: descriptor)
    var byte: UInt8 = 0
    guard unsafe recv(descriptor, &byte, 1, 0) <= 0 else { throw PeerError.unexpectedByte }
  }

  static func makeSocket() throws -> Int32 {
    let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard made >= 0 else { throw PeerError.system("socket", errno) }
    return made
  }
}

/// A server on the loopback.
package final class TCPPeerListener {
  package private(set) var port: UInt16
  private let descriptor: Int32

  /// - Parameter port: 0 lets the kernel choose one that is free.
  package init(port: UInt16 = 0, backlog: Int32 = 16) throws {
    let descriptor = try TCPPeer.makeSocket()
    self.descriptor = descriptor
    self.port = 0
    var on: Int32 = 1
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, 4)
    let bound = unsafe Loopback.withAddress(port) { unsafe bind(descriptor, $0, $1) }
    guard bound == 0, listen(descriptor, backlog) == 0 else { throw PeerError.system("listen", errno) }
    self.port = Loopback.port(of: descriptor)
  }

  deinit { close(descriptor) }

  package func accept() throws -> TCPPeer {
    try Loopback.wait(for: descriptor)
    let accepted = Glibc.accept(descriptor, nil, nil)
    guard accepted >= 0 else { throw PeerError.system("accept", errno) }
    return TCPPeer(adopting: accepted)
  }

  /// A port that nothing listens on, and nothing else is given while this exists: bound, and not listening.
  package static func withRefusingPort(_ body: (UInt16) throws -> Void) throws {
    let descriptor = try TCPPeer.makeSocket()
    defer { close(descriptor) }
    var on: Int32 = 1
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, 4)
    _ = unsafe Loopback.withAddress(0) { unsafe bind(descriptor, $0, $1) }
    try body(Loopback.port(of: descriptor))
  }
}

/// Why a peer cannot do what a test wants of it.
package enum PeerError: Error {
  case system(String, Int32)
  case nothingHappened
  case unexpectedByte
}

private enum Loopback {
  static func withAddress<Result>(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  static func port(of descriptor: Int32) -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(descriptor, $0, &length) }
    }
    return UInt16(bigEndian: address.sin_port)
  }

  static func wait(for descriptor: Int32) throws {
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&wanted, 1, 60_000) == 1 else { throw PeerError.nothingHappened }
  }
}
