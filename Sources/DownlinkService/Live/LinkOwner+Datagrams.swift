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
    guard case .udp(let receiver, let udp) = input else { return 0 }
    var total = 0
    for _ in 0..<Self.batchesPerTurn {
      guard let count = receiveBatch(receiver, udp) else { return nil }
      total += count
      guard count == UDPReceiver.batchCapacity else { break }
    }
    return total
  }

  /// Takes what was sent before the end. Bounded by what the kernel had queued: whoever sends on cannot keep us here.
  func drainRest() {
    guard case .udp(let receiver, let udp) = input else { return }
    for _ in 0..<Self.batchesPerTurn * 64 {
      guard receiveBatch(receiver, udp) == UDPReceiver.batchCapacity else { break }
    }
  }

  private func receiveBatch(_ receiver: UDPReceiver, _ udp: UDPDescription) -> Int? {
    if !receiver.hasRoom { makeRoom() }
    do throws(IngestError) {
      let received = try receiver.receiveBatch { bytes, info in
        accept(bytes, info, udp)
        pipeline.noteReceived(at: info.receivedAtNanoseconds)
      }
      hasReadSinceFailure = true
      guard received > 0 else { return 0 }
      pipeline.flush()
      pipeline.noteDecoded(at: HostClock.wall())
      return received
    } catch {
      failureCount += 1
      hasReadSinceFailure = false
      note(failure: error)
      return nil
    }
  }

  /// Takes one datagram: now, or again after it was received by a process that is no more.
  func accept(_ bytes: RawSpan, _ info: DatagramInfo, _ udp: UDPDescription) {
    var about = UnitDescription(
      time: info.receivedAtNanoseconds.map { ReceptionTime(nanosecondsSince1970: $0) },
      originalByteCount: info.originalByteCount)
    if !udp.allowFrom.allows(info.source) { about.rejection = .sourceNotAllowed }
    if info.isTruncated { about.rejection = about.rejection ?? .oversize }
    pipeline.receive(bytes, about)
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

  func noteKernelDrops(_ receiver: UDPReceiver) {
    let dropped = Int(clamping: receiver.readKernelDroppedDatagramCount())
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
