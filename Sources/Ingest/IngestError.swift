internal import Glibc

/// Why bytes cannot arrive, or why no more of them will.
package enum IngestError: Error, Equatable, Sendable {
  /// A file that cannot be opened for reading.
  case cannotOpen(path: String, errno: Int32)
  /// A file that cannot be made.
  case cannotCreate(path: String, errno: Int32)
  /// Reading stopped in the middle; `byteOffset` bytes had been read.
  case cannotRead(path: String, byteOffset: Int, errno: Int32)
  /// Writing stopped in the middle: a full disk, for one.
  case cannotWrite(path: String, errno: Int32)
  /// A file that is no capture at all.
  case notACapture(path: String, reason: CaptureRefusal)
  /// A capture of something that never has IP in it, or not in a way that is understood.
  case unsupportedLinkType(path: String, linkType: Int32)
  /// A sound capture, but of a kind that libpcap does not read past this point.
  case unsupportedCapture(path: String, byteOffset: Int, reason: String)
  /// A capture that ends, or lies, in the record that begins at `byteOffset`. Everything before it was lent.
  case damaged(path: String, byteOffset: Int, reason: String)
  /// A text that is no numeric IP address.
  case notAnAddress(String)
  /// A network interface that cannot be captured on.
  case cannotCapture(interface: String, trouble: CaptureTrouble)
  /// A system call on a socket failed.
  case system(call: String, errno: Int32, address: String)
}

/// What a file is that was to be a capture.
package enum CaptureRefusal: Equatable, Sendable {
  case empty
  case compressed
  case unknownFormat
}

extension IngestError {
  /// What kind of trouble it is, as exit codes tell it.
  package enum Category: Int32, Sendable {
    case badData = 65
    case missingInput = 66
    case system = 71
    case cannotCreate = 73
    case inputOutput = 74
    case noPermission = 77
    case configuration = 78

    /// The code that a command which failed for this reason exits with.
    package var exitCode: Int32 { rawValue }
  }

  /// What kind of trouble it is.
  package var category: Category {
    switch self {
    case .cannotOpen(_, let errno): Self.isPermission(errno) ? .noPermission : .missingInput
    case .cannotCreate(_, let errno): Self.isPermission(errno) ? .noPermission : .cannotCreate
    case .cannotRead, .cannotWrite: .inputOutput
    case .notACapture, .unsupportedLinkType, .unsupportedCapture, .damaged: .badData
    case .notAnAddress: .configuration
    case .cannotCapture(_, let trouble): trouble == .noPermission ? .noPermission : .system
    case .system(_, let errno, _): Self.isPermission(errno) ? .noPermission : .system
    }
  }

  private static func isPermission(_ errno: Int32) -> Bool { errno == EACCES || errno == EPERM }
}

extension IngestError: CustomStringConvertible {
  /// What happened and what to do about it, in one line for a person.
  package var description: String {
    switch self {
    case .cannotOpen(let path, let errno):
      "\(path): cannot be opened: \(Self.text(errno))"
    case .cannotCreate(let path, let errno):
      "\(path): cannot be created: \(Self.text(errno))"
    case .cannotRead(let path, let byteOffset, let errno):
      "\(path): cannot be read past byte \(byteOffset): \(Self.text(errno))"
    case .cannotWrite(let path, let errno):
      "\(path): cannot be written: \(Self.text(errno))"
    case .notACapture(let path, let reason):
      "\(path): \(Self.text(reason))"
    case .unsupportedLinkType(let path, let linkType):
      "\(path): link type \(linkType) is not understood; Ethernet, Linux cooked, raw IP and BSD loopback are"
    case .unsupportedCapture(let path, let byteOffset, let reason):
      "\(path): not supported at byte \(byteOffset): \(reason); `editcap -F pcap` may convert it"
    case .damaged(let path, let byteOffset, let reason):
      "\(path): damaged at byte \(byteOffset): \(reason); everything before it was read"
    case .notAnAddress(let text):
      "\"\(text)\" is no IP address; write one such as 127.0.0.1 or ::1"
    case .cannotCapture(let interface, let trouble):
      "\(interface): cannot be captured on: \(trouble); \(trouble.hint)"
    case .system(let call, let errno, let address):
      "\(address): \(call) failed: \(Self.text(errno))\(Self.hint(call: call, errno: errno))"
    }
  }

  private static func text(_ reason: CaptureRefusal) -> String {
    switch reason {
    case .empty: "is empty, so it is no capture"
    case .compressed: "is compressed; decompress it first, for example with `gunzip` or `zstd -d`"
    case .unknownFormat: "is neither a pcap nor a pcapng capture"
    }
  }

  /// What an error number means.
  package static func text(_ errno: Int32) -> String {
    guard let text = unsafe strerror(errno) else { return "error \(errno)" }
    return unsafe String(cString: text)
  }

  private static func hint(call: String, errno: Int32) -> String {
    switch (call, errno) {
    case ("bind", EADDRINUSE): "; another program receives there, or another link: see `ss -lunp`"
    case ("listen", EADDRINUSE): "; another program listens there, or another link: see `ss -ltnp`"
    case ("bind", EADDRNOTAVAIL), ("listen", EADDRNOTAVAIL): "; this machine has no such address: see `ip address`"
    case ("bind", EACCES), ("listen", EACCES): "; ports below 1024 need CAP_NET_BIND_SERVICE"
    case ("join", ENODEV): "; there is no such interface: see `ip link`"
    case ("join", ENOBUFS): "; raise net.ipv4.igmp_max_memberships, or igmp_max_msf for the number of sources"
    case ("send", EMSGSIZE): "; a UDP datagram carries 65507 bytes at most"
    default: ""
    }
  }
}
