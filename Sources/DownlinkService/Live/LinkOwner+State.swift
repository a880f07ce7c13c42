import CCSDSLink
import CCSDSWire
import Ingest
import LinkHealth
import Publish
import StationConfiguration

/// Going on where an earlier process left off, and leaving the link to a later one.
///
/// What was received since the state was saved last is still in the receive memory: a process that is killed loses
/// neither. So the state is saved when the memory is full, once a second, and at the end.
extension LinkOwner {
  /// Takes up what an earlier process has left, before anything is received.
  func resume() {
    switch keeping.found {
    case .absent: break
    case .unusable: report(lost: "the memory that an earlier process left is damaged, or of another shape")
    case .found: restore()
    }
    save(always: true)
  }

  private func restore() {
    guard let bytes = loadState(), let state = KeptState(bytes),
      let link = state.links.first(where: { $0.name == name })
    else { return report(lost: "the memory that an earlier process left does not say how the link was") }
    keeping.life = link.life
    if state.hasEndedInOrder { keeping.life.restartCount += 1 } else { keeping.life.crashCount += 1 }
    let isRestored = pipeline.restore(from: link.pipeline)
    if !isRestored {
      pipeline = LinkPipeline(
        name: name, parameters: configuration.parameters, framesPerDatagram: configuration.framesPerDatagram,
        taps: taps)
      keeping.life.earlier = link.life.earlier + link.totals
    }
    resumeDrops(state)
    let count = recall()
    taps.journal.report(.link, isRestored ? .info : .warning) {
      $0.member("action", "resumed")
      $0.member(
        "reason",
        isRestored
          ? "the ledger goes on after \(state.hasEndedInOrder ? "a restart" : "a crash")"
          : "the ledger begins anew, and its totals are kept: its state was not, or is of another configuration or version"
      )
      $0.member("recalled_datagrams", count)
    }
  }

  private func resumeDrops(_ state: KeptState) {
    guard case .udp(let receiver, _) = input else { return }
    let total = UInt64(clamping: pipeline.sink.ledger.datagrams.kernelDropped)
    // Of another socket nothing is known but that it is new.
    let isSame = state.socketCookie == receiver.socketCookie
    receiver.resumeDrops(total: total, latest: isSame ? state.socketDropCount : 0)
  }

  /// Takes what the earlier process received and had no time to save.
  private func recall() -> Int {
    guard case .udp(let receiver, let udp) = input else {
      pipeline.breakStream()
      return 0
    }
    var total = 0
    while case let count = receiver.recallBatch({ accept($0, $1, udp) }), count > 0 {
      pipeline.flush()
      total += count
    }
    return total
  }

  private func report(lost reason: String) {
    taps.journal.report(.link, .warning) {
      $0.member("action", "resumed")
      $0.member("reason", reason + "; the ledger begins anew")
    }
  }

  // MARK: Saving

  /// Makes room for the next datagrams.
  func makeRoom() { save(always: true) }

  /// Saves the state, unless nothing was counted since the last time.
  func save(always: Bool = false) {
    let datagrams = pipeline.sink.ledger.datagrams
    let count = datagrams.received + datagrams.kernelDropped + streamByteCount
    guard isKept, always || count != keeping.savedCount else { return }
    keeping.savedCount = count
    save(endingInOrder: false)
  }

  /// Leaves the link to the next process; or, when there is none that could go on with it, ends the reception.
  func finishOrLeave() {
    let isLeft = isKept && keeping.kept?.keeps(name) ?? false
    if isLeft {
      if case .tcp = input { pipeline.breakStream() }
      save(endingInOrder: true)
      if keeping.failure == nil { return }
    }
    pipeline.finish()
    if isLeft { save(endingInOrder: true) }
  }

  private var isKept: Bool {
    switch input {
    case .udp(let receiver, _): receiver.memoryDescriptor != nil
    case .tcp: keeping.memory != nil
    }
  }

  private func save(endingInOrder: Bool) {
    var state = KeptState()
    state.hasEndedInOrder = endingInOrder
    if case .udp(let receiver, _) = input {
      noteKernelDrops(receiver)
      state.socketCookie = receiver.socketCookie
      state.socketDropCount = receiver.socketDropCount
    }
    keeping.failure = nil
    if archivePipeline(), write(&state) { return }
    // Then the totals at least.
    keeping.failure = keeping.failure ?? .tooLong
    keeping.pipelineBytes.removeAll(keepingCapacity: true)
    if !write(&state) { forgetState() }
  }

  private func archivePipeline() -> Bool {
    // The memory of the last state is used again.
    var reused: [UInt8] = []
    swap(&reused, &keeping.pipelineBytes)
    var archive = StateArchive(savingTo: reused)
    pipeline.archive(&archive)
    keeping.pipelineBytes = archive.bytes
    if !archive.isValid { keeping.failure = .notArchivable }
    return archive.isValid
  }

  private func write(_ state: inout KeptState) -> Bool {
    state.links = [
      KeptState.Link(
        name: name, life: keeping.life, totals: LinkTotals(pipeline.snapshot()), pipeline: keeping.pipelineBytes)
    ]
    state.encode(into: &keeping.stateBytes)
    state.links = []
    return storeState(keeping.stateBytes)
  }

  private func storeState(_ bytes: [UInt8]) -> Bool {
    switch input {
    case .udp(let receiver, _): receiver.save(bytes)
    case .tcp: keeping.memory?.save(bytes) ?? false
    }
  }

  private func loadState() -> [UInt8]? {
    switch input {
    case .udp(let receiver, _): receiver.loadState()
    case .tcp: keeping.memory?.load()
    }
  }

  private func forgetState() {
    switch input {
    case .udp(let receiver, _): receiver.forgetState()
    case .tcp: keeping.memory?.forget()
    }
  }
}
