import CCSDSLink
import Ingest
import LinkHealth
import Publish
import StationConfiguration

/// Receiving datagrams.
extension LinkOwner {
  private static let batchesPerTurn = 16

  /// Takes what the socket holds, within a bound so that timers and shutdown get their turn; nothing when it cannot be
  /// read.
  func drain() -> Int? {
    guard case .udp(let receiver, _) = input else { return 0 }
    var total = 0
    for _ in 0..<Self.batchesPerTurn {
      guard let count = receiveBatch(receiver) else { return nil }
      total += count
      guard count == UDPReceiver.batchCapacity else { break }
    }
    return total
  }

  /// Takes what was sent before the end. Bounded by what the kernel had queued: whoever sends on cannot keep us here.
  func drainRest() {
    guard case .udp(let receiver, _) = input else { return }
    for _ in 0..<Self.batchesPerTurn * 64 {
      guard receiveBatch(receiver) == UDPReceiver.batchCapacity else { break }
    }
  }

  private func receiveBatch(_ receiver: UDPReceiver) -> Int? {
    if !receiver.hasRoom { save() }
    do throws(IngestError) {
      let received = try receiver.receiveBatch { bytes, info in
        distribute(bytes, info)
      }
      hasReadSinceFailure = true
      guard received > 0 else { return 0 }
      endBatches()
      return received
    } catch {
      failureCount += 1
      hasReadSinceFailure = false
      note(failure: error)
      return nil
    }
  }

  /// Takes what an earlier process received and had no time to save. Returns how many datagrams that were.
  func recall(_ receiver: UDPReceiver) -> Int {
    var total = 0
    while case let count = receiver.recallBatch({ distribute($0, $1) }), count > 0 {
      endBatches()
      total += count
    }
    return total
  }

  /// Gives a datagram to the link that it is for.
  private func distribute(_ bytes: RawSpan, _ info: DatagramInfo) {
    guard case .first(let routing, let members) = share else { return accept(bytes, info) }
    guard !admission.isProbe(bytes, info) else { return }
    let owner = routing.index(of: bytes).map { members[$0] } ?? self
    if owner === self { accept(bytes, info) } else { owner.assumeIsolated { $0.accept(bytes, info) } }
  }

  private func endBatches() {
    endBatch()
    for owner in share.members where owner !== self { owner.assumeIsolated { $0.endBatch() } }
  }

  /// Takes one datagram that is for this link.
  func accept(_ bytes: RawSpan, _ info: DatagramInfo) {
    guard isEnabled else {
      ignoredDatagramCount += 1
      return
    }
    pipeline.receive(bytes, info, &admission)
  }

  /// Delivers what is decoded together.
  func endBatch() {
    guard isEnabled else { return }
    pipeline.flush()
    taps.flush()
    pipeline.noteDecoded(at: HostClock.wall())
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

  /// Sees whether the socket works again: once a second at most, so that one that fails now and then floods no log.
  func reviewFailure() {
    if failure != nil, hasReadSinceFailure, failureCount == failureCountAtLastTick { note(failure: nil) }
    failureCountAtLastTick = failureCount
  }

  /// Takes over the kernel's count of drops, if this link is the one that reads the socket.
  func noteKernelDrops() {
    guard isReader, let count = inputDropCount else { return }
    pipeline.sink.ledger.datagrams.kernelDropped = kernelDropBase + count
  }

  /// What the kernel has dropped at the socket or the interface; nothing for an input that is not dropped from.
  private var inputDropCount: Int? {
    switch input {
    case .udp(let receiver, _): Int(clamping: receiver.readKernelDroppedDatagramCount())
    case .capture(let stream, _): Int(clamping: stream.status.kernelDroppedCount)
    case .tcp, nil: nil
    }
  }

  /// The kernel's count of drops as far as it is on the account of this link; nothing unless it reads a socket.
  var socketMark: SocketMark? {
    guard isReader, case .udp(let receiver, _) = input else { return nil }
    return SocketMark(cookie: receiver.socketCookie, dropCount: receiver.socketDropCount)
  }

  /// What was dropped since another reader, of this process or an earlier one, counted last is on this account, also
  /// while nobody read the socket.
  func resumeKernelDrops(after count: UInt32) {
    if case .udp(let receiver, _) = input { receiver.resumeDrops(total: 0, latest: count) }
    kernelDropBase = pipeline.sink.ledger.datagrams.kernelDropped
  }

  /// Why the socket cannot be read, whichever link reads it.
  var socketFailure: IngestError? {
    guard case .other(let first) = share else { return failure }
    return first.assumeIsolated { $0.failure }
  }

  var failureProblems: [Problem] {
    guard let failure = socketFailure else { return [] }
    return [
      Problem(
        .inputFailed, .critical, link: name, message: "\(failure)",
        hint: "it is tried again all the time; if it stays, see the network of this host, and restart")
    ]
  }
}
