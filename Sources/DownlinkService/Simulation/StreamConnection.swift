import Glibc
import Ingest

/// One TCP connection to send over. Opening and sending wait; ending it is a matter of letting it go.
@safe final class StreamConnection {
  private let descriptor: Int32
  private let address: String

  /// Connects to whoever listens there.
  init(connectingTo host: String, port: UInt16) throws(ServiceError) {
    address = StreamListener.text(host, port)
    descriptor = try unsafe StreamListener.makeSocket(host, port, call: "connect") { descriptor, address, byteCount in
      unsafe connect(descriptor, address, byteCount)
    }
  }

  fileprivate init(accepted descriptor: Int32, address: String) {
    self.descriptor = descriptor
    self.address = address
  }

  deinit { close(descriptor) }

  /// Sends everything, however long that takes.
  func send(_ bytes: [UInt8]) throws(ServiceError) {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { raw in
        let start = unsafe raw.baseAddress.map { unsafe $0 + sent }
        return unsafe Glibc.send(descriptor, start, raw.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count >= 0 {
        sent += count
      } else if errno != EINTR {
        throw .ingest(.system(call: "send", errno: errno, address: address))
      }
    }
  }
}

/// A TCP port that takes one connection at a time.
@safe final class StreamListener {
  private let descriptor: Int32
  private let address: String
  /// The port that was bound: the one asked for, or one that the kernel chose for 0.
  let port: UInt16

  init(host: String, port: UInt16) throws(ServiceError) {
    let address = Self.text(host, port)
    let descriptor = try unsafe Self.makeSocket(host, port, call: "bind") { descriptor, socketAddress, byteCount in
      var isReused: Int32 = 1
      unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isReused, socklen_t(MemoryLayout<Int32>.size))
      return unsafe bind(descriptor, socketAddress, byteCount)
    }
    self.descriptor = descriptor
    self.address = address
    var bound = sockaddr_in6()
    var byteCount = socklen_t(MemoryLayout<sockaddr_in6>.size)
    // Both families have the port in the same place.
    _ = unsafe withUnsafeMutablePointer(to: &bound) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &byteCount)
      }
    }
    self.port = UInt16(bigEndian: bound.sin6_port)
    guard listen(descriptor, 1) == 0 else { throw .ingest(.system(call: "listen", errno: errno, address: address)) }
  }

  deinit { close(descriptor) }

  /// Waits for a peer.
  func accept() throws(ServiceError) -> StreamConnection {
    while true {
      let connection = Glibc.accept(descriptor, nil, nil)
      if connection >= 0 { return StreamConnection(accepted: connection, address: address) }
      guard errno == EINTR || errno == ECONNABORTED else {
        throw .ingest(.system(call: "accept", errno: errno, address: address))
      }
    }
  }

  fileprivate static func text(_ host: String, _ port: UInt16) -> String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  fileprivate static func makeSocket(
    _ host: String, _ port: UInt16, call: String,
    _ attach: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32
  ) throws(ServiceError) -> Int32 {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    var found: UnsafeMutablePointer<addrinfo>?
    let numeric = host == "localhost" ? "127.0.0.1" : host
    guard unsafe getaddrinfo(numeric, String(port), &hints, &found) == 0, let first = unsafe found else {
      throw .ingest(.notAnAddress(host))
    }
    defer { unsafe freeaddrinfo(first) }
    let descriptor = unsafe socket(first.pointee.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .ingest(.system(call: "socket", errno: errno, address: text(host, port))) }
    guard unsafe attach(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0 else {
      let reason = errno
      close(descriptor)
      throw .ingest(.system(call: call, errno: reason, address: text(host, port)))
    }
    return descriptor
  }
}
