import LinkHealth

/// How clients come, are served and go.
extension StatusServer {
  private static let acceptsPerTurn = 32
  private static let readsPerTurn = 8
  private static let evictionsTold = 20

  func acceptClients() {
    for _ in 0..<Self.acceptsPerTurn {
      switch nextConnection() {
      case .none: return
      case .outOfResources: return pauseAccepting()
      case .connection(let descriptor):
        guard let writeDescriptor = UnixSocket.duplicate(descriptor) else {
          heldDescriptor = descriptor
          return pauseAccepting()
        }
        admit(descriptor, writeDescriptor)
      }
    }
  }

  /// The connection that could not be admitted last time, or else a new one.
  private func nextConnection() -> UnixSocket.Acceptance {
    if let heldDescriptor {
      self.heldDescriptor = nil
      return .connection(heldDescriptor)
    }
    return listener.map { UnixSocket.accept(on: $0.descriptor) } ?? .none
  }

  /// Serves what a client has sent, until there is nothing more or it has to read first.
  ///
  /// Once a client has hung up its source fires a last time, however much is left to read. So nothing here waits for
  /// another event before the kernel says that there is nothing more.
  func readable(_ id: Int) {
    for _ in 0..<Self.readsPerTurn {
      guard let client = clients[id], client.readSource.isOn else { return }
      do throws(SocketFailure) {
        guard let bytes = try UnixSocket.receive(client.descriptor, into: &receiveBuffer) else { return }
        if bytes.isEmpty { client.hasEnded = true } else { client.input.append(bytes) }
        serve(client)
      } catch { remove(client) }
    }
    enter { $0.readable(id) }
  }

  /// Goes on writing to a client that has room again, and with the requests that had to wait for it.
  func writable(_ id: Int) {
    if let client = clients[id] { serve(client) }
    feedParameters()
  }

  /// Lets go of those that have not read for too long, and of those that never ask.
  func inspectClients() {
    if heldDescriptor != nil { acceptClients() }
    acceptSource?.isOn = isServing && heldDescriptor == nil
    let now = clocks.monotonic()
    let stuck = clients.values.filter { !$0.output.isEmpty }
    evict(stuck.filter { seconds(from: $0.progressTime, to: now) >= options.stallSeconds })
    for client in clients.values where !client.hasAsked {
      guard seconds(from: client.admissionTime, to: now) >= options.silenceSeconds else { continue }
      counters.evictedIdle.add()
      report("evict", client.credentials, reason: "idle")
      sayGoodbye(client, reason: "idle")
    }
    for record in noticeAggregator.tick(at: clocks.wall()) { notice(record) }
  }

  /// Lets go of clients that do not read. Each has an event of its own, but for a crowd, whose rest has one together.
  private func evict(_ slow: [StatusClient]) {
    var rest = (clientCount: 0, lostEventCount: UInt64(0))
    for (index, client) in slow.sorted(by: { $0.id < $1.id }).enumerated() {
      // Only when it has got its last words is it known what it has lost.
      sayGoodbye(client, reason: "slow")
      let lost = client.output.totalLostEventCount
      counters.evictedSlow.add()
      counters.lastEviction.set(Int(clocks.wall()))
      counters.lastEvictionMonotonic.set(Int(clocks.monotonic()))
      if index < Self.evictionsTold {
        reportEviction(client.credentials) { $0.member("lost_events", lost) }
      } else {
        rest = (rest.clientCount + 1, rest.lostEventCount + lost)
      }
    }
    guard rest.clientCount > 0 else { return }
    reportEviction(nil) {
      $0.member("clients", rest.clientCount)
      $0.member("lost_events", rest.lostEventCount)
    }
  }

  private func reportEviction(_ credentials: UnixSocket.PeerCredentials?, _ members: (inout JSONWriter) -> Void) {
    let record = EventRecord(.client, severity: .warning, time: clocks.wall()) {
      $0.member("action", "evict")
      credentials?.write(to: &$0)
      $0.member("socket", options.role.name)
      $0.member("reason", "slow")
      members(&$0)
    }
    if let record = noticeAggregator.admit(record, at: record.time) { notice(record) }
  }

  private func seconds(from start: Int64, to now: Int64) -> Int { Int((now - start) / 1_000_000_000) }

  /// The last words to a client, as far as the kernel takes them.
  func sayGoodbye(_ client: StatusClient, reason: String) {
    client.output.replaceAll(withGoodbye: StatusMessage.bye(reason))
    UnixSocket.widenSendBuffer(client.descriptor)
    try? client.flush(at: clocks.monotonic())
    remove(client)
  }

