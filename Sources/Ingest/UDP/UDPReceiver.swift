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
  private let memory: ReceiveMemory
  private let batch: OpaquePointer
  private var drops = DropCounter()

  /// Binds a socket, and joins the multicast group if one is named; or goes on with a socket that is bound already, so
  /// that what waits in it is not lost.
  ///
  /// - Parameters:
  ///   - descriptor: A socket that is bound as `input` says. It belongs to the receiver from now on, and is closed when
  ///     this fails.
  ///   - memory: What to receive into, made for datagrams of `input`; absent, it ends with the receiver.
  package static func open(
    _ input: UDPInput, adopting descriptor: Int32? = nil, into memory: ReceiveMemory? = nil
  ) throws(IngestError) -> UDPReceiver {
    var socket = descriptor ?? -1
    do throws(IngestError) {
      let local = try Endpoint(host: input.host, port: input.port)
      if descriptor == nil { socket = try local.makeSocket(nonblocking: true, description: input.address) }
      let unbound = descriptor == nil ? local : nil
      if let memory { return try UDPReceiver(socket, bindingTo: unbound, input, memory) }
      let passing = try ReceiveMemory.make(slotByteCount: input.slotByteCount, isKept: false)
      return try UDPReceiver(socket, bindingTo: unbound, input, passing)
    } catch {
      if socket >= 0 { close(socket) }
      throw error
    }
  }

  private init(
    _ descriptor: Int32, bindingTo local: Endpoint?, _ input: UDPInput, _ memory: ReceiveMemory
  ) throws(IngestError) {
    let address = input.address
    let bufferByteCount = Int32(clamping: input.receiveBufferByteCount)
    let outcome =
      local == nil
      ? clinux_grow_receive_buffer(descriptor, bufferByteCount)
      : clinux_set_receive_buffer(descriptor, bufferByteCount)
    try check(outcome, "setsockopt", address)
    // Before the socket is bound, so that the first datagram has a time too.
    try check(clinux_enable_receive_information(descriptor), "setsockopt", address)
    if var membership = try GroupMembership(input) { try membership.join(descriptor, description: address) }
    try local?.bind(descriptor, description: address)
    localPort = UInt16(truncatingIfNeeded: try check(clinux_local_port(descriptor), "getsockname", address))
    receiveBufferByteCount = Int(try check(clinux_receive_buffer(descriptor), "getsockopt", address))
    guard let batch = unsafe clinux_receive_batch_create(memory.pointer) else {
      throw .system(call: "calloc", errno: ENOMEM, address: address)
    }
    unsafe self.batch = batch
    self.memory = memory
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
    lend(count, body)
    return count
  }

  private func lend(_ count: Int, _ body: (RawSpan, DatagramInfo) -> Void) {
    for slot in 0..<UInt32(count) {
      let datagram = unsafe clinux_receive_batch_datagram(batch, slot).pointee
      if datagram.has_drop_count != 0 { drops.observe(datagram.drop_count) }
      let bytes = unsafe RawSpan(
        _unsafeStart: clinux_receive_batch_bytes(batch, slot), byteCount: datagram.byte_count)
      body(bytes, DatagramInfo(datagram, destinationPort: localPort))
    }
  }

  /// Datagrams that the kernel had no room for, or refused for their checksum, since the socket was made.
  ///
  /// Asks the kernel, because a received datagram tells only of drops before it. Once the socket is empty and closed to
  /// senders, sent = received + dropped.
  package func readKernelDroppedDatagramCount() -> UInt64 {
    if let state = queueState { drops.observe(state.drop_count) }
    return drops.total
  }

  /// The same count as of the last datagram received, or the last time it was read; costs nothing.
  package var kernelDroppedDatagramCount: UInt64 { drops.total }

  /// Kernel memory that waiting datagrams take of the receive buffer.
  package var receiveQueueByteCount: Int { Int(queueState?.receive_queue_byte_count ?? 0) }

  private var queueState: clinux_socket_memory? {
    var state = clinux_socket_memory()
    return unsafe clinux_socket_memory(fileDescriptor, &state) == 0 ? state : nil
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

  // MARK: What outlives the process

  /// Whether there is room for a batch; if not, the state has to be saved, or forgotten, before the next one.
  package var hasRoom: Bool { unsafe clinux_receive_batch_room(batch) == Self.batchCapacity }

  /// Whoever holds it keeps the memory; nothing for memory that ends with the receiver.
  package var memoryDescriptor: Int32? { memory.descriptor }

  /// The state that the memory had when it was taken over.
  package func loadState() -> [UInt8]? { memory.load() }

  /// Lends again the next datagrams that came after that state. Call it until there are no more, before the first batch
  /// is received.
  package func recallBatch(_ body: (RawSpan, DatagramInfo) -> Void) -> Int {
    let count = Int(unsafe clinux_receive_batch_recall(batch))
    lend(count, body)
    return count
  }

  /// Saves the state that all datagrams received so far have led to, and makes room.
  ///
  /// - Returns: Whether there was room for the state.
  package func save(_ state: [UInt8]) -> Bool {
    unsafe clinux_receive_batch_save(batch, state, state.count) == 0
  }

  /// Makes room without a state: nobody will be able to go on from here.
  package func forgetState() { unsafe clinux_receive_batch_forget(batch) }

  /// Tells this socket from every other since the machine was started.
  package var socketCookie: UInt64 { clinux_socket_cookie(fileDescriptor) }

  /// The kernel's own count as it was read last.
  package var socketDropCount: UInt32 { drops.latest }

  /// Goes on counting drops where another receiver of the same socket left off.
  ///
  /// - Parameters:
  ///   - total: What was counted so far.
  ///   - latest: The kernel's own count then.
  package func resumeDrops(total: UInt64, latest: UInt32) { drops = DropCounter(total: total, latest: latest) }
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
