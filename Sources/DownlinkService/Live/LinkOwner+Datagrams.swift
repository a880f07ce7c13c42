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
    do throws(IngestError) {
      let received = try receiver.receiveBatch { bytes, info in pipeline.receive(bytes, info, &admission) }
      hasReadSinceFailure = true
      guard received > 0 else { return 0 }
      endBatch()
      return received
    } catch {
      failureCount += 1
      hasReadSinceFailure = false
      note(failure: error)
      return nil
    }
  }

  /// Delivers what is decoded together.
  func endBatch() {
    pipeline.flush()
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

  func noteKernelDrops(_ dropped: Int) {
    if dropped > pipeline.sink.ledger.datagrams.kernelDropped { droppedAt = HostClock.monotonic() }
    pipeline.sink.ledger.datagrams.kernelDropped = dropped
  }

  var failureProblems: [Problem] {
    guard let failure else { return [] }
    return [
      Problem(
        .inputFailed, .critical, link: name, message: "\(failure)",
        hint: "it is tried again all the time; if it stays, see the network of this host, and restart")
    ]
  }
}
