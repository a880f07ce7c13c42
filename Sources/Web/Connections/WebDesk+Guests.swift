import LinkHealth
import NIOCore
import NIOHTTP1
import NIOSSL
import Publish

/// How clients come, and how they go.
extension WebDesk {
  /// Makes the handlers of a connection that was accepted, or turns it away.
  func welcome(_ channel: any Channel) throws {
    let address = channel.remoteAddress?.ipAddress ?? ""
    let pipeline = channel.pipeline.syncOperations
    if let refusal = refusal(of: address) {
      counters.add(refusal)
      report("denied", address, reason: refusal.rawValue)
      // A handshake would cost more than it is worth.
      guard terms.privacy == nil else { return try pipeline.addHandler(Closer()) }
      counters.add(code: WebRefusal.tooManyConnections.status)
      return try pipeline.addHandler(TurnedAway(fields: commonFields))
    }
    let id = nextGuestID
    nextGuestID += 1
    guests[id] = Guest(
      id: id, channel: channel, address: address, localAddress: channel.localAddress?.ipAddress,
      connectTime: clocks.wall(), since: clocks.monotonic())
    guestCounts[address, default: 0] += 1
    counters.accepted.add()
    counters.connections.set(guests.count)
    if let privacy = terms.privacy { try pipeline.addHandler(NIOSSLServerHandler(context: privacy)) }
    try pipeline.addHandler(HTTPResponseEncoder())
    try pipeline.addHandler(HeadGate(terms.options))
    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
    try pipeline.addHandler(GuestHandler(id, self))
  }

  private func refusal(of address: String) -> WebCounters.Refusal? {
    if guests.count >= terms.options.connectionCapacity { return .connections }
    return guestCounts[address, default: 0] >= terms.options.connectionCapacityPerAddress ? .connectionsOfAddress : nil
  }

  /// Forgets one that is gone.
  func left(_ id: Int) {
    guard let guest = guests.removeValue(forKey: id) else { return }
    if case .answering(let byteCount) = guest.phase { answerByteCount -= byteCount }
    let count = (guestCounts[guest.address] ?? 1) - 1
    guestCounts[guest.address] = count > 0 ? count : nil
    counters.connections.set(guests.count)
    guard let stream = streams.removeValue(forKey: id) else { return }
    counters.lostEvents.add(Int(clamping: stream.queue.totalLostEventCount))
    counters.streams.set(streams.count)
  }

  /// Admits clients from now on.
  func serve() {
    isServing = true
    listener?.resume()
  }

  // MARK: Where it stands

  /// The first bytes of a request have come.
  func requestBegan(_ id: Int) { move(id, to: .arriving) }

  /// The client will send no more.
  ///
  /// - Returns: Whether there is nothing left to tell it.
  func hasHungUp(_ id: Int) -> Bool {
    switch guests[id]?.phase {
    case .asking, .answering: false
    case .waiting, .arriving, .streaming, .leaving, nil: true
    }
  }

  /// A part of an answer has got as far as the kernel.
  func noteProgress(of id: Int, byteCount: Int) {
    guard case .answering(let rest) = guests[id]?.phase else { return }
    answerByteCount -= byteCount
    move(id, to: .answering(byteCount: rest - byteCount))
  }

  /// An answer is there, or as good as there.
  func answered(_ id: Int, isLeaving: Bool) {
    if case .answering(let rest) = guests[id]?.phase { answerByteCount -= rest }
    move(id, to: isLeaving ? .leaving : .waiting)
  }

  func move(_ id: Int, to phase: Guest.Phase) {
    guests[id]?.phase = phase
    guests[id]?.since = clocks.monotonic()
  }

  /// Lets go of those whose time is up, and looks after streams. To be called once a second.
  func tick() {
    if isServing { listener?.resume() }
    let now = clocks.monotonic()
    for guest in guests.values {
      switch guest.due(at: now, terms.options) {
      case .nothing: break
      case .timeout:
        guest.channel.pipeline.fireUserInboundEventTriggered(GuestHandler.TimeUp())
      case .close: guest.channel.close(promise: nil)
      case .stalled:
        counters.stalled.add()
        report("evict", guest.address, reason: "stalled")
        guest.channel.close(promise: nil)
      }
    }
    inspectStreams(at: now)
    for record in noticeAggregator.tick(at: clocks.wall()) { sources.notice(record) }
  }

  /// Ends all connections; streams have their last words.
  func close() {
    for id in streams.keys { sayGoodbye(id, reason: "shutdown") }
    for guest in guests.values { guest.channel.close(promise: nil) }
    for record in noticeAggregator.flush() { sources.notice(record) }
  }

  /// Tells of a client, in a summary if there are many like it.
  func report(_ action: String, _ address: String, reason: String) {
    let record = EventRecord(.client, severity: .warning, time: clocks.wall()) {
      $0.member("action", action)
      $0.member("address", address)
      $0.member("socket", "web")
    }
    for line in noticeAggregator.submit(record, reason: reason, at: record.time) { sources.notice(line) }
  }
}

/// Says that there are too many, and ends the connection.
private final class TurnedAway: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let fields: HTTPHeaders

  init(fields: HTTPHeaders) { self.fields = fields }

  func channelActive(context: ChannelHandlerContext) {
    let answer = WebAnswer(.tooManyConnections)
    var text = "HTTP/1.1 \(answer.status) Service Unavailable\r\n"
    let own = answer.fields.map { ($0.name, $0.value) } + [("Content-Length", "\(answer.body.count)")]
    for (name, value) in fields.map({ ($0.name, $0.value) }) + own + [("Connection", "close")] {
      text += "\(name): \(value)\r\n"
    }
    var buffer = context.channel.allocator.buffer(string: text + "\r\n")
    buffer.writeBytes(answer.body)
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(buffer)).whenComplete { _ in
      channel.close(mode: .output, promise: nil)
      // Its request may be on its way; it has a moment to take this before it is cut off.
      channel.eventLoop.scheduleTask(in: .milliseconds(500)) { channel.close(promise: nil) }
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? ChannelEvent == .inputClosed { context.close(promise: nil) }
  }
}

/// Ends a connection without a word.
private final class Closer: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  func channelActive(context: ChannelHandlerContext) { context.close(promise: nil) }
}
