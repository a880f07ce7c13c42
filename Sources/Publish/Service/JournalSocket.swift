import Glibc
import Synchronization

/// The journal of the system, spoken to in its own protocol instead of through standard error.
///
/// It never waits: what the journal does not take at once is lost and counted.
package final class JournalSocket: Sendable {
  /// What became of an entry.
  package enum Outcome: Equatable, Sendable {
    case sent
    /// The journal is behind; the entry is lost.
    case dropped
    /// Nobody listens there.
    case unreachable
  }

  /// Where the journal listens.
  package static let systemPath = "/run/systemd/journal/socket"

  private let descriptor: Int32
  private let address: UnixSocketAddress
  private let dropped = Atomic<UInt64>(0)

  /// A journal at a path; `nil` when there can be none.
  package init?(path: String = JournalSocket.systemPath) {
    guard let address = UnixSocketAddress(path: path) else { return nil }
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    self.address = address
  }

  deinit { close(descriptor) }

  /// The journal, when what is written to `output` goes there anyway, as the service manager says.
  ///
  /// - Parameter stream: `JOURNAL_STREAM`: device and inode of the journal's own socket.
  package static func behind(_ output: Int32, stream: String?, path: String = systemPath) -> JournalSocket? {
    var status = stat()
    guard let stream, unsafe fstat(output, &status) == 0, stream == "\(status.st_dev):\(status.st_ino)" else {
      return nil
    }
    return JournalSocket(path: path)
  }

  /// Entries that the journal did not take.
  package var droppedCount: UInt64 { dropped.load(ordering: .relaxed) }

  /// Hands over an entry; one that is too long for a datagram is cut.
  package func send(_ entry: JournalEntry) -> Outcome {
    var error = send(entry.bytes())
    if error == EMSGSIZE { error = send(entry.bytes(valueByteCapacity: JournalEntry.shortValueByteCapacity)) }
    switch error {
    case 0: return .sent
    case ENOENT, ECONNREFUSED, ENOTSOCK, EACCES, EPERM: return .unreachable
    default:
      dropped.add(1, ordering: .relaxed)
      return .dropped
    }
  }

  private func send(_ bytes: [UInt8]) -> Int32 {
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    let count = unsafe address.withSockaddr { pointer, length in
      unsafe sendto(descriptor, bytes, bytes.count, flags, pointer, length)
    }
    return count < 0 ? errno : 0
  }
}
