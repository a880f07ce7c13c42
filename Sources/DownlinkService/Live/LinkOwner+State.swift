import CCSDSLink
import CCSDSWire
import Ingest
import LinkHealth
import Publish
import StationConfiguration

/// Going on where an earlier process left off, and leaving the links of a socket to a later one.
///
/// What was received since the state was saved last is still in the receive memory: a process that is killed loses
/// neither. So the state is saved when the memory is full, once a second, and at the end. It is that of all links on
/// the socket, and the one that reads the socket sees to it.
extension LinkOwner {
  // MARK: Going on

  /// What an earlier process has left in the memory of the socket.
  func loadState(from input: LinkInput, _ found: KeptDescriptors.Memory) -> KeptState? {
    guard case .udp(let receiver, _) = input else { return nil }
    switch found {
    case .absent: return nil
    case .unusable: report(lost: "the memory that an earlier process left is damaged, or of another shape")
    case .found:
      if let state = receiver.loadState().flatMap({ KeptState($0) }) { return state }
      report(lost: "the memory that an earlier process left does not say how the link was")
    }
    return nil
  }

  /// Takes up its own part of the state, before anything is received.
  func resume(_ state: KeptState) {
    guard let link = state.links.first(where: { $0.name == name }) else { return }
    keeping.life = link.life
    if state.hasEndedInOrder { keeping.life.restartCount += 1 } else { keeping.life.crashCount += 1 }
    let isRestored = pipeline.restore(from: link.pipeline)
    if !isRestored {
      pipeline = LinkPipeline(
        name: name, parameters: configuration.parameters, framesPerDatagram: configuration.framesPerDatagram,
        taps: taps)
      keeping.life.earlier = link.life.earlier + link.totals
    }
    forgetHearing()
    taps.journal.tick(at: HostClock.wall())
    taps.journal.report(.link, isRestored ? .info : .warning) {
      $0.member("action", "resumed")
      $0.member(
        "reason",
        isRestored
          ? "the ledger goes on after \(state.hasEndedInOrder ? "a restart" : "a crash")"
          : "the ledger begins anew beside its totals: no state was kept, or one of another configuration or version"
      )
    }
  }

  /// Takes what was received and not saved, and saves where that leads to. For the reader, when all have their place.
  func goOn(after state: KeptState?) {
    guard case .udp(let receiver, _) = input else { return }
    if let state {
      if state.socketCookie == receiver.socketCookie { resumeKernelDrops(after: state.socketDropCount) }
      let count = recall()
      if count > 0 {
        taps.journal.report(.link, .notice) {
          $0.member("action", "recalled")
          $0.member("reason", "\(count) datagrams that an earlier process received and had no time to save")
        }
      }
    }
    save()
  }

  private func report(lost reason: String) {
    taps.journal.tick(at: HostClock.wall())
    taps.journal.report(.link, .warning) {
      $0.member("action", "resumed")
      $0.member("reason", reason + "; the ledger begins anew")
    }
  }

  // MARK: Saving

  /// Leaves the links on the socket to the next process, as far as that can go on with them.
  func leaveState() {
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
    pipeline.sink.ledger.datagrams.received + pipeline.sink.ledger.datagrams.kernelDropped
  }

  /// Saves the state of all links on the socket, which makes room for datagrams.
  ///
  /// - Returns: Whether anything can be kept.
  @discardableResult
  func save(endingInOrder: Bool = false) -> Bool {
    guard isReader, case .udp(let receiver, _) = input, receiver.memoryDescriptor != nil else { return false }
    noteKernelDrops()
    var state = KeptState()
    state.hasEndedInOrder = endingInOrder
    state.socketCookie = receiver.socketCookie
    state.socketDropCount = receiver.socketDropCount
    for owner in hearers { state.links.append(owner === self ? kept() : owner.assumeIsolated { $0.kept() }) }
    if write(state, to: receiver) { return true }
    // Then the totals at least.
    for index in state.links.indices { state.links[index].pipeline = [] }
    for owner in hearers where owner !== self { owner.assumeIsolated { $0.keeping.failure = .tooLong } }
    keeping.failure = .tooLong
    if !write(state, to: receiver) { receiver.forgetState() }
    return true
  }

  private func write(_ state: KeptState, to receiver: UDPReceiver) -> Bool {
    state.encode(into: &keeping.stateBytes)
    return receiver.save(keeping.stateBytes)
  }

  /// The links that hear by what this one reads, itself among them.
  private var hearers: [LinkOwner] { share.members.isEmpty ? [self] : share.members }

  /// Its own part of the state.
  private func kept() -> KeptState.Link {
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
