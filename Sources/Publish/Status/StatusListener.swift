import Glibc

/// The socket in the file system that clients connect to.
package struct StatusListener {
  private static let backlog: Int32 = 64

  /// The listening socket; whoever opened the listener closes it.
  package let descriptor: Int32
  private let path: String
  private let device: dev_t
  private let inode: ino_t

  /// Binds and listens. The socket has its mode before anybody can connect to it.
  ///
  /// What an earlier run has left at the path is removed only if it is a socket of ours that nobody answers on.
  ///
  /// - Parameter mode: What the file system lets connect, whatever the umask is.
  package static func open(path: String, mode: UInt32 = 0o660) throws(PublishError) -> StatusListener {
    guard let address = UnixSocketAddress(path: path) else {
      throw .socketPathTooLong(path: path, limit: UnixSocketAddress.capacity - 1)
    }
    try removeStaleSocket(at: path, address)
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, type, 0)
    guard descriptor >= 0 else { throw .system(.createSocket, path: path, errno: errno) }
    do throws(PublishError) {
      return try bind(descriptor, path: path, address, mode)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Removes the name, if it still leads to this socket.
  package func removeName() {
    var status = stat()
    guard unsafe lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode else { return }
    _ = unsafe unlink(path)
  }

  private static func bind(
    _ descriptor: Int32, path: String, _ address: UnixSocketAddress, _ mode: mode_t
  ) throws(PublishError) -> StatusListener {
    // The mode of an unbound socket is that of the name it gets, less the umask; so the name is never wider than it
    // may be. Then the umask is undone, before `listen` lets the first client in. The process's umask stays alone.
    _ = fchmod(descriptor, mode)
    guard unsafe address.withSockaddr({ unsafe Glibc.bind(descriptor, $0, $1) }) == 0 else {
      throw .system(.bindSocket, path: path, errno: errno)
    }
    var status = stat()
    guard unsafe chmod(path, mode) == 0, unsafe lstat(path, &status) == 0 else {
      throw .system(.bindSocket, path: path, errno: errno)
    }
    guard Glibc.listen(descriptor, backlog) == 0 else { throw .system(.listen, path: path, errno: errno) }
    return StatusListener(descriptor: descriptor, path: path, device: status.st_dev, inode: status.st_ino)
  }

  private static func removeStaleSocket(at path: String, _ address: UnixSocketAddress) throws(PublishError) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else {
      guard errno == ENOENT else { throw .system(.inspectSocket, path: path, errno: errno) }
      return
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
    guard status.st_uid == geteuid() else { throw .socketOfAnotherUser(path: path, owner: status.st_uid) }
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let probe = socket(AF_UNIX, type, 0)
    guard probe >= 0 else { throw .system(.createSocket, path: path, errno: errno) }
    defer { close(probe) }
    let isRefused = unsafe address.withSockaddr { unsafe connect(probe, $0, $1) } != 0 && errno == ECONNREFUSED
    guard isRefused else { throw .socketInUse(path: path) }
    guard unsafe unlink(path) == 0 else { throw .system(.removeSocket, path: path, errno: errno) }
  }
}
