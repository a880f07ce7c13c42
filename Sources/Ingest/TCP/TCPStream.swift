internal import CLinux
package import Dispatch
internal import Glibc

/// The bytes of one TCP connection at a time, made or accepted, and had again whenever it breaks. It never writes.
///
///     connect   stopped -> resolving -> connecting -> connected
///                              ^            |             |
///                              +- waiting <-+-------------+     0.1 s, then twice as long each time it is in vain
///     listen    stopped -> listening <-> connected
///
/// The kernel's socket buffer is the only queue: when what is lent is not dealt with in time, the peer is held up. A
/// silent peer is asked by the kernel whether it is there, after 10 s and then three times every 5 s.
///
/// One peer is listened to at a time. A second one is sent away, unless the first connection turns out to have ended,
/// or it comes from the same machine while that is silent: then it has lost the first, which is replaced.
///
/// All state is confined to the queue. From `start` to the completion of `stop` the stream keeps itself alive.
@safe package final class TCPStream: @unchecked Sendable {
  /// The port that is listened to, the kernel's choice where 0 was asked for; 0 when connecting.
  package let localPort: UInt16
  /// The socket that peers connect to, open until `stop`; absent when connecting.
  package let listeningDescriptor: Int32?
  let input: TCPInput
  let queue: DispatchQueue
  let lookupQueue = DispatchQueue(label: "downlinkd.lookup")
  let isAllowed: @Sendable (SocketAddress) -> Bool
  var state = TCPStatus()
  /// The socket that is being connected, or is connected.
  var connection: WatchedDescriptor?
  /// Addresses of the peer that this attempt has yet to try.
  var candidates: [Endpoint] = []
  var isLookingUp = false
  var backoff: RetryBackoff
  private(set) var listener: WatchedDescriptor?
  private(set) var heardAt = DispatchTime.now()
  private let buffer: UnsafeMutableRawBufferPointer
  private var receive: (@Sendable (RawSpan) -> Void)?
  private var report: (@Sendable (TCPEvent) -> Void)?
  private var timer: (any DispatchSourceTimer)?
  private var deadline: DispatchTime?
  private var hasBegun = false
  private var hasEnded = false
  private var openCount = 0
  private var completions: [@Sendable () -> Void] = []
  /// Itself, as long as a source may call it.
  private var running: TCPStream?

  /// Prepares the input; one that listens is bound here, so that a port in use is known at once.
  ///
  /// - Parameters:
  ///   - listening: A socket that listens already as `input` says, to go on with: it belongs to the stream from now on.
  ///   - queue: A serial queue; everything happens on it, except that names are looked up elsewhere.
  ///   - isAllowed: Whether a peer may connect.
  package static func open(
    _ input: TCPInput, adopting listening: Int32? = nil, queue: DispatchQueue,
    isAllowed: @escaping @Sendable (SocketAddress) -> Bool = { _ in true }
  ) throws(IngestError) -> TCPStream {
    guard input.role == .listen else { return TCPStream(input, nil, 0, queue, isAllowed) }
    let descriptor = if let listening { listening } else { try listen(input) }
    let port = UInt16(clamping: clinux_local_port(descriptor))
    return TCPStream(input, descriptor, port, queue, isAllowed)
  }

  private static func listen(_ input: TCPInput) throws(IngestError) -> Int32 {
    let endpoint = try Endpoint(host: input.host, port: input.port)
    return try endpoint.listen(receiveBufferByteCount: input.receiveBufferByteCount, description: input.address)
  }

  private init(
    _ input: TCPInput, _ listening: Int32?, _ port: UInt16, _ queue: DispatchQueue,
    _ isAllowed: @escaping @Sendable (SocketAddress) -> Bool
  ) {
    self.input = input
    self.queue = queue
    self.isAllowed = isAllowed
    localPort = port
    listeningDescriptor = listening
    backoff = RetryBackoff(longestSeconds: input.longestRetrySeconds)
    unsafe buffer = .allocate(byteCount: Self.bufferByteCount, alignment: 64)
    listener = listening.map { hold($0) }
  }

  deinit { unsafe buffer.deallocate() }

  /// Begins. Only the first call has an effect, and none after `stop`.
  ///
  /// - Parameters:
  ///   - receive: Is lent what comes, on the queue.
  ///   - report: Is told what happens, on the queue.
  package func start(
    receive: @escaping @Sendable (RawSpan) -> Void, report: @escaping @Sendable (TCPEvent) -> Void
  ) {
    queue.async { @Sendable in self.begin(receive, report) }
  }

  /// Lends what the kernel still holds, and ends. `completion` runs on the queue when every descriptor is closed.
  package func stop(_ completion: @escaping @Sendable () -> Void) {
    queue.async { @Sendable in self.end(completion) }
  }

  /// Where it stands. To be asked on the queue.
  package var status: TCPStatus {
    var status = state
    if let number = connection?.number ?? listener?.number {
      status.receiveBufferByteCount = max(0, Int(clinux_receive_buffer(number)))
    }
    if state.connection == .connected, let connection {
      status.receiveQueueByteCount = max(0, Int(clinux_readable_byte_count(connection.number)))
    }
    return status
  }

  private static let bufferByteCount = 256 << 10
  /// What is lent before others on the queue get their turn.
  private static let turnByteCount = 1 << 20
  private static let silenceBeforeProbingSeconds: Int32 = 10
  private static let probeIntervalSeconds: Int32 = 5
  private static let probeCount: Int32 = 3
}

