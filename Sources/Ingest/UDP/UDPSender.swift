internal import CLinux
internal import Glibc

/// A UDP socket that sends to one place: what replay over loopback and the simulated spacecraft talk through.
///
/// Sending waits while the kernel's send buffer is full. Pacing is the caller's business.
@safe package final class UDPSender {
  /// The most datagrams that one system call sends.
  package static let batchCapacity = Int(CLINUX_SEND_BATCH_CAPACITY)

  private let fileDescriptor: Int32
  private let address: String

  /// Connects a socket.
  /// - Parameter interface: The IPv4 address of the interface to send multicast datagrams by.
  package init(host: String, port: UInt16, interface: String? = nil) throws(IngestError) {
    let address = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    let remote = try Endpoint(host: host, port: port)
    let outgoing = if let interface { try Endpoint(host: interface, port: 0) } else { Endpoint?.none }
    let descriptor = try remote.makeSocket(nonblocking: false, description: address)
    do throws(IngestError) {
      try outgoing?.sendGroup(by: descriptor, description: address)
      try remote.connect(descriptor, description: address)
    } catch {
      close(descriptor)
      throw error
    }
    fileDescriptor = descriptor
    self.address = address
  }

  deinit { close(fileDescriptor) }

  /// Sends one datagram.
  package func send(_ datagram: RawSpan) throws(IngestError) {
    var byteCount = datagram.byteCount
    _ = try unsafe datagram.withUnsafeBytes { bytes throws(IngestError) in
      try unsafe sendSome(bytes.baseAddress, &byteCount, 1)
    }
  }

  /// Sends datagrams that lie one behind the other in `bytes`, as few system calls as may be.
  ///
  /// - Parameter byteCounts: Their lengths, which together are no longer than `bytes`.
  package func sendBatch(_ bytes: RawSpan, byteCounts: [Int]) throws(IngestError) {
    var sent = 0
    var offset = 0
    while sent < byteCounts.count {
      let step = min(byteCounts.count - sent, Self.batchCapacity)
      let total = byteCounts[sent..<(sent + step)].reduce(0, +)
      let part = bytes.extracting(offset..<(offset + total))
      let count = try unsafe part.withUnsafeBytes { raw throws(IngestError) in
        let counts = byteCounts.span.extracting(sent..<(sent + step))
        return try unsafe counts.withUnsafeBufferPointer { lengths throws(IngestError) in
          try unsafe sendSome(raw.baseAddress, lengths.baseAddress, UInt32(step))
        }
      }
      offset += byteCounts[sent..<(sent + count)].reduce(0, +)
      sent += count
    }
  }

  private func sendSome(
    _ bytes: UnsafeRawPointer?, _ byteCounts: UnsafePointer<Int>?, _ datagramCount: UInt32
  ) throws(IngestError) -> Int {
    // A refusal reports that an earlier datagram found no receiver; this one has not been sent and may find one.
    for _ in 0..<Self.attemptLimit {
      let count = unsafe clinux_send_batch(fileDescriptor, bytes, byteCounts, datagramCount)
      switch -count {
      case EINTR, ECONNREFUSED: continue
      case 1...: throw .system(call: "send", errno: -count, address: address)
      default: return Int(count)
      }
    }
    throw .system(call: "send", errno: ECONNREFUSED, address: address)
  }

  private static let attemptLimit = 8
}
