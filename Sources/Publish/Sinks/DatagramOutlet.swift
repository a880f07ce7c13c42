internal import CLinux
internal import Glibc

/// A UDP socket that datagrams leave by without ever waiting: what the kernel has no room for is dropped, and counted.
///
/// Datagrams are gathered, and sent with a system call for each 64 of them, or when `flush()` is called. Every one that
/// is given to it ends in exactly one of its counts. Not for more than one queue.
@safe package final class DatagramOutlet {
  /// What became of all that was given to it.
  package struct Counts: Sendable, Equatable {
    package var sent = 0
    package var sentByteCount = 0
    /// The send buffer of the socket was full.
    package var noRoom = 0
    /// Longer than a datagram can be.
    package var tooLong = 0
    /// The system refused for another reason.
    package var failed = 0

    package var dropped: Int { noRoom + tooLong + failed }
  }

  /// What IPv4 has room for behind its header and that of UDP.
  private static let largestDatagramByteCount = 65_507
  private static let batchCapacity = Int(CLINUX_SEND_BATCH_CAPACITY)
  private static let bufferCapacity = 256 << 10
  /// The kernel grants what net.core.wmem_max allows.
  private static let sendBufferByteCount: Int32 = 4 << 20
  private static let attemptLimit = 8

  package private(set) var counts = Counts()
  /// How often the system told that nobody has the port open: of a receiver on another host it may be told rarely.
  package private(set) var refusalCount = 0
  /// What the system said last when it refused; 0 when a datagram has been sent since.
  package private(set) var lastErrno: Int32 = 0
  private let host: String
  private let port: UInt16
  private var descriptor: Int32 = -1
  private var bytes: [UInt8] = []
  private var byteCounts: [Int] = []

  /// Nothing is opened yet: `open()` does that, or the first flush.
  ///
  /// - Parameter host: An address in numbers.
  package init(host: String, port: UInt16) {
    self.host = host
    self.port = port
    bytes.reserveCapacity(Self.bufferCapacity)
    byteCounts.reserveCapacity(Self.batchCapacity)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Takes a datagram, to be sent with the next batch.
  package func append(_ datagram: RawSpan) {
    guard datagram.byteCount <= Self.largestDatagramByteCount else {
      counts.tooLong += 1
      return
    }
    if byteCounts.count == Self.batchCapacity || bytes.count + datagram.byteCount > Self.bufferCapacity { flush() }
    unsafe datagram.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    byteCounts.append(datagram.byteCount)
  }

  /// Sends what is gathered, as far as there is room.
  package func flush() {
    guard !byteCounts.isEmpty else { return }
    defer {
      bytes.removeAll(keepingCapacity: true)
      byteCounts.removeAll(keepingCapacity: true)
    }
    guard descriptor >= 0 else {
      counts.failed += byteCounts.count
      return
    }
    var sent = 0
    var attempts = 0
    while sent < byteCounts.count {
      let count = send(from: sent)
      switch -count {
      case EINTR: continue
      // It is about an earlier datagram; this one has not been sent, and may find a receiver.
      case ECONNREFUSED:
        refusalCount += 1
        attempts += 1
        guard attempts >= Self.attemptLimit else { continue }
        return drop(byteCounts.count - sent, ECONNREFUSED)
      case 1...: return drop(byteCounts.count - sent, -count)
      default:
        for length in byteCounts[sent..<(sent + Int(count))] { counts.sentByteCount += length }
        counts.sent += Int(count)
        sent += Int(count)
        lastErrno = 0
      }
    }
  }

  /// Opens the socket unless it is open: call it before the first datagram, and now and then while that fails.
  package func open() {
    guard descriptor < 0 else { return }
    var address = clinux_address()
    guard unsafe clinux_address_parse(host, port, &address) == 0 else {
      lastErrno = EINVAL
      return
    }
    let socket = unsafe clinux_udp_socket(&address, 1)
    guard socket >= 0 else {
      lastErrno = -socket
      return
    }
    var size = Self.sendBufferByteCount
    _ = unsafe setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    let outcome = unsafe clinux_connect(socket, &address)
    guard outcome >= 0 else {
      lastErrno = -outcome
      close(socket)
      return
    }
    descriptor = socket
  }

  private func send(from first: Int) -> Int32 {
    let offset = byteCounts[..<first].reduce(0, +)
    return unsafe bytes.withUnsafeBytes { raw in
      unsafe byteCounts.withUnsafeBufferPointer { lengths in
        let start = unsafe raw.baseAddress.map { unsafe $0 + offset }
        let firstLength = unsafe lengths.baseAddress.map { unsafe $0 + first }
        return unsafe clinux_send_batch(descriptor, start, firstLength, UInt32(lengths.count - first))
      }
    }
  }

  private func drop(_ count: Int, _ errno: Int32) {
    lastErrno = errno
    if errno == EAGAIN { counts.noRoom += count } else { counts.failed += count }
  }
}