// MARK: Beginning and end

extension TCPStream {
  private func begin(
    _ receive: @escaping @Sendable (RawSpan) -> Void, _ report: @escaping @Sendable (TCPEvent) -> Void
  ) {
    guard !hasBegun, !hasEnded else { return }
    hasBegun = true
    running = self
    self.receive = receive
    self.report = report
    let timer = DispatchSource.makeTimerSource(queue: queue)
    timer.setEventHandler { @Sendable in self.timerFired() }
    timer.setCancelHandler { @Sendable in self.oneClosed() }
    timer.schedule(deadline: .distantFuture)
    self.timer = timer
    openCount += 1
    timer.activate()
    if let listener { beginListening(listener) } else { attempt() }
  }

  private func end(_ completion: @escaping @Sendable () -> Void) {
    completions.append(completion)
    if !hasEnded {
      hasEnded = true
      running = self
      if state.connection == .connected, let connection { takeRest(of: connection) }
      state.connection = .stopped
      connection?.close()
      connection = nil
      listener?.close()
      listener = nil
      timer?.cancel()
      timer = nil
    }
    completeIfAllIsClosed()
  }

  /// Takes charge of a descriptor, which `stop` waits for.
  func hold(_ descriptor: Int32) -> WatchedDescriptor {
    openCount += 1
    return WatchedDescriptor(descriptor, queue: queue) { @Sendable [weak self] in self?.oneClosed() }
  }

  private func oneClosed() {
    openCount -= 1
    completeIfAllIsClosed()
  }

  private func completeIfAllIsClosed() {
    guard hasEnded, openCount == 0 else { return }
    receive = nil
    report = nil
    running = nil
    let waiting = completions
    completions = []
    for completion in waiting { completion() }
  }

  func tell(_ event: TCPEvent) { report?(event) }
}

// MARK: Time

extension TCPStream {
  /// Has the timer fire once, after so long.
  func arm(_ seconds: Double) {
    let deadline = DispatchTime.now() + seconds
    self.deadline = deadline
    timer?.schedule(deadline: deadline, leeway: .milliseconds(1))
  }

  func disarm() {
    deadline = nil
    timer?.schedule(deadline: .distantFuture)
  }

