internal import CLinux
internal import Glibc

/// A numeric address as the kernel wants it, to make, bind, join or connect sockets with.
struct Endpoint {
  var address: clinux_address

  /// - Throws: `.notAnAddress`. Names are not looked up: a daemon that waits for DNS does not receive.
  init(host: String, port: UInt16) throws(IngestError) {
    address = clinux_address()
    let numeric = host == "localhost" ? "127.0.0.1" : host
    guard unsafe clinux_address_parse(numeric, port, &address) == 0 else { throw .notAnAddress(host) }
  }

  func makeSocket(nonblocking: Bool, description: String) throws(IngestError) -> Int32 {
    var address = address
    return try check(unsafe clinux_udp_socket(&address, nonblocking ? 1 : 0), "socket", description)
  }

  func bind(_ descriptor: Int32, description: String) throws(IngestError) {
    var address = address
    try check(unsafe clinux_bind(descriptor, &address), "bind", description)
  }

  func connect(_ descriptor: Int32, description: String) throws(IngestError) {
    var address = address
    try check(unsafe clinux_connect(descriptor, &address), "connect", description)
  }

  func sendGroup(by descriptor: Int32, description: String) throws(IngestError) {
    var address = address
    try check(unsafe clinux_send_group_by(descriptor, &address), "setsockopt", description)
  }
}

/// Turns a negated error number into a thrown one.
@discardableResult
func check(_ result: Int32, _ call: String, _ address: String) throws(IngestError) -> Int32 {
  guard result >= 0 else { throw .system(call: call, errno: -result, address: address) }
  return result
}
