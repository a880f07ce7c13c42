import NIOCore

/// Lets one request at a time through to the parser, and nothing that is too long.
///
///     open --head--> busy --answered--> open
///       \--too long, or a stream--> shut: what comes is read and dropped
final class HeadGate: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// What it tells the handler behind the parser.
  enum Notice: Sendable, Equatable {
    /// The first bytes of a request have come.
    case began
    case refused(WebRefusal)
  }

  /// What that handler tells it.
  enum Request: Sendable, Equatable {
    /// The request is answered.
    case next
    /// No further request will be answered.
    case shut
  }

  private enum State { case open, busy, shut }

  private let bounds: (line: Int, head: Int)
  private var cutter: HeadCutter
  private var state = State.open
  private var isReadHeld = false

  init(_ options: WebOptions) {
    bounds = (options.requestLineByteCount, options.headByteCount)
    cutter = HeadCutter(lineByteCount: bounds.line, headByteCount: bounds.head)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard state != .shut else { return }
    var bytes = unwrapInboundIn(data)
    let wasEmpty = cutter.waitingByteCount == 0
    cutter.append(&bytes)
    guard state == .open else {
      // Nobody sends that much before he has an answer, unless he means harm.
      if cutter.waitingByteCount > 2 * bounds.head { context.close(promise: nil) }
      return
    }
    if wasEmpty { context.fireUserInboundEventTriggered(Notice.began) }
    cut(context)
  }

  func read(context: ChannelHandlerContext) {
    // While an answer is on its way the client's next words can wait in its own memory.
    if state == .busy { isReadHeld = true } else { context.read() }
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    switch event as? Request {
    case nil: context.triggerUserOutboundEvent(event, promise: promise)
    case .next:
      guard state == .busy else { return }
      state = .open
      if cutter.waitingByteCount > 0 {
        context.fireUserInboundEventTriggered(Notice.began)
        cut(context)
      }
      resume(context)
    case .shut:
      state = .shut
      cutter.clear()
      resume(context)
    }
  }

  private func cut(_ context: ChannelHandlerContext) {
    switch cutter.next() {
    case .incomplete: break
    case .head(let bytes):
      // What does not even begin like a request is not asked for a method; TLS to a port in the clear is such.
      guard let first = bytes.readableBytesView.first(where: { $0 != 0x0D && $0 != 0x0A }),
        (0x41...0x5A).contains(first)
      else { return refuse(.badRequest("this is not HTTP/1"), context) }
      state = .busy
      context.fireChannelRead(wrapInboundOut(bytes))
    case .lineTooLong: refuse(.targetTooLong, context)
    case .headTooLong: refuse(.headTooLarge, context)
    }
  }

  private func refuse(_ refusal: WebRefusal, _ context: ChannelHandlerContext) {
    state = .shut
    cutter.clear()
    context.fireUserInboundEventTriggered(Notice.refused(refusal))
  }

  private func resume(_ context: ChannelHandlerContext) {
    guard state != .busy, isReadHeld else { return }
    isReadHeld = false
    context.read()
  }
}
