import LinkHealth
import Synchronization

/// What the server answers by itself, and what it pushes.
extension StatusServer {
  /// Answers one line. Empty lines are nothing.
  func respond(to line: [UInt8], from client: StatusClient) {
    guard line.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
    client.hasAsked = true
    do throws(StatusRequest.Refusal) {
      let request = try StatusRequest.parse(line) { refusal(of: $0) }
      counters.count(request.command)
      switch request.command {
      case .question(let command):
        let result = bounded(result(of: command, request.arguments, from: client))
        client.add(StatusMessage.reply(request.id, result), kind: .reply, at: clocks.monotonic())
      case .control(let command): begin(command, request, from: client)
      }
    } catch {
      counters.refusedRequests.add()
      if let command = error.control { note(refused: command, error.error, from: client) }
      client.add(StatusMessage.reply(error.id, .failure(error.error)), kind: .reply, at: clocks.monotonic())
    }
  }

  /// A result that fits into a reply, or an error in its place.
  func bounded(_ result: Result<String, StatusError>) -> Result<String, StatusError> {
    let bounded = StatusExchange.bounded(result)
    if bounded != result { counters.oversizeReplies.add() }
    return bounded
  }

  func push(_ line: EventLine) {
    tellMissed()
    recentEvents.append(line)
    guard line.eventType != .stats else { return }
    // One text for all who watch.
    var bytes: [UInt8]?
    let now = clocks.monotonic()
    for client in clients.values where client.watch?.events.accepts(line) ?? false {
      let text = bytes ?? StatusMessage.push("EVENT", object: line.text)
      bytes = text
      send(text, kind: .event, to: client, at: now)
    }
  }

  /// Lets those who watch know of events that never came here.
  private func tellMissed() {
    let count = missedEventCount.exchange(0, ordering: .relaxed)
    let rowCount = missedRowCount.exchange(0, ordering: .relaxed)
    guard count > 0 || rowCount > 0 else { return }
    for client in clients.values {
      guard let watch = client.watch else { continue }
      client.output.noteLoss(.init(eventCount: count, rowCount: watch.parameters == nil ? 0 : rowCount))
    }
  }

  func pushStatistics(of link: String, _ object: () -> String) {
    var bytes: [UInt8]?
    let now = clocks.monotonic()
    for client in clients.values where client.watch?.takeStatistics(of: link, at: now) ?? false {
      let text = bytes ?? StatusMessage.push("STATS", object: object())
      bytes = text
      send(text, kind: .stats, to: client, at: now)
    }
  }

  func push(_ batch: ParameterBatch) {
    tellMissed()
    let watchers = clients.values.compactMap { client in
      client.watch?.pattern(of: batch.link).map { (id: client.id, pattern: $0) }
    }
    for (receivers, rowCount) in feed.put(batch, for: watchers) {
      for id in receivers {
        guard let client = clients[id] else { continue }
        client.output.noteLoss(.init(rowCount: UInt64(rowCount)))
        if !client.writeSource.isOn { flush(client) }
      }
    }
    feedParameters()
  }

  /// Pushes the next rows of parameters; others are served before those that follow them.
  func feedParameters() {
    guard !isFeeding, let piece = feed.next(where: { clients[$0]?.output.hasRoomForRows ?? false }) else { return }
    let now = clocks.monotonic()
    for id in piece.receivers {
      for line in piece.lines {
        guard let client = clients[id] else { break }
        send(line.bytes, kind: .parameters(line.rowCount), to: client, at: now)
      }
    }
    guard !feed.isEmpty else { return }
    isFeeding = true
    enter {
      $0.isFeeding = false
      $0.feedParameters()
    }
  }

  /// One that has not read what it got earlier is woken by the kernel when it does; until then there is nothing to try.
  private func send(_ bytes: [UInt8], kind: OutboundQueue.Kind, to client: StatusClient, at now: Int64) {
    let isWaiting = client.writeSource.isOn
    client.add(bytes, kind: kind, at: now)
    if !isWaiting { flush(client) }
  }

  // MARK: Commands

  private func result(
    of command: StatusCommand, _ arguments: StatusArguments, from client: StatusClient
  ) -> Result<String, StatusError> {
    switch command {
    case .help: StatusDocuments.help(arguments, commandsTaken)
    case .version: .success(StatusDocuments.version(identity))
    case .clients: .success(clientList())
    case .events: recentEvents.answer(arguments)
    case .watch: watch(arguments, client)
    case .schema: .success(StatusDocuments.schema(commandsTaken))
    case .status, .health, .problems, .links, .vcs, .apids, .counters, .queues, .logs, .config, .parameters, .passes,
      .history, .explain:
      answer(command, arguments)
    }
  }

  private var commandsTaken: [StatusRequest.Command] {
    let questions = StatusCommand.allCases.map(StatusRequest.Command.question)
    return switch options.role {
    case .status: questions
    case .control: questions + ControlCommand.allCases.map(StatusRequest.Command.control)
    }
  }

  private func clientList() -> String {
    object { list in
      list.array("clients") { elements in
        for client in clients.values.sorted(by: { $0.id < $1.id }) {
          elements.object {
            $0.member("id", client.id)
            client.credentials.write(to: &$0)
            $0.member("connected", UTCTimestamp.rfc3339(client.connectTime))
            $0.member("watching", client.watch != nil)
            $0.member("pending_bytes", client.output.byteCount)
            $0.member("lost_events", client.output.totalLostEventCount)
            $0.member("lost_parameters", client.output.totalLoss.rowCount)
          }
        }
      }
      list.member("socket", options.role.name)
      list.object("limits") {
        $0.member("clients", options.clientCapacity)
        $0.member("clients_per_user", options.clientCapacityPerUser)
        $0.member("commands", options.commandCapacity)
        $0.member("pending_bytes", options.outboundByteCount)
      }
      list.object("totals") { counters.write(to: &$0) }
    }
  }

  private func watch(_ arguments: StatusArguments, _ client: StatusClient) -> Result<String, StatusError> {
    do throws(StatusError) {
      let watch = try EventWatch(arguments, statsIntervalSeconds: statsIntervalSeconds)
      feed.leave(client.id)
      client.watch = watch
      return .success(watch.document)
    } catch { return .failure(error) }
  }

  private func object(_ members: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    writer.object(nil, members)
    return writer.text
  }
}
