import CCSDSLink
import CCSDSWire
import Dispatch
import Ingest
import LinkHealth
package import Publish
package import StationConfiguration

/// Owns one live link: its socket, its pipeline and its journal, all on one serial queue.
///
/// Datagrams are received, decoded and counted there without a hop. What leaves are values: events as they happen, and
/// a status once a second.
package actor LinkOwner {
  private static let batchesPerTurn = 16

  package nonisolated let name: String
  package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  private nonisolated let executor: QueueExecutor
  private let configuration: LinkConfiguration
  private let udp: UDPDescription
  private let receiver: UDPReceiver
  private var pipeline: LinkPipeline
  private let taps: LiveTaps
  private var pump: DatagramPump?
  private var rates = RateWindow()
  private var state = LinkStatus.State.quiet
  /// By the clock that is never set, and so is the time when something was heard last.
  private var startedAt: Int64 = 0
  private var heardAt: Int64?
  private var receivedAtLastTick = 0
  /// When this host last dropped datagrams of the link.
  private var droppedAt: Int64?
  private var isBalanced = true
  private var failure: IngestError?
  private var failureCount = 0
  private var failureCountAtLastTick = 0

  /// Opens the socket.
  ///
  /// - Parameter emit: Takes the link's events. Called on the link's queue; must not wait.
  package init(
    _ link: LinkConfiguration, udp: UDPDescription, emit: @escaping @Sendable (EventRecord) -> Void
  ) throws(ServiceError) {
    let taps = LiveTaps(link: link.name, emit: emit)
    let pipeline = LinkPipeline(
      name: link.name, parameters: link.parameters, framesPerDatagram: link.framesPerDatagram, taps: taps)
    var input = UDPInput(host: udp.host.description, port: udp.port)
    input.receiveBufferByteCount = udp.receiveBufferByteCount
    input.maximumDatagramByteCount = min(pipeline.acceptedDatagramByteCount, UDPInput.largestDatagramByteCount)
    input.group = udp.group?.description
    input.interface = udp.interface
    do throws(IngestError) {
      receiver = try UDPReceiver.open(input)
    } catch {
      throw .ingest(error)
    }
    name = link.name
    executor = QueueExecutor(queue: DispatchQueue(label: "downlinkd.link." + link.name))
    configuration = link
    self.udp = udp
    self.taps = taps
    self.pipeline = pipeline
  }

  /// The port that is listened to: the kernel's choice where 0 was configured.
  package nonisolated var localPort: UInt16 { executor.queue.sync { assumeIsolated { $0.receiver.localPort } } }

  /// Where the socket listens, with the port that it has.
  private var listen: String {
    var bound = udp
    bound.port = receiver.localPort
    return bound.listen
  }

  // MARK: From any queue

  /// Begins to receive.
  package nonisolated func start() { executor.queue.sync { assumeIsolated { $0.begin() } } }

  /// Sees to everything that goes by the clock, and gives the status to `publish`, on the link's queue. Call it once a
  /// second.
  package nonisolated func tick(_ publish: @escaping @Sendable (LinkStatus) -> Void) {
    executor.queue.async { self.assumeIsolated { publish($0.inspect()) } }
  }

  /// Answers on the link's queue: proof that the queue drains.
  package nonisolated func answer(_ answered: @escaping @Sendable () -> Void) { executor.queue.async { answered() } }

  /// Stops receiving and takes what the socket still holds. `completion` gets the last status, on the link's queue.
  package nonisolated func stop(_ completion: @escaping @Sendable (LinkStatus) -> Void) {
    executor.queue.async { self.assumeIsolated { $0.end(completion) } }
  }

  // MARK: On its queue

  private func begin() {
    startedAt = HostClock.monotonic()
    taps.journal.tick(at: HostClock.wall())
    taps.journal.report(.link, .info) {
      $0.member("action", "up")
      $0.member("reason", "listening on \(listen)")
    }
    // Keeps the owner, and with it the descriptor, until `complete` lets go of the pump.
    let pump = DatagramPump(fileDescriptor: receiver.fileDescriptor, queue: executor.queue) {
      @Sendable [self] in assumeIsolated { $0.drain() }
    }
    self.pump = pump
    pump.resume()
  }

  /// Takes what the socket holds, within a bound so that timers and shutdown get their turn.
  private func drain() -> Int {
    var total = 0
    for _ in 0..<Self.batchesPerTurn {
      let count = receiveBatch()
      total += count
      guard count == UDPReceiver.batchCapacity else { break }
    }
    return total
  }

  private func receiveBatch() -> Int {
    var received = 0
    do throws(IngestError) {
      received = try receiver.receiveBatch { bytes, info in
        let time = info.receivedAtNanoseconds
        var about = UnitDescription(
          time: time.map { ReceptionTime(nanosecondsSince1970: $0) }, originalByteCount: info.originalByteCount)
        if !isAllowed(info.source) { about.rejection = .sourceNotAllowed }
        if info.isTruncated { about.rejection = about.rejection ?? .oversize }
        pipeline.receive(bytes, about)
        pipeline.noteReceived(at: time)
      }
    } catch {
      failureCount += 1
      note(failure: error)
    }
    if received > 0 { pipeline.noteDecoded(at: HostClock.wall()) }
    return received
  }

  /// Says once that the socket fails, and once that it works again.
  private func note(failure next: IngestError?) {
    defer { failure = next }
    guard (failure == nil) != (next == nil) else { return }
    taps.journal.tick(at: HostClock.wall())
    taps.journal.report(.link, next == nil ? .notice : .error) {
      $0.member("action", next == nil ? "up" : "down")
      $0.member("reason", next.map { "\($0)" } ?? "the socket can be read again")
    }
  }

  private func isAllowed(_ source: SocketAddress) -> Bool {
    guard !udp.allowFrom.isEmpty else { return true }
    let address = IPAddress(
      bits: source.isIPv6
        ? UInt128(source.high) << 64 | UInt128(source.low) : UInt128(0xFFFF) << 32 | UInt128(source.low))
    return udp.allowFrom.contains { $0.contains(address) }
  }

  private func noteKernelDrops() {
    let dropped = Int(clamping: receiver.readKernelDroppedDatagramCount())
    if dropped > pipeline.sink.ledger.datagrams.kernelDropped { droppedAt = HostClock.monotonic() }
    pipeline.sink.ledger.datagrams.kernelDropped = dropped
  }

  private func inspect() -> LinkStatus {
    let now = HostClock.wall()
    noteKernelDrops()
    let ledger = pipeline.sink.ledger
    if ledger.datagrams.received > receivedAtLastTick { heardAt = HostClock.monotonic() }
    receivedAtLastTick = ledger.datagrams.received
    updateState()
    // Once a second at most, so that a socket that fails now and then floods no log.
    if failure != nil, failureCount == failureCountAtLastTick { note(failure: nil) }
    failureCountAtLastTick = failureCount
    taps.journal.tick(at: now)
    rates.note(
      time: ReceptionTime(nanosecondsSince1970: now), frames: ledger.frames.received, bytes: ledger.datagrams.byteCount)
    let snapshot = pipeline.snapshot()
    noteBalance(snapshot)
    return LinkStatus(
      snapshot: snapshot, state: failure == nil ? state : .down,
      problems: failureProblems + snapshot.problems(facts()),
      transport: "udp", listen: listen, receiveBufferByteCount: receiver.receiveBufferByteCount,
      receiveQueueByteCount: receiver.receiveQueueByteCount, rate: rates.rate,
      takenAt: ReceptionTime(nanosecondsSince1970: now))
  }

  private func updateState() {
    let silence = heardAt.map { Double(HostClock.monotonic() - $0) / 1e9 } ?? .infinity
    let next: LinkStatus.State = silence > configuration.quietAfterSeconds ? .quiet : .receiving
    guard next != state else { return }
    state = next
    taps.journal.report(.link, .info) {
      $0.member("action", next.rawValue)
      $0.member("reason", next == .quiet ? "nothing for \(configuration.quietAfterSeconds) s" : "datagrams arrive")
    }
  }

  private var failureProblems: [Problem] {
    guard let failure else { return [] }
    return [
      Problem(
        .inputFailed, .critical, link: name, message: "\(failure)",
        hint: "it is tried again all the time; if it stays, see the network of this host, and restart")
    ]
  }

  private func noteBalance(_ snapshot: LinkSnapshot) {
    guard snapshot.isBalanced != isBalanced else { return }
    isBalanced = snapshot.isBalanced
    taps.journal.report(.daemon, isBalanced ? .notice : .error) {
      $0.member("action", isBalanced ? "balanced" : "unbalanced")
      $0.array("breaches") { array in
        for breach in snapshot.breaches {
          array.object {
            $0.member("level", breach.level.rawValue)
            $0.member("received", breach.received)
            $0.member("accounted", breach.accounted)
          }
        }
      }
    }
  }

  private func facts() -> InputFacts {
    var facts = InputFacts()
    facts.requestedReceiveBufferByteCount = receiver.requestedReceiveBufferByteCount
    // The kernel counts its own overhead in: half of what it reports is ours.
    facts.grantedReceiveBufferByteCount = receiver.receiveBufferByteCount / 2
    facts.largestReceiveBufferByteCount = KernelSetting.largestReceiveBufferByteCount
    facts.quietAfterSeconds = configuration.quietAfterSeconds
    let now = HostClock.monotonic()
    facts.secondsSinceStart = Double(now - startedAt) / 1e9
    facts.secondsOfSilence = heardAt.map { Double(now - $0) / 1e9 }
    facts.secondsSinceKernelDrop = droppedAt.map { Double(now - $0) / 1e9 }
    return facts
  }

  private func end(_ completion: @escaping @Sendable (LinkStatus) -> Void) {
    guard let pump else { return completion(inspect()) }
    pump.cancel { @Sendable in self.assumeIsolated { $0.complete(completion) } }
  }

  private func complete(_ completion: @Sendable (LinkStatus) -> Void) {
    pump = nil
    // Bounded by what the kernel had queued: whoever sends on cannot keep us here.
    for _ in 0..<Self.batchesPerTurn * 64 {
      guard receiveBatch() == UDPReceiver.batchCapacity else { break }
    }
    pipeline.finish()
    taps.journal.tick(at: HostClock.wall())
    taps.journal.report(.link, .info) {
      $0.member("action", "down")
      $0.member("reason", "stopping")
    }
    taps.journal.finish()
    completion(inspect())
  }
}

/// What a live link tells beside its ledger: events.
final class LiveTaps: LinkTaps {
  let journal: EventJournal

  init(link: String, emit: @escaping @Sendable (EventRecord) -> Void) {
    journal = EventJournal(link: link) { emit($0) }
  }

  func observed(_ event: LinkEvent, _ ledger: borrowing LossLedger) { journal.observe(event, ledger) }
  func rejected(_ rejection: DatagramRejection, _ time: ReceptionTime?) {}
  func take(packet: RawSpan, _ channel: VirtualChannelIdentity) {}
  func take(frame: RawSpan) {}
  func take(uncorrectable codeblock: RawSpan) {}
}
