import NIOCore

/// Holds back from accepting until it is time, and for a while when there are no descriptors left: those who come wait
/// in the kernel.
final class ListenerGate: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias InboundOut = any Channel
  typealias OutboundIn = any Channel
  typealias OutboundOut = any Channel

  private let noteFailure: () -> Void
  private var isPaused: Bool
  private var isReadHeld = false
  private var context: ChannelHandlerContext?

  /// - Parameters:
  ///   - isPaused: Whether it waits for `resume` from the beginning.
  ///   - noteFailure: Called whenever a connection could not be accepted.
  init(isPaused: Bool, _ noteFailure: @escaping () -> Void) {
    self.isPaused = isPaused
    self.noteFailure = noteFailure
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    isPaused = true
    noteFailure()
  }

  func read(context: ChannelHandlerContext) {
    if isPaused { isReadHeld = true } else { context.read() }
  }

  /// Accepts, or tries again.
  func resume() {
    isPaused = false
    guard isReadHeld else { return }
    isReadHeld = false
    context?.read()
  }
}