  /// Writes what waits; the sources are set to what the client needs next.
  func flush(_ client: StatusClient) {
    do throws(SocketFailure) {
      try client.flush(at: clocks.monotonic())
    } catch {
      remove(client)
      return
    }
    if client.isClosing, client.output.isEmpty {
      remove(client)
      return
    }
    client.writeSource.isOn = !client.output.isEmpty
    let wasReading = client.readSource.isOn
    client.readSource.isOn =
      !client.isClosing && !client.hasEnded && !client.output.isFull && client.commandNumber == nil
    if client.readSource.isOn, !wasReading {
      let id = client.id
      enter { $0.readable(id) }
    }
  }

  // MARK: Helpers

  private func admit(_ descriptor: Int32, _ writeDescriptor: Int32) {
    let id = nextClientID
    nextClientID += 1
    let handlers = StatusClient.Handlers(
      readable: { [self] in assumeIsolated { $0.readable(id) } },
      writable: { [self] in assumeIsolated { $0.writable(id) } })
    let client = StatusClient(
      id: id, descriptor: descriptor, writeDescriptor: writeDescriptor, queue: executor.queue, handlers: handlers,
      outboundByteCount: options.outboundByteCount, connectTime: clocks.wall(), progressTime: clocks.monotonic())
    client.add(StatusMessage.hello(identity, now: client.connectTime), kind: .reply, at: client.progressTime)
    guard isAdmissible(client.credentials) else {
      counters.forbidden.add()
      return refuse(client, reason: "not_allowed", message: "only root and the daemon's own user may give commands")
    }
    let sameUserCount = clients.values.count { $0.credentials.userID == client.credentials.userID }
    guard clients.count < options.clientCapacity else {
      counters.denied.add()
      return refuse(client, reason: "busy", message: "\(options.clientCapacity) clients are connected already")
    }
    guard sameUserCount < options.clientCapacityPerUser else {
      counters.deniedForUser.add()
      let message = "this user has \(options.clientCapacityPerUser) connections already"
      return refuse(client, reason: "busy", message: message)
    }
    clients[id] = client
    counters.connects.add()
    counters.clients.set(clients.count)
    flush(client)
  }

  private func refuse(_ client: StatusClient, reason: String, message: String) {
    report("denied", client.credentials, reason: reason)
    client.add(StatusMessage.bye(reason, message: message), kind: .reply, at: client.progressTime)
    try? client.flush(at: client.progressTime)
    client.disconnect()
  }

  /// Answers request by request until the client has to read first.
  func serve(_ client: StatusClient) {
    while clients[client.id] != nil {
      let hasAnswered = answerPending(client)
      flush(client)
      guard hasAnswered, !client.isClosing, !client.output.isFull else { return }
    }
  }

  /// - Returns: Whether the client had to read first, so that there may be more to answer.
  private func answerPending(_ client: StatusClient) -> Bool {
    while !client.isClosing {
      guard client.commandNumber == nil else { return false }
      guard !client.output.isFull else { return true }
      switch client.input.next() {
      case .line(let line): respond(to: line, from: client)
      case .tooLong:
        counters.evictedTooLong.add()
        report("evict", client.credentials, reason: "too_long")
        let error = StatusError(.tooLong, "a request has at most \(StatusRequest.maximumByteCount) bytes")
        client.add(StatusMessage.reply(nil, .failure(error)), kind: .reply, at: clocks.monotonic())
        client.isClosing = true
      case .incomplete:
        guard client.hasEnded else { return false }
        if let line = client.input.takeRest() { respond(to: line, from: client) }
        client.isClosing = true
      }
    }
    return false
  }

  private func remove(_ client: StatusClient) {
    guard clients.removeValue(forKey: client.id) != nil else { return }
    counters.lostEvents.add(client.output.totalLostEventCount)
    counters.lostRows.add(client.output.totalLoss.rowCount)
    feed.leave(client.id)
    counters.clients.set(clients.count)
    client.disconnect()
  }

  private func pauseAccepting() {
    counters.acceptPauses.add()
    acceptSource?.isOn = false
  }

  /// Tells of a client, in a summary if there are many like it.
  func report(
    _ action: String, _ credentials: UnixSocket.PeerCredentials, reason: String,
    _ members: (inout JSONWriter) -> Void = { _ in }
  ) {
    let record = EventRecord(.client, severity: .warning, time: clocks.wall()) {
      $0.member("action", action)
      credentials.write(to: &$0)
      $0.member("socket", options.role.name)
      members(&$0)
    }
    for line in noticeAggregator.submit(record, reason: reason, at: record.time) { notice(line) }
  }
}
