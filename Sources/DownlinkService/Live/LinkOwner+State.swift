import CCSDSLink
import CCSDSWire
import Dispatch
import Ingest
import LinkHealth
import Publish
import StationConfiguration

/// Going on where an earlier process left off, and leaving the links of a socket to a later one.
///
/// What was received from a socket since the state was saved last is still in the receive memory: a process that is
/// killed loses neither. So the state is saved when the memory is full, once a second, and at the end. It is that of
/// all links on the socket, and the one that reads the socket sees to it. What comes by a connection or a capture is in
/// no memory: there the state alone goes on.
extension LinkOwner {
  // MARK: Going on

  /// What an earlier process has left. For the reader, before anything else.
  func loadState(from kept: KeptMemory?, _ found: KeptDescriptors.Memory) -> KeptState? {
    self.kept = kept
    switch found {
    case .absent: break
    case .refused(let error): keeping.failure = .refused(error)
    case .unusable: report(lost: "the memory that an earlier process left is damaged, or of another shape")
    case .found:
      if let state = kept?.load() { return state }
      report(lost: "the memory that an earlier process left does not say how the link was")
    }
    return nil
  }

  /// Takes up what an earlier process has left, before anything is received; once.
  func begin(with state: KeptState?) {
    if let state { resume(state) } else if startedAt == 0 { resumePass() }
  }

  /// Takes up its own part of the state.
  private func resume(_ state: KeptState) {
    guard let link = state.links.first(where: { $0.name == name }) else { return resumePass() }
    keeping.isResumed = true
    keeping.life = link.life
    if state.hasEndedInOrder { keeping.life.restartCount += 1 } else { keeping.life.crashCount += 1 }
    let isRestored = pipeline.restore(from: link.pipeline)
    if !isRestored {
      pipeline = LinkPipeline(
        name: name, parameters: configuration.parameters, framesPerDatagram: configuration.framesPerDatagram,
        taps: taps, mission: mission, leapSeconds: leapSeconds, passes: passes?.recorder)
      keeping.life.add(link.totals, until: state.savedAt)
      resumePass()
    }
    noteRestored()
    let ledger =
      isRestored
      ? "the ledger goes on after \(state.hasEndedInOrder ? "a restart" : "a crash")"
      : "the ledger begins anew beside its totals: no state was kept, or one of another configuration or version"
    reportResumed(isRestored ? .info : .warning, ledger + lossSince(state.savedAt))
  }

  /// What else is to be said of a state that is not followed by what was received since.
  private func lossSince(_ time: Int64) -> String {
    if case .udp = configuration.input { return "" }
    return "; what was sent since \(ReceptionTime(nanosecondsSince1970: time).rfc3339) is in no count"
  }

  /// Takes what was received and not saved, and saves where that leads to. For the reader, when all have their place.
  ///
  /// - Parameter countedSocketDrops: What is on somebody's account already of the drops at the socket.
  func goOn(after state: KeptState?, countedSocketDrops: UInt32) {
    switch (kept, state) {
    case (.slots(let receiver), .some(let state)): recall(receiver, after: state, countedSocketDrops)
    // What was begun comes to no end: the rest of it came by a connection that is no more, or is among what was missed.
    case (.alone, .some): pipeline.breakStream()
    case (_, nil), (nil, _): break
    }
    save()
  }

  private func recall(_ receiver: UDPReceiver, after state: KeptState, _ countedSocketDrops: UInt32) {
    admission.probe.expect(state.probe)
    // The datagrams tell of drops at the socket that they came by, which may be another one than ours.
    resumeKernelDrops(after: state.socket.dropCount)
    let count = recall(receiver)
    if state.socket.cookie != receiver.socketCookie {
      pipeline.sink.ledger.datagrams.kernelDropped += Int(clamping: receiver.kernelDroppedDatagramCount)
      resumeKernelDrops(after: countedSocketDrops)
    }
    guard count > 0 else { return }
    taps.journal.report(.link, .notice) {
      $0.member("action", "recalled")
      $0.member("reason", "\(count) datagrams that an earlier process received and had no time to save")
    }
  }

