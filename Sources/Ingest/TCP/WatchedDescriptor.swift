internal import Dispatch
internal import Glibc

/// An open descriptor and the one source that watches it, if any: the descriptor is closed in that source's cancel
/// handler, and never before.
///
/// Confined to the queue that it is given. A source keeps it alive until `close`.
final class WatchedDescriptor: @unchecked Sendable {
  let number: Int32
  private let queue: DispatchQueue
  private var source: (any DispatchSourceProtocol)?
  private var isSuspended = false
  private var isClosing = false
  private let closed: @Sendable () -> Void
  private var continuation: (@Sendable () -> Void)?

  /// - Parameter closed: Called on the queue when the descriptor has been closed.
  init(_ number: Int32, queue: DispatchQueue, closed: @escaping @Sendable () -> Void) {
    self.number = number
    self.queue = queue
    self.closed = closed
  }

  deinit {
    // Nothing ever watched it, or it would have been kept alive.
    if !isClosing { Glibc.close(number) }
  }

  /// Has the handler called while there is something to read, or an end or error to be seen.
  func whenReadable(_ handler: @escaping @Sendable () -> Void) {
    watch(DispatchSource.makeReadSource(fileDescriptor: number, queue: queue), handler)
  }

  /// Has the handler called while something could be written, or when a connection has been made or refused.
  func whenWritable(_ handler: @escaping @Sendable () -> Void) {
    watch(DispatchSource.makeWriteSource(fileDescriptor: number, queue: queue), handler)
  }

  /// Ends the watch, and goes on when nothing watches any longer; not if it is closed meanwhile.
  func stopWatching(then continuation: @escaping @Sendable () -> Void) {
    guard !isClosing else { return }
    self.continuation = continuation
    cancel()
  }

  /// Has the handler not called for the time being.
  func suspend() {
    guard let source, !isSuspended, !isClosing else { return }
    isSuspended = true
    source.suspend()
  }

  /// Has the handler called again.
  func resume() {
    guard let source, isSuspended else { return }
    isSuspended = false
    source.resume()
  }

  /// Closes the descriptor as soon as nothing watches it.
  func close() {
    guard !isClosing else { return }
    isClosing = true
    continuation = nil
    cancel()
  }

  private func watch(_ source: any DispatchSourceProtocol, _ handler: @escaping @Sendable () -> Void) {
    precondition(self.source == nil && !isClosing, "one source watches a descriptor at a time")
    source.setEventHandler { @Sendable in handler() }
    source.setCancelHandler { @Sendable in self.sourceEnded() }
    self.source = source
    source.activate()
  }

  private func cancel() {
    guard let source else { return sourceEnded() }
    source.cancel()
    // A suspended source never runs its cancel handler, and must not be dropped.
    resume()
  }

  private func sourceEnded() {
    source = nil
    if isClosing {
      Glibc.close(number)
      closed()
    } else {
      let next = continuation
      continuation = nil
      next?()
    }
  }
}
