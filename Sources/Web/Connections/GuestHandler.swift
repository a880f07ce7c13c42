import NIOCore
import NIOHTTP1

/// Carries requests to the desk and answers back, for one connection.
final class GuestHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  /// How much is handed on at a time, so that progress shows.
  private static let pieceByteCount = 64 << 10

  private let id: Int
  private let desk: WebDesk
  private var head: HTTPRequestHead?
  private var hasEnded = false
  private var isLeaving = false

  init(_ id: Int, _ desk: WebDesk) {
    self.id = id
    self.desk = desk
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isLeaving else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      // What has a body is refused for it, and its end is not waited for.
      if Self.hasBody(head) {
        answer(desk.assumeIsolated { [id] in $0.refused(id, .body, of: head) }, to: head, context)
      } else {
        self.head = head
      }
    case .body: break
    case .end:
      guard let head else { return }
      self.head = nil
      respond(to: head, context)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let notice = event as? HeadGate.Notice {
      switch notice {
      case .began: desk.assumeIsolated { [id] in $0.requestBegan(id) }
      case .refused(let refusal): answer(desk.assumeIsolated { [id] in $0.refused(id, refusal) }, to: nil, context)
      }
    } else if event as? ChannelEvent == .inputClosed {
      hasEnded = true
      if desk.assumeIsolated({ [id] in $0.hasHungUp(id) }) { context.close(promise: nil) }
    } else if event as? GuestHandler.TimeUp != nil {
      answer(desk.assumeIsolated { [id] in $0.refused(id, .timeout) }, to: nil, context)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  /// Sent by the desk when a request has not arrived in time.
  struct TimeUp: Sendable {}

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
    let refusal: WebRefusal =
      switch error {
      case .invalidMethod: .method
      case .headerOverflow: .headTooLarge
      default: .badRequest("this is not HTTP/1: \(error)")
      }
    answer(desk.assumeIsolated { [id] in $0.refused(id, refusal) }, to: nil, context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    desk.assumeIsolated { [id] in $0.left(id) }
    context.fireChannelInactive()
  }

  // MARK: Answers

  private static func hasBody(_ head: HTTPRequestHead) -> Bool {
    head.headers.contains(name: "transfer-encoding") || head.headers["content-length"].contains { $0 != "0" }
  }

  private func respond(to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    switch desk.assumeIsolated({ [id] in $0.response(to: head, from: id) }) {
    case .answer(let answer): self.answer(answer, to: head, context)
    case .later(let question):
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      desk.assumeIsolated { [id] in
        $0.ask(question, for: id) { answer in
          let (handler, context) = bound.value
          handler.answer(answer, to: head, context)
        }
      }
    case .stream(let fields, let watch):
      context.triggerUserOutboundEvent(HeadGate.Request.shut, promise: nil)
      desk.counters.add(code: 200)
      let response = HTTPResponseHead(version: head.version, status: .ok, headers: fields)
      context.writeAndFlush(wrapOutboundOut(.head(response)), promise: nil)
      desk.assumeIsolated { [id] in $0.openStream(id, watch, lastEventID: head.headers.first(name: "last-event-id")) }
    }
  }

  private func answer(_ answer: WebAnswer, to head: HTTPRequestHead?, _ context: ChannelHandlerContext) {
    guard !isLeaving else { return }
    isLeaving = answer.closes || hasEnded || !(head?.isKeepAlive ?? false)
    var fields = desk.assumeIsolated { $0.commonFields }
    for field in answer.fields { fields.add(name: field.name, value: field.value) }
    fields.add(name: "Content-Length", value: String(answer.body.count))
    if isLeaving {
      fields.add(name: "Connection", value: "close")
      context.triggerUserOutboundEvent(HeadGate.Request.shut, promise: nil)
    }
    desk.counters.add(code: answer.status)
    let status = HTTPResponseStatus(statusCode: answer.status)
    let response = HTTPResponseHead(version: head?.version ?? .http1_1, status: status, headers: fields)
    context.write(wrapOutboundOut(.head(response)), promise: nil)
    if head?.method != .HEAD { writeBody(answer.body, context) }
    let promise = context.eventLoop.makePromise(of: Void.self)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    promise.futureResult.whenComplete { _ in
      let (handler, context) = bound.value
      handler.answered(context)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
  }

  private func writeBody(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Self.pieceByteCount)
      rest = rest.dropFirst(piece.count)
      var buffer = context.channel.allocator.buffer(capacity: piece.count)
      buffer.writeBytes(piece)
      let promise = context.eventLoop.makePromise(of: Void.self)
      promise.futureResult.whenComplete { [desk, id, count = piece.count] _ in
        desk.assumeIsolated { $0.noteProgress(of: id, byteCount: count) }
      }
      context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: promise)
    }
  }

  private func answered(_ context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    desk.assumeIsolated { [id, isLeaving, hasEnded] in $0.answered(id, isLeaving: isLeaving || hasEnded) }
    if hasEnded {
      context.close(promise: nil)
    } else if isLeaving {
      // Closing while there is something unread would take the answer back from the client.
      let closed = context.eventLoop.makePromise(of: Void.self)
      closed.futureResult.whenFailure { [channel = context.channel] _ in channel.close(promise: nil) }
      context.close(mode: .output, promise: closed)
    } else {
      // The parser may be at work on this very request, and what it is given meanwhile it would forget about.
      let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
      context.eventLoop.execute { bound.value.triggerUserOutboundEvent(HeadGate.Request.next, promise: nil) }
    }
  }
}
