import Glibc

/// Keeps a directory for one daemon: two that wrote the same logs would number their records alike.
///
/// The kernel lets go of it when the process ends, however it ends; nothing is left behind.
final class DirectoryLock: Sendable {
  private let descriptor: Int32

  init(_ path: String) throws(ServiceError) {
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotCreate(path: path, errno: errno) }
    var status = stat()
    // Whoever may write there may put a file of theirs in the place of a log.
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IWOTH == 0 else {
      close(descriptor)
      throw .directoryOfEveryone(path: path)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .directoryInUse(path: path)
    }
    self.descriptor = descriptor
  }

  /// Nothing of this daemon is written there any longer.
  func release() { _ = flock(descriptor, LOCK_UN) }

  deinit { close(descriptor) }
}
