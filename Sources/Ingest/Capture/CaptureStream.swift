package import Dispatch

/// The datagrams that arrive at a network interface, which may go away and come back.
///
///     stopped -> capturing <-> down         the interface is taken down and brought up again
///                    |  ^       |
///                    v  |       v
///                   waiting <---+           it is gone: 0.1 s, then twice as long each time it is in vain
///
/// An interface that is made anew is opened anew, with a read source of its own. All state is confined to the queue.
/// From `start` to the completion of `stop` the stream keeps itself alive.
package final class CaptureStream: @unchecked Sendable {
  private let input: CaptureInput
  private let queue: DispatchQueue
  private var state = CaptureStatus()
  private var opened: Opened?
  private var backoff = RetryBackoff(longestSeconds: longestRetrySeconds)
  private var attempt = 0
  private var receive: (@Sendable (RawSpan, DatagramInfo) -> Void)?
  private var report: (@Sendable (CaptureEvent) -> Void)?
  private var hasBegun = false
  private var hasEnded = false
  private var closingCount = 0
  /// What was dropped at interfaces that are gone.
  private var earlierDropCount: UInt64 = 0
  private var completions: [@Sendable () -> Void] = []

  /// An interface that is captured on.
  private struct Opened {
    let capture: LiveCapture
    /// Absent for all interfaces together.
    let index: UInt32?
    let pump: DatagramPump
  }

  private var first: LiveCapture?

  /// Tries the interface, so that a missing permission is known at once. One that is not there may come later.
  package static func open(_ input: CaptureInput, queue: DispatchQueue) throws(IngestError) -> CaptureStream {
    let stream = CaptureStream(input, queue)
    do throws(CaptureTrouble) {
      stream.first = try LiveCapture(input)
    } catch {
      switch error {
      case .noPermission, .unsupportedLinkType, .other:
        throw .cannotCapture(interface: input.interface, trouble: error)
      case .noSuchInterface, .interfaceDown: break
      }
    }
    return stream
  }

  /// Tries the interface, and leaves nothing behind. Unlike `open` it does not put up with one that is not there.
  package static func check(_ input: CaptureInput) throws(IngestError) {
    do throws(CaptureTrouble) {
      _ = try LiveCapture(input)
    } catch {
      throw .cannotCapture(interface: input.interface, trouble: error)
    }
  }

  private init(_ input: CaptureInput, _ queue: DispatchQueue) {
    self.input = input
    self.queue = queue
  }

  /// Begins. Only the first call has an effect, and none after `stop`.
  ///
  /// - Parameters:
  ///   - receive: Is lent every datagram, on the queue.
  ///   - report: Is told what happens, on the queue.
  package func start(
    receive: @escaping @Sendable (RawSpan, DatagramInfo) -> Void, report: @escaping @Sendable (CaptureEvent) -> Void
  ) {
    queue.async { @Sendable in self.begin(receive, report) }
  }

  /// Lends what the kernel still holds, and ends. `completion` runs on the queue when the interface is closed.
  package func stop(_ completion: @escaping @Sendable () -> Void) {
    queue.async { @Sendable in self.end(completion) }
  }

  /// Looks at the interface, and at what the kernel dropped. To be called on the queue, once a second or so: an
  /// interface that is gone may not say so.
  package func review() {
    guard let opened, !hasEnded else { return }
    noteDrops(opened)
    guard let index = opened.index else { return }
    switch NetworkInterface(named: input.interface) {
    case .absent: lose(.noSuchInterface)
    case .up(let found) where found != index, .down(let found) where found != index: lose(.noSuchInterface)
    case .down: setDown(true)
    case .up: setDown(false)
    }
  }

  /// Where it stands. To be asked on the queue.
  package var status: CaptureStatus {
    var status = state
    if let opened { status.counts = opened.capture.counts }
    status.bufferByteCount = input.bufferByteCount
    return status
  }

  private static let longestRetrySeconds = 30.0
  private static let batchesPerTurn = 64
  private static let lastTurns = 64
}

// MARK: Beginning and end