  private func timerFired() {
    // It may have been on its way when it was set anew.
    guard let deadline, deadline <= .now(), !hasEnded else { return }
    self.deadline = nil
    switch state.connection {
    case .resolving: attemptFailed(.lookupTimeout)
    case .connecting: giveUpConnecting(.unanswered)
    case .waiting: attempt()
    case .connected: checkForSilence()
    case .listening, .stopped: break
    }
  }

  /// For how long the connection has been silent.
  var silenceSeconds: Double { Double(DispatchTime.now().uptimeNanoseconds - heardAt.uptimeNanoseconds) / 1e9 }

  private func watchForSilence() {
    guard input.idleTimeoutSeconds > 0 else { return disarm() }
    arm(max(0.001, input.idleTimeoutSeconds - silenceSeconds))
  }

  private func checkForSilence() {
    // What waits in the kernel was sent, however late this queue is.
    if let connection { takeRest(of: connection) }
    guard state.connection == .connected else { return }
    if silenceSeconds >= input.idleTimeoutSeconds { disconnect(.idle) } else { watchForSilence() }
  }
}

// MARK: A connection

extension TCPStream {
  /// Begins to read from a connection that has been made or accepted.
  func adopt(_ descriptor: WatchedDescriptor, _ peer: SocketAddress) {
    _ = clinux_tcp_watch(
      descriptor.number, Self.silenceBeforeProbingSeconds, Self.probeIntervalSeconds, Self.probeCount)
    connection = descriptor
    state.connection = .connected
    state.peer = peer
    state.connectionCount += 1
    state.retryTime = nil
    heardAt = .now()
    watchForSilence()
    tell(.connected(peer))
    descriptor.whenReadable { @Sendable [unowned self, unowned descriptor] in readTurn(of: descriptor) }
  }

  /// Ends the connection, and sees to the next one.
  func disconnect(_ failure: TCPFailure) {
    connection?.close()
    connection = nil
    state.lastFailure = failure
    tell(.disconnected(failure))
    switch input.role {
    case .connect: waitForNextAttempt()
    case .listen:
      disarm()
      state.connection = .listening
    }
  }

  private func readTurn(of descriptor: WatchedDescriptor) {
    guard connection === descriptor, !hasEnded else { return }
    switch read(descriptor, atMost: Self.turnByteCount) {
    case .ended(let failure): disconnect(failure)
    case .empty: descriptor.resume()
    case .more:
      // The source is not relied on to call again: it is gone after a reset, whatever is still to be read. Suspended,
      // it does not call beside this either.
      descriptor.suspend()
      queue.async { @Sendable in self.readTurn(of: descriptor) }
    }
  }

  /// Lends what the kernel holds at this moment, and ends the connection when that was the last of it.
  func takeRest(of descriptor: WatchedDescriptor) {
    let byteCount = max(0, Int(clinux_readable_byte_count(descriptor.number)))
    if case .ended(let failure) = read(descriptor, atMost: byteCount + 1) { disconnect(failure) }
  }

  private enum ReadOutcome {
    case empty
    case more
    case ended(TCPFailure)
  }

  private func read(_ descriptor: WatchedDescriptor, atMost limit: Int) -> ReadOutcome {
    var remaining = limit
    var hasRead = false
    defer { if hasRead { tell(.turnEnded) } }
    while remaining > 0 {
      let count = unsafe clinux_receive(descriptor.number, buffer.baseAddress, buffer.count)
      switch count {
      case 1...:
        if !hasRead { heard() }
        hasRead = true
        unsafe receive?(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: buffer[..<count])))
        remaining -= count
      case 0: return .ended(.closed)
      case -Int(EAGAIN): return .empty
      case -Int(EINTR): remaining -= 1
      default: return .ended(TCPFailure(reading: Int32(-count)))
      }
    }
    return .more
  }

  private func heard() {
    heardAt = .now()
    // Only a connection that brings something is a reason to be quick to make the next one.
    backoff.reset()
  }
}
