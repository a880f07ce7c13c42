import CCSDSLink
import CCSDSWire
import Dispatch
import Ingest
import LinkHealth
package import Publish
package import StationConfiguration

/// Owns one live link: its socket, its pipeline and its journal, all on one serial queue.
///
/// Datagrams and the bytes of connections are received, decoded and counted there without a hop. What leaves are
/// values: events as they happen, and a status once a second.
package actor LinkOwner {
  package nonisolated let name: String
  package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  private nonisolated let executor: QueueExecutor
  private let configuration: LinkConfiguration
  let input: LinkInput
  var pipeline: LinkPipeline
  let taps: LiveTaps
  private var pump: DatagramPump?
  private var rates = RateWindow()
  private var state = LinkStatus.State.quiet
  /// By the clock that is never set, and so is the time when something was heard last.
  private var startedAt: Int64 = 0
  private var heardAt: Int64?
  private var byteCountAtLastTick = 0
  /// What connections have brought.
  var streamByteCount = 0
  /// When the last connection ended, if there is none now, and the reason that was told last.
  var disconnectedAt: ReceptionTime?
  var toldFailure: TCPFailure?
  /// When this host last dropped datagrams of the link.
  var droppedAt: Int64?
  private var isBalanced = true
  var failure: IngestError?
  var failureCount = 0
  var failureCountAtLastTick = 0
  var hasReadSinceFailure = true

  /// Opens the socket.
  ///
  /// - Parameters:
  ///   - suppressed: Is told how many events were not written.
  ///   - emit: Takes the link's events. Called on the link's queue; must not wait.
  package init(
    _ link: LinkConfiguration, suppressed: SuppressedCounts = SuppressedCounts(),
    emit: @escaping @Sendable (EventRecord) -> Void
  ) throws(ServiceError) {
    let taps = LiveTaps(link: link.name, suppressed: suppressed, emit: emit)
    let pipeline = LinkPipeline(
      name: link.name, parameters: link.parameters, framesPerDatagram: link.framesPerDatagram, taps: taps)
    let queue = DispatchQueue(label: "downlinkd.link." + link.name)
    input = try LinkInput.open(link, datagramByteCount: pipeline.acceptedDatagramByteCount, queue: queue)
    name = link.name
    executor = QueueExecutor(queue: queue)
    configuration = link
    self.taps = taps
    self.pipeline = pipeline
  }

  /// The port that is listened to: the kernel's choice where 0 was configured.
  package nonisolated var localPort: UInt16 { executor.queue.sync { assumeIsolated { $0.input.localPort } } }

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
    // Either keeps the owner, and with it the descriptor, until `complete`.
    switch input {
    case .udp(let receiver, _):
      taps.journal.report(.link, .info) {
        $0.member("action", "up")
        $0.member("reason", "listening on \(input.listen ?? "")")
      }
      let pump = DatagramPump(fileDescriptor: receiver.fileDescriptor, queue: executor.queue) {
        @Sendable [self] in assumeIsolated { $0.drain() }
      }
      self.pump = pump
      pump.resume()
    case .tcp(let stream, _):
      stream.start(
        receive: { @Sendable [self] bytes in assumeIsolated { $0.receive(stream: bytes) } },
        report: { @Sendable [self] event in assumeIsolated { $0.observe(event) } })
    }
  }

  private func inspect() -> LinkStatus {
    let now = HostClock.wall()
    if case .udp(let receiver, _) = input { noteKernelDrops(receiver) }
    let ledger = pipeline.sink.ledger
    let byteCount = ledger.datagrams.received + streamByteCount
    if byteCount > byteCountAtLastTick { heardAt = HostClock.monotonic() }
    byteCountAtLastTick = byteCount
    updateState()
    reviewFailure()
    taps.journal.tick(at: now)
    rates.note(
      time: ReceptionTime(nanosecondsSince1970: now), frames: ledger.frames.received,
      bytes: max(ledger.datagrams.byteCount, streamByteCount))
    pipeline.examineUndecoded()
    let snapshot = pipeline.snapshot()
    noteBalance(snapshot)
    return status(snapshot, at: now)
  }

  private func status(_ snapshot: LinkSnapshot, at now: Int64) -> LinkStatus {
    let connection = connectionStatus
    let isDown = failure != nil || (connection.map { $0.connection != .connected } ?? false)
    var status = LinkStatus(
      snapshot: snapshot, state: isDown ? .down : state,
      problems: failureProblems + connectionProblems(connection) + snapshot.problems(facts()),
      transport: input.transport, listen: input.listen, endpoint: input.endpoint, connection: connection,
      rate: rates.rate, takenAt: ReceptionTime(nanosecondsSince1970: now))
    if case .udp(let receiver, _) = input {
      status.receiveBufferByteCount = receiver.receiveBufferByteCount
      status.receiveQueueByteCount = receiver.receiveQueueByteCount
    } else if let connection {
      status.receiveBufferByteCount = connection.receiveBufferByteCount
      status.receiveQueueByteCount = connection.receiveQueueByteCount
    }
    return status
  }

  private func updateState() {
    let silence = heardAt.map { Double(HostClock.monotonic() - $0) / 1e9 } ?? .infinity
    let next: LinkStatus.State = silence > configuration.quietAfterSeconds ? .quiet : .receiving
    guard next != state else { return }
    state = next
    taps.journal.report(.link, .info) {
      $0.member("action", next.rawValue)
      let silence = "nothing for \(configuration.quietAfterSeconds) s"
      $0.member("reason", next == .quiet ? silence : "\(input.arrivals) arrive")
    }
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
    if case .udp(let receiver, _) = input {
      facts.requestedReceiveBufferByteCount = receiver.requestedReceiveBufferByteCount
      // The kernel counts its own overhead in: half of what it reports is ours.
      facts.grantedReceiveBufferByteCount = receiver.receiveBufferByteCount / 2
    }
    facts.largestReceiveBufferByteCount = KernelSetting.largestReceiveBufferByteCount
    facts.quietAfterSeconds = configuration.quietAfterSeconds
    let now = HostClock.monotonic()
    facts.secondsSinceStart = Double(now - startedAt) / 1e9
    facts.secondsOfSilence = heardAt.map { Double(now - $0) / 1e9 }
    facts.secondsSinceKernelDrop = droppedAt.map { Double(now - $0) / 1e9 }
    return facts
  }

  private func end(_ completion: @escaping @Sendable (LinkStatus) -> Void) {
    let complete: @Sendable () -> Void = { self.assumeIsolated { $0.complete(completion) } }
    switch input {
    case .udp:
      guard let pump else { return completion(inspect()) }
      pump.cancel(complete)
    case .tcp(let stream, _): stream.stop(complete)
    }
  }

  private func complete(_ completion: @Sendable (LinkStatus) -> Void) {
    pump = nil
    drainRest()
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

  init(link: String, suppressed: SuppressedCounts, emit: @escaping @Sendable (EventRecord) -> Void) {
    journal = EventJournal(link: link, suppressed: suppressed) { emit($0) }
  }

  func observed(_ event: LinkEvent, _ ledger: borrowing LossLedger) { journal.observe(event, ledger) }
  func rejected(_ rejection: DatagramRejection, _ time: ReceptionTime?) {}
  func take(packet: RawSpan, _ channel: VirtualChannelIdentity) {}
  func take(frame: RawSpan) {}
  func take(uncorrectable codeblock: RawSpan) {}
}
