import Glibc

/// The few system calls of a Unix stream socket that the server needs.
enum UnixSocket {
  /// Who is at the other end, as the kernel has noted it at the time of the connection.
  struct PeerCredentials: Equatable, Sendable {
    var processID: Int32 = 0
    var userID: UInt32 = .max
    var groupID: UInt32 = .max
  }

  /// What came of one attempt to take up a connection.
  enum Acceptance: Equatable {
    case connection(Int32)
    case none
    /// There are no descriptors or no memory for it; better wait than try at once.
    case outOfResources
  }

  static func accept(on descriptor: Int32) -> Acceptance {
    while true {
      let connection = Glibc.accept(descriptor, nil, nil)
      if connection >= 0 {
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        return .connection(connection)
      }
      switch errno {
      case EINTR, ECONNABORTED, EPROTO: continue
      case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .outOfResources
      default: return .none
      }
    }
  }

  static func credentials(of descriptor: Int32) -> PeerCredentials {
    // struct ucred is three 32-bit integers: pid, uid, gid.
    var fields: [UInt32] = [0, .max, .max]
    var length = socklen_t(fields.count * 4)
    guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &fields, &length) == 0 else {
      return PeerCredentials()
    }
    return PeerCredentials(processID: Int32(bitPattern: fields[0]), userID: fields[1], groupID: fields[2])
  }

  /// A second descriptor of the same socket; `nil` if there is none to be had.
  static func duplicate(_ descriptor: Int32) -> Int32? {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    return copy >= 0 ? copy : nil
  }

  /// Reads what is there. `nil`: nothing yet; an empty slice: the other side has ended.
  static func receive(_ descriptor: Int32, into buffer: inout [UInt8]) throws(SocketFailure) -> ArraySlice<UInt8>? {
    while true {
      let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      if count >= 0 { return buffer[..<count] }
      switch errno {
      case EINTR: continue
      case EAGAIN: return nil
      default: throw SocketFailure(errno: errno)
      }
    }
  }

  /// Writes as much as there is room for. `nil`: no room now.
  static func send(_ descriptor: Int32, _ bytes: [UInt8], from offset: Int) throws(SocketFailure) -> Int? {
    while true {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset...])
        return unsafe Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
      }
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: return nil
      default: throw SocketFailure(errno: errno)
      }
    }
  }

  /// Makes room in the kernel for the last words to a client that has stopped reading.
  static func widenSendBuffer(_ descriptor: Int32) {
    var byteCount: Int32 = 1 << 20
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &byteCount, socklen_t(MemoryLayout<Int32>.size))
  }
}

/// A connection that has failed. It is closed; nobody is told.
struct SocketFailure: Error, Equatable {
  let errno: Int32
}

/// Closes a descriptor from a place that has nothing to do with an error.
func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }
