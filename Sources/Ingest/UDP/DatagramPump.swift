package import Dispatch

/// Calls a drain function when a socket has datagrams: at once while few come, once a millisecond while many do.
///
/// A wake-up for each datagram is what a plain read source costs. So when one drain finds more than a few datagrams the
/// read source is suspended and a timer polls instead, until the socket has been empty for two ticks: a third of the
/// processor time for each datagram of a busy link, a millisecond of delay, and no wake-ups at all on a quiet one.
///
///     waiting  -- a drain found more than 4 --> polling
///     waiting  <-- two empty ticks ----------- polling
///     either   -- a drain failed ------------> failing
///     waiting  <-- a drain did not ----------- failing
///     any      -- cancel --> cancelled
///
/// A socket that cannot be read stays readable all the same: it is tried again after 1 ms, and each time after twice as
/// long, to a second.
///
/// All state is confined to the queue. There is one read source for the descriptor's whole life; the descriptor may be
/// closed in the completion of `cancel`, and not before. From `resume` to `cancel` the pump keeps itself alive.
package final class DatagramPump: @unchecked Sendable {
  private enum State { case idle, waiting, polling, failing, cancelled }

  private let fileDescriptor: Int32
  private let queue: DispatchQueue
  private let drain: @Sendable () -> Int?
  private var state = State.idle
  private var emptyTickCount = 0
  private var retryMilliseconds = 1
  private var source: (any DispatchSourceRead)?
  private var timer: (any DispatchSourceTimer)?
  private var openSourceCount = 0
  private var completions: [@Sendable () -> Void] = []

  /// - Parameters:
  ///   - fileDescriptor: A non-blocking socket, which stays open until `cancel` has completed.
  ///   - queue: A serial queue; everything here happens on it.
  ///   - drain: Takes what the socket holds, within a bound so that others get their turn, and returns how many
  ///     datagrams that were, or nothing when the socket cannot be read. Called on the queue.
  package init(fileDescriptor: Int32, queue: DispatchQueue, drain: @escaping @Sendable () -> Int?) {
    self.fileDescriptor = fileDescriptor
    self.queue = queue
    self.drain = drain
  }

  /// Begins to call the drain function. Only the first call has an effect, and none after `cancel`.
  package func resume() {
    queue.async { @Sendable in self.start() }
  }

  /// Stops calling it. `completion` runs on the queue when neither source will ever touch the descriptor again.
  package func cancel(_ completion: @escaping @Sendable () -> Void) {
    queue.async { @Sendable in self.stop(completion) }
  }

  private func start() {
    guard state == .idle else { return }
    // Made here, not in the initializer: a source that was never activated must not be dropped.
    let source = DispatchSource.makeReadSource(fileDescriptor: fileDescriptor, queue: queue)
    let timer = DispatchSource.makeTimerSource(queue: queue)
    source.setEventHandler { @Sendable in self.becameReadable() }
    timer.setEventHandler { @Sendable in self.tick() }
    source.setCancelHandler { @Sendable in self.sourceEnded() }
    timer.setCancelHandler { @Sendable in self.sourceEnded() }
    timer.schedule(deadline: .distantFuture)
    self.source = source
    self.timer = timer
    openSourceCount = 2
    state = .waiting
    source.activate()
    timer.activate()
  }

  private func becameReadable() {
    guard state == .waiting else { return }
    let count = drain()
    guard state == .waiting else { return }
    guard let count else {
      source?.suspend()
      return retryLater()
    }
    guard count > Self.busyDatagramCount else { return }
    source?.suspend()
    state = .polling
    emptyTickCount = 0
    timer?.schedule(deadline: .now() + Self.tick, repeating: Self.tick, leeway: Self.leeway)
  }

  private func tick() {
    guard state == .polling || state == .failing else { return }
    let count = drain()
    guard state == .polling || state == .failing else { return }
    guard let count else { return retryLater() }
    emptyTickCount = count == 0 ? emptyTickCount + 1 : 0
    guard state == .failing || emptyTickCount >= Self.emptyTicksUntilQuiet else { return }
    timer?.schedule(deadline: .distantFuture)
    state = .waiting
    retryMilliseconds = 1
    source?.resume()
  }

  private func retryLater() {
    state = .failing
    timer?.schedule(deadline: .now() + .milliseconds(retryMilliseconds), leeway: Self.leeway)
    retryMilliseconds = min(retryMilliseconds * 2, 1000)
  }

  private func stop(_ completion: @escaping @Sendable () -> Void) {
    guard state != .cancelled || openSourceCount > 0 else { return completion() }
    completions.append(completion)
    guard state != .cancelled else { return }
    let wasSuspended = state == .polling || state == .failing
    state = .cancelled
    guard openSourceCount > 0 else { return complete() }
    source?.cancel()
    timer?.cancel()
    // A suspended source never runs its cancel handler, and must not be dropped.
    if wasSuspended { source?.resume() }
  }

  private func sourceEnded() {
    openSourceCount -= 1
    guard openSourceCount == 0 else { return }
    source = nil
    timer = nil
    complete()
  }

  private func complete() {
    let waiting = completions
    completions = []
    for completion in waiting { completion() }
  }

  private static let busyDatagramCount = 4
  private static let emptyTicksUntilQuiet = 2
  private static let tick = DispatchTimeInterval.milliseconds(1)
  private static let leeway = DispatchTimeInterval.microseconds(200)
}
