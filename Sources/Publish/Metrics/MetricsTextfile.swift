import Dispatch
import Glibc
import Synchronization

/// The file that metrics are written to for a node_exporter to read: whoever reads it finds the old ones or the new
/// ones, whole.
///
/// It is written on a queue of its own. What the disk has not taken yet is not followed by more, and what it refuses is
/// counted and tried again the next time.
package final class MetricsTextfile: Sendable {
  package let path: String
  private let writes = SharedCount()
  private let errors = SharedCount()
  private let lastFailure = Mutex<PublishError?>(nil)
  private let isWriting = Atomic<Bool>(false)
  private let queue = DispatchQueue(label: "downlinkd.textfile", qos: .utility)

  /// A file that nothing was written to yet.
  ///
  /// - Parameter path: Its directory has to be there.
  package init(path: String) { self.path = path }

  /// Times that it was written.
  package var writeCount: Int { Int(clamping: writes.value) }
  /// Times that it could not be written, or that the last time was not over.
  package var errorCount: Int { Int(clamping: errors.value) }
  /// Why it could not be written the last time; nothing when it could.
  package var failure: PublishError? { lastFailure.withLock { $0 } }

  /// Writes it, and does not wait for that.
  ///
  /// - Parameters:
  ///   - document: Makes what is to be in it, on the file's queue.
  ///   - completion: Called there when it is done.
  package func submit(
    _ document: @escaping @Sendable () -> [UInt8], _ completion: @escaping @Sendable () -> Void = {}
  ) {
    guard !isWriting.exchange(true, ordering: .acquiringAndReleasing) else {
      note(.system(.writeTextfile, path: path, errno: EBUSY))
      return
    }
    queue.async { [self] in
      do throws(PublishError) {
        try write(document())
        writes.add()
        lastFailure.withLock { $0 = nil }
      } catch {
        note(error)
      }
      isWriting.store(false, ordering: .releasing)
      completion()
    }
  }

  private func note(_ error: PublishError) {
    errors.add()
    lastFailure.withLock { $0 = error }
  }

  private func write(_ bytes: [UInt8]) throws(PublishError) {
    // Its name does not end as that of a file which is read.
    let temporary = path + ".tmp"
    _ = unsafe unlink(temporary)
    let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw failure(errno) }
    var (byteCount, error) = FileBytes.write(bytes, to: file)
    // Whoever may enter the directory may read it, whatever the mask of this process.
    if byteCount == bytes.count, fchmod(file, 0o644) != 0 { (byteCount, error) = (0, errno) }
    if close(file) != 0, byteCount == bytes.count { (byteCount, error) = (0, errno) }
    if byteCount == bytes.count {
      guard unsafe rename(temporary, path) != 0 else { return }
      error = errno
    }
    _ = unsafe unlink(temporary)
    throw failure(error)
  }

  private func failure(_ number: Int32) -> PublishError { .system(.writeTextfile, path: path, errno: number) }
}
