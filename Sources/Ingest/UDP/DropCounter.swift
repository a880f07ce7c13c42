/// The kernel's 32-bit drop count of a socket, carried on to 64 bits.
///
/// The count is read in two ways that may be out of step: with a datagram, as it was when that datagram was queued, and
/// from the socket, as it is now. So a count that seems to go back is an old one, and is ignored.
package struct DropCounter {
  /// The drops since the socket was made.
  package private(set) var total: UInt64 = 0
  /// The kernel's count as it was read last.
  package private(set) var latest: UInt32 = 0

  /// Starts at no drops.
  package init() {}

  /// Goes on from a total, and the kernel's count that belongs to it.
  package init(total: UInt64, latest: UInt32) {
    self.total = total
    self.latest = latest
  }

  /// Takes in one reading of the kernel's count.
  package mutating func observe(_ count: UInt32) {
    let step = Int32(bitPattern: count &- latest)
    guard step > 0 else { return }
    total += UInt64(step)
    latest = count
  }
}
