import LinkHealth
import NIOCore
import NIOHTTP1
import Publish

/// How clients are told events, and how those that do not listen are let go.
extension WebDesk {
  private static let evictionsTold = 20
  /// What the kernel holds for a stream; on the way out it is given more, so that the last words fit.
  private static let sendBufferByteCount: SocketOptionValue = 32 << 10
  private static let lastSendBufferByteCount: SocketOptionValue = 208 << 10

  /// Tells a client events from now on, and first of all those that it has missed.
  ///
  /// - Parameter lastEventID: What it says that it has seen last.
  func openStream(_ id: Int, _ watch: EventWatch, lastEventID: String?) {
    guard let channel = guests[id]?.channel else { return }
    move(id, to: .streaming)
    let now = clocks.monotonic()
    var stream = EventStream(channel, watch, byteCount: terms.options.streamByteCount, now: now)
    Self.setSendBuffer(channel, Self.sendBufferByteCount)
    stream.add(StreamMessage.retry, kind: .reply, at: now)
    let hello = StatusMessage.hello(sources.identity, now: clocks.wall())
    stream.add(StreamMessage.message("hello", line: hello), kind: .reply, at: now)
    if let last = lastEventID.flatMap(EventID.init) {
      let (lines, missedCount) = missed(since: last)
      if missedCount > 0 { stream.queue.noteLoss(.init(eventCount: missedCount)) }
      for line in lines where watch.events.accepts(line) { stream.add(message(line), kind: .event, at: now) }
    }
    streams[id] = stream
    counters.streams.set(streams.count)
    flush(id)
  }

  /// What came after an event, and how much of it is not held any more. The numbers go on when the daemon starts
  /// again; where they begin anew, because the log was taken away, everything is new.
  private func missed(since last: EventID) -> (lines: [EventLine], missedCount: UInt64) {
    let missed = recentEvents.since(last.sequenceNumber)
    guard missed.lines.isEmpty, last.runID != sources.identity.runID else { return missed }
    return recentEvents.since(0)
  }

  /// Writes what waits, unless the last is still on its way.
  func flush(_ id: Int) {
    guard let channel = streams[id]?.channel else { return }
    streams[id]?.isDue = false
    guard let buffer = streams[id]?.take(channel.allocator) else { return }
    let promise = eventLoop.makePromise(of: Void.self)
    promise.futureResult.whenSuccess { [self] in assumeIsolated { $0.written(id) } }
    write(.body(.byteBuffer(buffer)), to: channel, promise)
  }

  private func written(_ id: Int) {
    streams[id]?.isWriting = false
    streams[id]?.progressTime = clocks.monotonic()
    flush(id)
    feedParameters()
  }

  private func write(_ part: HTTPServerResponsePart, to channel: any Channel, _ promise: EventLoopPromise<Void>?) {
    channel.pipeline.syncOperations.writeAndFlush(NIOAny(part), promise: promise)
  }

  /// Lets go of those that take nothing, and shows the others that the stream is there.
  func inspectStreams(at now: Int64) {
    let options = terms.options
    func isOver(_ seconds: Int, since time: Int64) -> Bool { now - time >= Int64(seconds) * 1_000_000_000 }
    let slow = streams.filter {
      ($1.isWriting || !$1.queue.isEmpty) && isOver(options.stallSeconds, since: $1.progressTime)
    }
    evict(slow.keys.sorted())
    for (id, stream) in streams where isOver(options.heartbeatSeconds, since: stream.wordTime) {
      streams[id]?.add(StreamMessage.heartbeat, kind: .stats, at: now)
      flush(id)
    }
  }

  /// Each has an event of its own, but for a crowd, whose rest has one together.
  private func evict(_ slow: [Int]) {
    var rest = (clientCount: 0, lostEventCount: UInt64(0))
    for (index, id) in slow.enumerated() {
      let (address, lost) = (guests[id]?.address, sayGoodbye(id, reason: "slow"))
      counters.evictedStreams.add()
      counters.lastEviction.set(Int(clocks.wall()))
      counters.lastEvictionUptime.set(Int(clocks.monotonic()))
      if index < Self.evictionsTold {
        reportEviction {
          if let address { $0.member("address", address) }
          $0.member("lost_events", lost)
        }
      } else {
        rest = (rest.clientCount + 1, rest.lostEventCount + lost)
      }
    }
    guard rest.clientCount > 0 else { return }
    reportEviction {
      $0.member("clients", rest.clientCount)
      $0.member("lost_events", rest.lostEventCount)
    }
  }

  private func reportEviction(_ members: (inout JSONWriter) -> Void) {
    let record = EventRecord(.client, severity: .warning, time: clocks.wall()) {
      $0.member("action", "evict")
      $0.member("socket", "web")
      $0.member("reason", "slow")
      members(&$0)
    }
    if let record = noticeAggregator.admit(record, at: record.time) { sources.notice(record) }
  }

  /// The last words to a client, as far as the kernel takes them.
  ///
  /// - Returns: How many events it has lost altogether.
  @discardableResult func sayGoodbye(_ id: Int, reason: String) -> UInt64 {
    guard var stream = streams[id] else { return 0 }
    stream.queue.replaceAll(withGoodbye: StreamMessage.bye(reason))
    let lost = stream.queue.totalLostEventCount
    streams[id] = stream
    Self.setSendBuffer(stream.channel, Self.lastSendBufferByteCount)
    stream.isWriting = false
    while let buffer = stream.take(stream.channel.allocator) {
      write(.body(.byteBuffer(buffer)), to: stream.channel, nil)
      stream.isWriting = false
    }
    let channel = stream.channel
    let promise = eventLoop.makePromise(of: Void.self)
    promise.futureResult.whenSuccess { channel.close(mode: .output, promise: nil) }
    move(id, to: .leaving)
    write(.end(nil), to: channel, promise)
    counters.lostEvents.add(Int(clamping: lost))
    counters.lostRows.add(Int(clamping: stream.queue.totalLoss.rowCount))
    streams[id] = nil
    feed.leave(id)
    counters.streams.set(streams.count)
    return lost
  }

  private static func setSendBuffer(_ channel: any Channel, _ byteCount: SocketOptionValue) {
    try? channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: byteCount)
  }

  // MARK: Who is there

  /// Answers `clients`.
  var clientList: String {
    var json = JSONWriter()
    json.object { list in
      list.array("clients") { elements in
        for guest in guests.values.sorted(by: { $0.id < $1.id }) {
          elements.object {
            $0.member("id", guest.id)
            $0.member("address", guest.address)
            $0.member("connected", UTCTimestamp.rfc3339(guest.connectTime))
            let stream = streams[guest.id]
            $0.member("watching", stream != nil)
            $0.member("pending_bytes", stream?.queue.byteCount ?? 0)
            $0.member("lost_events", stream?.queue.totalLostEventCount ?? 0)
            $0.member("lost_parameters", stream?.queue.totalLoss.rowCount ?? 0)
          }
        }
      }
      list.member("socket", "web")
      list.object("limits") {
        $0.member("clients", terms.options.connectionCapacity)
        $0.member("clients_per_address", terms.options.connectionCapacityPerAddress)
        $0.member("pending_bytes", terms.options.streamByteCount)
      }
      list.object("totals") { counters.write(to: &$0) }
    }
    return json.text
  }
}
