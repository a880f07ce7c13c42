internal import CLinux
internal import Glibc

/// A UDP socket that lends what it receives, a batch of datagrams for each system call.
///
/// Nothing is allocated after `open`. The receiver has one owner and is used on that owner's queue only; the descriptor
/// is closed when the receiver goes away, which must not be before a read source on it has been cancelled.
@safe package final class UDPReceiver: @unchecked Sendable {
  /// The most datagrams that one batch holds.
  package static let batchCapacity = 64

  /// For a read source to wait on.
  package let fileDescriptor: Int32
  /// The port that the socket is bound to: the kernel's choice where port 0 was asked for.
  package let localPort: UInt16
  package let requestedReceiveBufferByteCount: Int
  /// The receive buffer as read back. The kernel reports twice what it granted, because it counts its own overhead.
  package let receiveBufferByteCount: Int

  private let address: String
  private let batch: OpaquePointer
  private var drops = DropCounter()

  /// Binds a socket, and joins the multicast group if one is named.
  package static func open(_ input: UDPInput) throws(IngestError) -> UDPReceiver {
    let local = try Endpoint(host: input.host, port: input.port)
    let descriptor = try local.makeSocket(nonblocking: true, description: input.address)
    do throws(IngestError) {
      return try UDPReceiver(descriptor, bindingTo: local, input)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Goes on with a socket that is bound already, as `input` says; what waits in it is not lost.
  ///
  /// - Parameter descriptor: Belongs to the receiver from now on, and is closed when this fails.
  package static func open(_ input: UDPInput, adopting descriptor: Int32) throws(IngestError) -> UDPReceiver {
    do throws(IngestError) {
      return try UDPReceiver(descriptor, bindingTo: nil, input)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// - Parameter local: Where to bind the socket to; absent for one that is bound.
  private init(_ descriptor: Int32, bindingTo local: Endpoint?, _ input: UDPInput) throws(IngestError) {
    let address = input.address
    try check(
      clinux_set_receive_buffer(descriptor, Int32(clamping: input.receiveBufferByteCount)), "setsockopt", address)
    // Before the socket is bound, so that the first datagram has a time too.
    try check(clinux_enable_receive_information(descriptor), "setsockopt", address)
    if let group = input.group, local != nil {
      try Endpoint(host: group, port: input.port).join(descriptor, interface: input.interface, description: address)
    }
    try local?.bind(descriptor, description: address)
    localPort = UInt16(truncatingIfNeeded: try check(clinux_local_port(descriptor), "getsockname", address))
    receiveBufferByteCount = Int(try check(clinux_receive_buffer(descriptor), "getsockopt", address))
    let slotByteCount = min(max(input.maximumDatagramByteCount, 1), UDPInput.largestDatagramByteCount)
    guard let batch = unsafe clinux_receive_batch_create(UInt32(Self.batchCapacity), slotByteCount) else {
      throw .system(call: "mmap", errno: ENOMEM, address: address)
    }
    unsafe self.batch = batch
    requestedReceiveBufferByteCount = input.receiveBufferByteCount
    fileDescriptor = descriptor
    self.address = address
  }

  deinit {
    unsafe clinux_receive_batch_destroy(batch)
    close(fileDescriptor)
  }

  /// Whether the kernel gave all the receive buffer that was asked for.
  package var isReceiveBufferGranted: Bool { receiveBufferByteCount / 2 >= requestedReceiveBufferByteCount }

  /// Lends what the socket holds, at most `batchCapacity` datagrams, without waiting.
  ///
  /// - Returns: The datagrams lent; fewer than `batchCapacity` when the socket is empty now.
  package func receiveBatch(_ body: (RawSpan, DatagramInfo) -> Void) throws(IngestError) -> Int {
    let count = try fillBatch()
    for slot in 0..<UInt32(count) {
      let datagram = unsafe clinux_receive_batch_datagram(batch, slot).pointee
      if datagram.has_drop_count != 0 { drops.observe(datagram.drop_count) }
      let bytes = unsafe RawSpan(
        _unsafeStart: clinux_receive_batch_bytes(batch, slot), byteCount: datagram.byte_count)
      body(bytes, DatagramInfo(datagram, destinationPort: localPort))
    }
    return count
  }

  /// Datagrams that the kernel had no room for, or refused for their checksum, since the socket was made.
  ///
  /// Asks the kernel, because a received datagram tells only of drops before it. Once the socket is empty and closed to
  /// senders, sent = received + dropped.
  package func readKernelDroppedDatagramCount() -> UInt64 {
    if let memory { drops.observe(memory.drop_count) }
    return drops.total
  }

  /// The same count as of the last datagram received, or the last time it was read; costs nothing.
  package var kernelDroppedDatagramCount: UInt64 { drops.total }

  /// Kernel memory that waiting datagrams take of the receive buffer.
  package var receiveQueueByteCount: Int { Int(memory?.receive_queue_byte_count ?? 0) }

  private var memory: clinux_socket_memory? {
    var memory = clinux_socket_memory()
    return unsafe clinux_socket_memory(fileDescriptor, &memory) == 0 ? memory : nil
  }

  private func fillBatch() throws(IngestError) -> Int {
    // An ICMP message about something sent earlier, or a signal, is no reason to stop; but bounded, as every loop.
    for _ in 0..<Self.attemptLimit {
      let count = unsafe clinux_receive_batch_fill(batch, fileDescriptor)
      switch -count {
      case EAGAIN: return 0
      case EINTR, ECONNREFUSED, EHOSTUNREACH, ENETUNREACH: continue
      case 1...: throw .system(call: "recvmmsg", errno: -count, address: address)
      default: return Int(count)
      }
    }
    return 0
  }

  private static let attemptLimit = 8
}

extension DatagramInfo {
  fileprivate init(_ datagram: clinux_datagram, destinationPort: UInt16) {
    let source =
      datagram.is_ipv6 != 0
      ? SocketAddress(ipv6High: datagram.address_high, low: datagram.address_low, port: datagram.port)
      : SocketAddress(ipv4: UInt32(truncatingIfNeeded: datagram.address_low), port: datagram.port)
    self.init(
      receivedAtNanoseconds: datagram.has_time != 0 ? datagram.time_nanoseconds : nil, source: source,
      destinationPort: destinationPort, originalByteCount: datagram.original_byte_count,
      isTruncated: datagram.original_byte_count > datagram.byte_count)
  }
}
