import CCSDSLink
import CCSDSWire
import Dispatch
import Ingest
import LinkHealth
import MissionDatabase
import Publish
import StationConfiguration
import Synchronization

/// Owns one live link: its pipeline, its journal and its place on a socket, all on one serial queue.
///
/// Datagrams and the bytes of connections are received, decoded and counted there without a hop. What leaves are
/// values: events as they happen, and a status once a second. A link outlives its socket: it may be disabled and
/// enabled, and share its socket with links that come and go; all links on one socket are on one queue.
package actor LinkOwner {
  package nonisolated let name: String
  package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  nonisolated let executor: QueueExecutor
  /// Whose the values of its parameters are.
  nonisolated let parameterSource = ParameterSource()
  /// The longest datagram that is looked into.
  nonisolated let acceptedDatagramByteCount: Int
  let configuration: LinkConfiguration
  /// By which times on board are read.
  let leapSeconds: LeapSecondTable
  /// What it hears by; absent before it begins and after its end, and while it is disabled.
  var input: LinkInput?
  /// Where it hears, as people write it; also of what it heard by last.
  var place: LinkPlace
  /// Where the state of the links on its socket is kept, if it is the one that reads it and that is kept at all.
  var kept: KeptMemory?
  /// How it stands with the others on its socket.
  var share = SocketShare.alone
  var pump: DatagramPump?
  var isEnabled = true
  /// Whether it has told that it hears.
  var isHearing = false
  /// Datagrams on a shared socket that were for this link while it was disabled.
  var ignoredDatagramCount = 0
  /// What the kernel had dropped of this link before it began to read its socket.
  var kernelDropBase = 0
  var pipeline: LinkPipeline
  let taps: LiveTaps
  /// Where its passes are told; absent where nobody asks for them.
  var passes: LinkPasses?
  /// What its packets mean, if that is known.
  private(set) var mission: LoadedMission?
  /// What is decided about datagrams before they are looked into.
  var admission: DatagramAdmission
  /// The multicast group of the socket, if it is in one.
  var membership: GroupMembership?
  /// When the socket was probed last, and what stood against it.
  var probedAt: ReceptionTime?
  var probeObstacle: String?
  /// Whether it has still to come to what it was asked to see to last.
  private nonisolated let isTickWaiting = Atomic<Bool>(false)
  private var rates = RateWindow()
  private var state = LinkStatus.State.quiet
  /// By the clock that is never set, and so is the time when something was heard last.
  var startedAt: Int64 = 0
  /// Since when values are read by this mission database.
  private var missionSince = HostClock.wall()
  private var heardAt: Int64?
  private var arrivalCountAtLastTick = 0
  /// What connections have brought.
  var streamByteCount = 0
  /// When the first bytes of this turn were read.
  var turnReadAt: Int64?
  /// When the last connection ended, if there is none now, and the reason that was told last.
  var disconnectedAt: ReceptionTime?
  var toldFailure: TCPFailure?
  /// What had been counted ten minutes ago.
  var history = LedgerHistory()
  private var parameterHistory = ParameterHistory()
  private var isBalanced = true
  var failure: IngestError?
  var failureCount = 0
  var failureCountAtLastTick = 0
  var hasReadSinceFailure = true
  /// How often passes were looked after.
  var passTickCount = 0
  /// What reports of finished passes had no room for.
  var passOmissions = PassOmissions()
  /// What it has from an earlier process, and leaves to a later one.
  var keeping: LinkKeeping

  /// A link that hears nothing yet: a `LinkGroup` gives it a place on a socket.
  ///
  /// - Parameters:
  ///   - queue: A serial queue, the same for all links on one socket.
  ///   - life: What was counted before, when no earlier process has left its state.
  ///   - mission: What its packets mean, if that is known.
  ///   - suppressed: Is told how many events were not written.
  ///   - leapSeconds: By which times on board are read.
  ///   - passes: What is to be known of its passes, and who is told of them.
  ///   - emit: Takes the link's events. Called on the link's queue; must not wait.
  init(
    _ link: LinkConfiguration, queue: DispatchQueue, life: LinkLife? = nil,
    mission: LoadedMission? = nil, suppressed: SuppressedCounts = SuppressedCounts(),
    leapSeconds: LeapSecondTable = .builtIn, passes: LinkPasses? = nil,
    emit: @escaping @Sendable (EventRecord) -> Void
  ) {
    let taps = LiveTaps(link: link.name, suppressed: suppressed, emit: emit)
    let rejected = RejectedUnits(since: HostClock.wall())
    let pipeline = LinkPipeline(
      name: link.name, parameters: link.parameters, framesPerDatagram: link.framesPerDatagram, taps: taps,
      mission: mission, leapSeconds: leapSeconds, passes: passes?.recorder, rejected: rejected)
    self.mission = mission
    self.passes = passes
    name = link.name
    self.leapSeconds = leapSeconds
    executor = QueueExecutor(queue: queue)
    acceptedDatagramByteCount = pipeline.acceptedDatagramByteCount
    configuration = link
    admission = DatagramAdmission(link.input)
    place = LinkPlace(configured: link)
    keeping = LinkKeeping(life ?? LinkLife(since: HostClock.wall()))
    taps.mirrors = link.sinks.map { FrameMirror($0) }
    self.taps = taps
    self.pipeline = pipeline
  }

  /// The port that is listened to: the kernel's choice where 0 was configured; 0 where nothing is.
  package nonisolated var localPort: UInt16 { executor.queue.sync { assumeIsolated { $0.input?.localPort ?? 0 } } }

  // MARK: From any queue

  /// Sees to everything that goes by the clock, and gives the status to `publish`, on the link's queue. Call it once a
  /// second.
  ///
  /// - Returns: Whether it will; not when it has not come to it since the last time, which is as good.
  @discardableResult
  package nonisolated func tick(_ publish: @escaping @Sendable (LinkStatus) -> Void) -> Bool {
    guard !isTickWaiting.exchange(true, ordering: .relaxed) else { return false }
    executor.queue.async { [self] in
      isTickWaiting.store(false, ordering: .relaxed)
      assumeIsolated { owner in
        publish(owner.inspect())
        owner.saveRegularly()
      }
    }
    return true
  }

  /// Goes on with another mission database, or none, unless it is the one it has.
  nonisolated func adopt(_ mission: LoadedMission?) {
    executor.queue.async {
      self.assumeIsolated { owner in
        guard owner.mission !== mission else { return }
        owner.tellForgottenAlarms()
        owner.mission = mission
        owner.missionSince = HostClock.wall()
        owner.pipeline.adopt(mission)
      }
    }
  }

  /// Alarms are gone with the values that raised them, and nobody will tell that they are cleared.
  func tellForgottenAlarms() {
    guard let alarms = pipeline.parameterSummary?.alarms, !alarms.isEmpty else { return }
    taps.journal.tick(at: HostClock.wall())
    taps.journal.report(.link, .notice) {
      $0.member("action", "alarms_forgotten")
      $0.member("reason", "the limits of parameters begin anew")
      $0.object("alarms") { for alarm in alarms { $0.member(alarm.level.name, alarm.count) } }
    }
  }

  /// Sends its good frames to these places from now on; what it sends to already goes on.
  nonisolated func adopt(_ sinks: [FrameSink]) {
    executor.queue.async { self.assumeIsolated { $0.taps.adopt(sinks) } }
  }

  /// Answers on the link's queue: proof that the queue drains.
  package nonisolated func answer(_ answered: @escaping @Sendable () -> Void) { executor.queue.async { answered() } }

  // MARK: On its queue

  func inspect() -> LinkStatus {
    let now = HostClock.wall()
    let ledger = pipeline.sink.ledger
    let hasReceived = arrivalCount > arrivalCountAtLastTick
    if hasReceived { heardAt = HostClock.monotonic() }
    arrivalCountAtLastTick = arrivalCount
    history.note(ledger, at: HostClock.monotonic())
    reviewInput(hasReceived: hasReceived, quietSince: heardAt ?? startedAt)
    updateState()
    reviewFailure()
    taps.journal.tick(at: now)
    rates.note(
      time: ReceptionTime(nanosecondsSince1970: now), monotonic: HostClock.monotonic(), frames: ledger.frames.received,
      packets: ledger.packets.completed, bytes: max(ledger.datagrams.byteCount, streamByteCount))
    pipeline.examineUndecoded()
    reviewPasses(at: ReceptionTime(nanosecondsSince1970: now))
    let snapshot = pipeline.snapshot()
    noteBalance(snapshot)
    return status(snapshot, at: now)
  }

  /// Goes up with whatever comes.
  private var arrivalCount: Int { pipeline.sink.ledger.datagrams.received + streamByteCount }

  /// What an earlier process has counted did not come now.
  func noteRestored() {
    arrivalCountAtLastTick = arrivalCount
    history = LedgerHistory(base: LedgerMark(pipeline.sink.ledger))
  }

  private func status(_ snapshot: LinkSnapshot, at now: Int64) -> LinkStatus {
    let connection = connectionStatus
    let capture = captureStatus
    let isDown =
      socketFailure != nil || (connection.map { $0.connection != .connected } ?? false)
      || (capture.map { $0.state != .capturing } ?? false)
    var status = LinkStatus(
      snapshot: snapshot, state: isEnabled ? isDown ? .down : state : .disabled,
      problems: isEnabled
        ? inputProblems(connection, capture) + keeping.problems(of: name) + passProblems(at: now)
          + snapshot.problems(facts(at: now, canHear: !isDown)) : [],
      transport: place.transport, listen: place.listen, endpoint: place.endpoint, connection: connection,
      rate: rates.rate, takenAt: ReceptionTime(nanosecondsSince1970: now))
    status.capture = capture
    status.admission = admissionStatus
    if case .udp(let receiver, _) = input {
      status.receiveBufferByteCount = receiver.receiveBufferByteCount
      status.receiveQueueByteCount = receiver.receiveQueueByteCount
    } else if let connection {
      status.receiveBufferByteCount = connection.receiveBufferByteCount
      status.receiveQueueByteCount = connection.receiveQueueByteCount
    } else if let capture {
      status.receiveBufferByteCount = capture.bufferByteCount
    }
    status.acceptedDatagramByteCount = acceptedDatagramByteCount
    status.life = keeping.life
    status.socketMark = socketMark
    status.sinks = taps.mirrors.map { $0.review() }
    status.problems += status.sinks.compactMap { $0.problem(of: name) }
    status.configuration = configuration
    status.rejections = pipeline.sink.rejected?.review()
    status.parameters = pipeline.parameterSummary
    status.parametersSince = missionSince
    if let parameters = status.parameters {
      parameterHistory.note(parameters.counts, at: HostClock.monotonic())
      status.problems += parameters.problems(of: name, since: parameterHistory.earlier)
    }
    status.parameterNews = pipeline.takeParameterChanges()
    status.sharedWith = share.otherNames(than: self)
    status.ignoredDatagramCount = ignoredDatagramCount
    if passes?.isEnabled ?? false { (status.pass, status.passOmissions) = (pipeline.currentPass, passOmissions) }
    status.isPassExpected = isPassExpected(at: now)
    return status
  }

  private func updateState() {
    let silence = heardAt.map { Double(HostClock.monotonic() - $0) / 1e9 } ?? .infinity
    let next: LinkStatus.State = silence > configuration.quietAfterSeconds ? .quiet : .receiving
    guard isEnabled, next != state else { return }
    state = next
    taps.journal.report(.link, .info) {
      $0.member("action", next.rawValue)
      let silence = "nothing for \(configuration.quietAfterSeconds) s"
      $0.member("reason", next == .quiet ? silence : "\(place.arrivals) arrive")
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

  private func facts(at wall: Int64, canHear: Bool) -> InputFacts {
    var facts = InputFacts()
    facts.canHear = canHear && !admission.probe.isDeaf
    facts.place = place.listen ?? place.endpoint
    switch input {
    case .udp(let receiver, _):
      facts.kind = .udp
      facts.port = receiver.localPort
      // Of a socket that several links share one tells.
      if isReader {
        facts.requestedReceiveBufferByteCount = receiver.requestedReceiveBufferByteCount
        // The kernel counts its own overhead in: half of what it reports is ours.
        facts.grantedReceiveBufferByteCount = receiver.receiveBufferByteCount / 2
      }
    case .capture(_, let capture):
      facts.kind = .capture
      facts.port = capture.port
      facts.requestedReceiveBufferByteCount = capture.receiveBufferByteCount
    case .tcp: facts.kind = .tcp
    case nil: break
    }
    facts.largestReceiveBufferByteCount = KernelSetting.largestReceiveBufferByteCount
    facts.datagramsPerSecond = admission.rates?.datagramsPerSecond
    facts.quietAfterSeconds = configuration.quietAfterSeconds
    let now = HostClock.monotonic()
    facts.secondsSinceStart = Double(now - startedAt) / 1e9
    // What an earlier process has received was heard before this one began.
    facts.secondsOfSilence = Double(now - (heardAt ?? startedAt)) / 1e9
    facts.earlier = history.earlier
    facts.now = ReceptionTime(nanosecondsSince1970: wall)
    facts.isPassExpected = isPassExpected(at: wall)
    return facts
  }
}

/// What a live link tells beside its ledger: events, and its good frames to whoever is to have them.
final class LiveTaps: LinkTaps {
  let journal: EventJournal
  var mirrors: [FrameMirror] = []

  init(link: String, suppressed: SuppressedCounts, emit: @escaping @Sendable (EventRecord) -> Void) {
    journal = EventJournal(link: link, suppressed: suppressed) { emit($0) }
  }

  func observed(_ event: LinkEvent, _ ledger: borrowing LossLedger) {
    journal.observe(event, ledger)
    guard !mirrors.isEmpty, case .frameAccepted(let frame) = event else { return }
    for mirror in mirrors { mirror.note(frame, ledger) }
  }

  /// Goes on with the mirrors that are wanted still, and begins the others.
  func adopt(_ sinks: [FrameSink]) {
    flush()
    mirrors = sinks.map { sink in mirrors.first { $0.sink == sink } ?? FrameMirror(sink) }
  }

  /// Sends what has been gathered: at the end of each turn.
  func flush() {
    for mirror in mirrors { mirror.flush() }
  }

  func rejected(_ rejection: DatagramRejection, _ time: ReceptionTime?) {}
  func received(at time: ReceptionTime?) { journal.advance(to: time?.nanosecondsSince1970) }
  func take(packet: RawSpan, _ observation: PacketObservation, _ channel: VirtualChannelIdentity) {}
  func take(frame: RawSpan) {
    for mirror in mirrors { mirror.take(frame: frame) }
  }
  func take(uncorrectable codeblock: RawSpan) {}
  func take(values: Span<ParameterSample>, of packet: RawSpan, _ about: DecodedPacket, _ alarms: [AlarmEvent]) {
    journal.observe(alarms, of: about)
  }
}
