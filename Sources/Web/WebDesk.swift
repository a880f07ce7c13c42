import Dispatch
import LinkHealth
import NIOCore
import Publish
import Synchronization

/// Everybody who is connected, and what they are told: the state of the server, owned by its one thread.
actor WebDesk {
  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  nonisolated let eventLoop: any EventLoop
  private nonisolated let executor: any SerialExecutor
  nonisolated let counters: WebCounters
  private nonisolated let backlogCount = Atomic<Int>(0)
  private nonisolated let missedEventCount = Atomic<UInt64>(0)
  private nonisolated let waitingRowCount = Atomic<Int>(0)
  private nonisolated let missedRowCount = Atomic<UInt64>(0)
  private nonisolated let backlogCapacity: Int
  let sources: WebSources
  let clocks: StatusServer.Clocks
  /// What is in force.
  var terms: WebTerms
  var guests: [Int: Guest] = [:]
  var guestCounts: [String: Int] = [:]
  var nextGuestID = 1
  var streams: [Int: EventStream] = [:]
  var recentEvents = RecentEvents()
  var feed = ParameterFeed()
  /// Whether the next rows of parameters have their turn already.
  private var isFeeding = false
  /// How often a stream gets statistics when it does not say.
  var statsIntervalSeconds: Double
  /// The bytes of answers that are on their way.
  var answerByteCount = 0
  var descriptionText: String?
  /// Where questions are asked that may have to wait for a disk.
  let waitingQueue = DispatchQueue(label: "downlinkd.web.files", qos: .utility)
  /// Keeps clients from filling the event log.
  var noticeAggregator = EventAggregator()
  private var isFlushing = false
  /// Whether clients are admitted yet.
  var isServing = false
  var listener: ListenerGate?

  init(
    _ eventLoop: any EventLoop, _ terms: WebTerms, sources: WebSources, counters: WebCounters,
    clocks: StatusServer.Clocks, statsIntervalSeconds: Double
  ) {
    self.eventLoop = eventLoop
    executor = eventLoop.executor
    self.terms = terms
    self.sources = sources
    self.counters = counters
    self.clocks = clocks
    self.statsIntervalSeconds = statsIntervalSeconds
    backlogCapacity = terms.options.backlogCapacity
  }

  // MARK: From any thread

  nonisolated func enter(_ body: @escaping @Sendable (isolated WebDesk) -> Void) {
    eventLoop.execute { [self] in assumeIsolated { body($0) } }
  }

  /// Tells an event to those who watch, and keeps it for those who ask later. When the server is too far behind, they
  /// are told that they have lost it.
  nonisolated func publish(_ line: EventLine) {
    guard !enterIfThereIsRoom({ $0.push(line) }) else { return }
    counters.unpublished.add()
    missedEventCount.add(1, ordering: .relaxed)
  }

  nonisolated func publishStatistics(of link: String, _ object: @escaping @Sendable () -> String) {
    _ = enterIfThereIsRoom { $0.pushStatistics(of: link, object) }
  }

  /// Tells what has changed of parameters to those who watch them. When the server is too far behind, they are told
  /// that they have lost all of it.
  nonisolated func publishParameters(_ batch: ParameterBatch) {
    let waiting = waitingRowCount.add(batch.rowCount, ordering: .relaxed).oldValue
    guard waiting == 0 || waiting + batch.rowCount <= Self.rowBacklogCapacity else {
      waitingRowCount.subtract(batch.rowCount, ordering: .relaxed)
      missedRowCount.add(UInt64(batch.rowCount), ordering: .relaxed)
      return
    }
    eventLoop.execute { [self] in
      waitingRowCount.subtract(batch.rowCount, ordering: .relaxed)
      assumeIsolated { $0.push(batch) }
    }
  }

  /// The rows of parameters that may wait for the server; one batch may always.
  private static let rowBacklogCapacity = 1 << 18

  private nonisolated func enterIfThereIsRoom(_ body: @escaping @Sendable (isolated WebDesk) -> Void) -> Bool {
    guard backlogCount.add(1, ordering: .relaxed).newValue <= backlogCapacity else {
      backlogCount.subtract(1, ordering: .relaxed)
      return false
    }
    eventLoop.execute { [self] in
      backlogCount.subtract(1, ordering: .relaxed)
      assumeIsolated { body($0) }
    }
    return true
  }

  // MARK: Events

  private func push(_ line: EventLine) {
    tellMissed()
    recentEvents.append(line)
    guard line.eventType != .stats else { return }
    // One text for all who watch.
    var bytes: [UInt8]?
    for id in streams.keys where streams[id]?.watch.events.accepts(line) ?? false {
      let text = bytes ?? message(line)
      bytes = text
      send(text, kind: .event, to: id)
    }
  }

  /// An event as a stream tells it.
  func message(_ line: EventLine) -> [UInt8] {
    StreamMessage.message(
      "event", id: EventID(runID: sources.identity.runID, sequenceNumber: line.sequenceNumber),
      line: StatusMessage.push("EVENT", object: line.text))
  }

  private func pushStatistics(of link: String, _ object: () -> String) {
    var bytes: [UInt8]?
    let now = clocks.monotonic()
    for id in streams.keys where streams[id]?.watch.takeStatistics(of: link, at: now) ?? false {
      let text = bytes ?? StreamMessage.message("stats", line: StatusMessage.push("STATS", object: object()))
      bytes = text
      send(text, kind: .stats, to: id)
    }
  }

  /// Lets those who watch know of what never came here.
  private func tellMissed() {
    let count = missedEventCount.exchange(0, ordering: .relaxed)
    let rowCount = missedRowCount.exchange(0, ordering: .relaxed)
    guard count > 0 || rowCount > 0 else { return }
    for (id, stream) in streams {
      streams[id]?.queue.noteLoss(
        .init(eventCount: count, rowCount: stream.watch.parameters == nil ? 0 : rowCount))
    }
  }

  private func push(_ batch: ParameterBatch) {
    tellMissed()
    let watchers = streams.compactMap { id, stream in
      stream.watch.pattern(of: batch.link).map { (id: id, pattern: $0) }
    }
    for (receivers, rowCount) in feed.put(batch, for: watchers) {
      for id in receivers {
        streams[id]?.queue.noteLoss(.init(rowCount: UInt64(rowCount)))
        makeDue(id)
      }
    }
    feedParameters()
  }

  /// Tells the next rows of parameters; others are served before those that follow them.
  func feedParameters() {
    guard !isFeeding, let piece = feed.next(where: { streams[$0]?.queue.hasRoomForRows ?? false }) else { return }
    for line in piece.lines {
      let message = StreamMessage.message("parameters", line: line.bytes)
      for id in piece.receivers { send(message, kind: .parameters(line.rowCount), to: id) }
    }
    guard !feed.isEmpty else { return }
    isFeeding = true
    enter {
      $0.isFeeding = false
      $0.feedParameters()
    }
  }

  private func send(_ bytes: [UInt8], kind: OutboundQueue.Kind, to id: Int) {
    streams[id]?.add(bytes, kind: kind, at: clocks.monotonic())
    makeDue(id)
  }

  private func makeDue(_ id: Int) {
    streams[id]?.isDue = true
    guard !isFlushing else { return }
    isFlushing = true
    // Many events come together as a rule, and a write for each of them would cost more than all the rest.
    eventLoop.scheduleTask(in: .milliseconds(20)) { [weak self] in self?.assumeIsolated { $0.flushStreams() } }
  }

  private func flushStreams() {
    isFlushing = false
    for id in streams.keys where streams[id]?.isDue ?? false { flush(id) }
  }
}