extension CaptureStream {
  private func begin(
    _ receive: @escaping @Sendable (RawSpan, DatagramInfo) -> Void, _ report: @escaping @Sendable (CaptureEvent) -> Void
  ) {
    guard !hasBegun, !hasEnded else { return }
    hasBegun = true
    self.receive = receive
    self.report = report
    if let first {
      self.first = nil
      adopt(first)
    } else {
      tryOpening()
    }
  }

  private func end(_ completion: @escaping @Sendable () -> Void) {
    completions.append(completion)
    if !hasEnded {
      hasEnded = true
      first = nil
      if let opened {
        // Bounded: whoever sends on cannot keep us here.
        for _ in 0..<Self.lastTurns {
          guard let count = drain(opened.capture), count > 0 else { break }
        }
        opened.capture.finish()
        noteDrops(opened)
        state.counts = opened.capture.counts
        close(opened)
      }
      state.state = .stopped
    }
    completeIfAllIsClosed()
  }

  private func completeIfAllIsClosed() {
    guard hasEnded, closingCount == 0 else { return }
    receive = nil
    report = nil
    let waiting = completions
    completions = []
    for completion in waiting { completion() }
  }

  /// The descriptor is closed when no source is left that could touch it.
  private func close(_ opened: Opened) {
    self.opened = nil
    closingCount += 1
    opened.pump.cancel { @Sendable [self] in
      closingCount -= 1
      completeIfAllIsClosed()
    }
  }
}

// MARK: The interface

extension CaptureStream {
  private func tryOpening() {
    state.retryTime = nil
    do throws(CaptureTrouble) {
      adopt(try LiveCapture(input, counts: state.counts))
    } catch {
      state.failedAttemptCount += 1
      fail(error)
    }
  }

  private func adopt(_ capture: LiveCapture) {
    let pump = DatagramPump(fileDescriptor: capture.fileDescriptor, queue: queue) { @Sendable in self.drain(capture) }
    let isAny = input.interface == CaptureInput.anyInterface
    let index = isAny ? nil : NetworkInterface(named: input.interface).index ?? 0
    opened = Opened(capture: capture, index: index, pump: pump)
    state.state = .capturing
    state.openCount += 1
    backoff.reset()
    report?(.began)
    pump.resume()
  }

  /// Takes what the kernel holds, within a bound so that others get their turn; nothing when it cannot be read.
  private func drain(_ capture: LiveCapture) -> Int? {
    guard opened?.capture === capture, let receive else { return 0 }
    var total = 0
    do throws(CaptureTrouble) {
      for _ in 0..<Self.batchesPerTurn {
        let count = try capture.receiveBatch { receive($0, $1) }
        total += count
        guard count == LiveCapture.batchCapacity else { break }
      }
    } catch {
      if total > 0 { report?(.turnEnded) }
      lose(error)
      return nil
    }
    if total > 0 { report?(.turnEnded) }
    return total
  }

  private func noteDrops(_ opened: Opened) {
    state.kernelDroppedCount = earlierDropCount + opened.capture.readKernelDroppedCount()
  }

  private func setDown(_ isDown: Bool) {
    guard (state.state == .down) != isDown else { return }
    state.state = isDown ? .down : .capturing
    if isDown { state.lastTrouble = .interfaceDown }
    report?(isDown ? .stopped(.interfaceDown) : .began)
  }

  private func lose(_ trouble: CaptureTrouble) {
    guard let opened, !hasEnded else { return }
    noteDrops(opened)
    earlierDropCount = state.kernelDroppedCount
    opened.capture.finish()
    state.counts = opened.capture.counts
    close(opened)
    fail(trouble)
  }

  private func fail(_ trouble: CaptureTrouble) {
    state.lastTrouble = trouble
    state.state = .waiting
    report?(.stopped(trouble))
    let seconds = backoff.next()
    state.retryTime = .now() + seconds
    attempt += 1
    queue.asyncAfter(deadline: .now() + seconds) { @Sendable [weak self, attempt] in
      guard let self, self.attempt == attempt, !hasEnded else { return }
      tryOpening()
    }
  }
}