  /// Goes on with the totals of the link in whose place this one has come.
  nonisolated func inherit(_ life: LinkLife) {
    executor.queue.async {
      self.assumeIsolated { owner in
        owner.keeping.life = life
        owner.reader.assumeIsolated { $0.keeping.savedCount = nil }
        owner.reportEarlierTotals()
      }
    }
  }

  /// Says where totals come from that the ledger does not show.
  ///
  /// - Parameter loss: What is in neither.
  func reportEarlierTotals(_ loss: String = "") {
    guard let until = keeping.life.earlierUntil, keeping.life.earlier != LinkTotals() else { return }
    let span = [keeping.life.since, until].map { ReceptionTime(nanosecondsSince1970: $0).rfc3339 }
    reportResumed(.info, "the ledger begins anew beside the totals from \(span[0]) to \(span[1])" + loss)
  }

  private func report(lost reason: String) {
    reportResumed(.warning, reason + "; the ledger begins anew")
  }

  private func reportResumed(_ severity: EventSeverity, _ reason: String) {
    taps.journal.tick(at: HostClock.wall())
    taps.journal.report(.link, severity) {
      $0.member("action", "resumed")
      $0.member("reason", reason)
    }
  }

  // MARK: Saving

  /// Leaves the links on the socket to the next process, as far as that can go on with them.
  func leaveState() {
    if case .alone = kept { pipeline.breakStream() }
    guard save(endingInOrder: true) else { return }
    for owner in hearers where owner !== self { owner.assumeIsolated { $0.keeping.isLeft = $0.keeping.failure == nil } }
    keeping.isLeft = keeping.failure == nil
  }

  /// Saves the state, unless nothing was counted since the last time.
  func saveRegularly() {
    guard isReader else { return }
    let counts = hearers.map { owner in owner === self ? countNow : owner.assumeIsolated { $0.countNow } }
    let count = counts.reduce(0, +)
    if count != keeping.savedCount { save() }
    keeping.savedCount = count
  }

  private var countNow: Int {
    pipeline.sink.ledger.datagrams.received + pipeline.sink.ledger.datagrams.kernelDropped + streamByteCount
  }

  /// Saves the state of all links on the socket, which makes room for datagrams.
  ///
  /// - Returns: Whether anything can be kept.
  @discardableResult
  func save(endingInOrder: Bool = false) -> Bool {
    guard isReader, let kept else { return false }
    noteKernelDrops()
    var state = KeptState()
    state.hasEndedInOrder = endingInOrder
    state.savedAt = HostClock.wall()
    state.socket = socketMark ?? SocketMark()
    state.probe = admission.probe.outstanding
    for owner in hearers { state.links.append(owner === self ? ownPart() : owner.assumeIsolated { $0.ownPart() }) }
    if write(state, to: kept) { return true }
    // Then the totals at least.
    for index in state.links.indices { state.links[index].pipeline = [] }
    for owner in hearers where owner !== self { owner.assumeIsolated { $0.keeping.failure = .tooLong } }
    keeping.failure = .tooLong
    if !write(state, to: kept) { kept.forget() }
    return true
  }

  private func write(_ state: KeptState, to kept: KeptMemory) -> Bool {
    state.encode(into: &keeping.stateBytes)
    return kept.save(keeping.stateBytes)
  }

  /// The link that reads what this one hears by.
  private var reader: LinkOwner { if case .other(let first) = share { first } else { self } }

  /// The links that hear by what this one reads, itself among them.
  private var hearers: [LinkOwner] { share.members.isEmpty ? [self] : share.members }

  /// Its own part of the state.
  private func ownPart() -> KeptState.Link {
    // The memory of the last state is used again.
    var reused: [UInt8] = []
    swap(&reused, &keeping.pipelineBytes)
    var archive = StateArchive(savingTo: reused)
    pipeline.archive(&archive)
    keeping.failure = archive.isValid ? nil : .notArchivable
    keeping.pipelineBytes = archive.bytes
    return KeptState.Link(
      name: name, life: keeping.life, totals: LinkTotals(pipeline.snapshot()),
      pipeline: archive.isValid ? keeping.pipelineBytes : [])
  }
}
