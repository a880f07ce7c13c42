package import Glibc

/// The address of a Unix socket: a path, or a name in the abstract space.
package struct UnixSocketAddress: Sendable {
  /// What `sun_path` holds, with the zero that ends a path.
  static let capacity = 108

  private let name: [UInt8]

  /// A path in the file system; `nil` if it is empty, too long or has a zero byte in it.
  package init?(path: String) {
    let bytes = Array(path.utf8)
    guard !bytes.isEmpty, bytes.count < Self.capacity, !bytes.contains(0) else { return nil }
    self.init(name: bytes + [0])
  }

  /// As service managers write it: an absolute path, or `@` and a name in the abstract space.
  package init?(serviceManagerPath text: String) {
    if text.hasPrefix("@") {
      let bytes = Array(text.utf8.dropFirst())
      guard !bytes.isEmpty, bytes.count < Self.capacity else { return nil }
      self.init(name: [0] + bytes)
    } else {
      guard text.hasPrefix("/") else { return nil }
      self.init(path: text)
    }
  }

  private init(name: [UInt8]) { self.name = name }

  /// Lends the address to a system call.
  @unsafe
  package func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
    let length = MemoryLayout<sockaddr_un>.offset(of: \.sun_path).map { $0 + name.count } ?? 0
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, socklen_t(length)) }
    }
  }
}
