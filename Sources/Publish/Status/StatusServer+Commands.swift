import LinkHealth

/// What the server answers by itself, and what it pushes.
extension StatusServer {
  /// Answers one line. Empty lines are nothing.
  func respond(to line: [UInt8], from client: StatusClient) {
    guard line.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
    let (reply, command) = StatusExchange.reply(to: line) { result(of: $0, from: client) }
    if let command { counters.countRequest(command) } else { counters.refusedRequests.add() }
    client.add(reply, kind: .reply, at: clocks.monotonic())
  }

  func push(_ line: EventLine) {
    recentEvents.append(line)
    let watchers = clients.values.filter { $0.watch?.events.accepts(line) ?? false }
    guard !watchers.isEmpty, line.eventType != .stats else { return }
    let bytes = StatusMessage.push("EVENT", object: line.text)
    for client in watchers {
      client.add(bytes, kind: .event, at: clocks.monotonic())
      flush(client)
    }
  }

  func pushStatistics(_ object: String) {
    let now = clocks.monotonic()
    let bytes = StatusMessage.push("STATS", object: object)
    for client in clients.values {
      guard let watch = client.watch, let interval = watch.statsInterval, now >= watch.nextStatsTime else { continue }
      client.watch?.nextStatsTime = now + interval
      client.add(bytes, kind: .stats, at: now)
      flush(client)
    }
  }

  // MARK: Commands

  private func result(of request: StatusRequest, from client: StatusClient) -> Result<String, StatusError> {
    switch request.command {
    case .help: help(request.arguments)
    case .version: .success(version())
    case .clients: .success(clientList())
    case .events: recentEvents.answer(request.arguments)
    case .watch: watch(request.arguments, client)
    case .schema: .success(schema())
    case .status, .health, .links, .vcs, .apids, .counters, .queues, .logs, .config:
      answer(request.command, request.arguments)
    }
  }

  private func help(_ arguments: StatusArguments) -> Result<String, StatusError> {
    do throws(StatusError) {
      var commands = StatusCommand.allCases
      if let name = try arguments.string("command") {
        guard let command = StatusCommand(rawValue: name) else {
          throw .unknown(.notFound, "command", name, among: commands.map(\.rawValue))
        }
        commands = [command]
      }
      return .success(object { Self.describe(commands, in: &$0) })
    } catch { return .failure(error) }
  }

  private func version() -> String {
    object {
      $0.member("daemon", "downlinkd")
      $0.member("version", identity.version)
      $0.object("proto") { proto in
        proto.member("major", 1)
        proto.member("minor", 0)
      }
      $0.member("run_id", identity.runID)
    }
  }

  private func clientList() -> String {
    object { list in
      list.array("clients") { elements in
        for client in clients.values.sorted(by: { $0.id < $1.id }) {
          elements.object {
            $0.member("id", client.id)
            $0.member("uid", client.credentials.userID)
            $0.member("pid", client.credentials.processID)
            $0.member("connected", UTCTimestamp.rfc3339(client.connectTime))
            $0.member("watching", client.watch != nil)
            $0.member("pending_bytes", client.output.byteCount)
          }
        }
      }
    }
  }

  private func watch(_ arguments: StatusArguments, _ client: StatusClient) -> Result<String, StatusError> {
    do throws(StatusError) {
      let types = try EventFilter.types(arguments.list("types"))
      let links = try arguments.list("links")
      let seconds = try arguments.number("stats_interval_seconds") ?? statsIntervalSeconds
      guard seconds == 0 || (0.1...3600).contains(seconds) else {
        throw StatusError(.badArgument, "'stats_interval_seconds' must be 0, for none, or from 0.1 to 3600")
      }
      client.watch = StatusClient.Watch(
        events: EventFilter(types: types, links: links.map { Set($0) }),
        statsInterval: seconds == 0 ? nil : Int64(seconds * 1e9), nextStatsTime: clocks.monotonic())
      return .success(
        object {
          $0.array("types") { names in
            for type in EventType.allCases where types.contains(type) { names.element(type.rawValue) }
          }
          if let links { $0.array("links") { names in for link in links { names.element(link) } } }
          $0.member("stats_interval_seconds", seconds)
        })
    } catch { return .failure(error) }
  }

  private func schema() -> String {
    object {
      $0.member("protocol", "downlinkd-status/1")
      $0.array("classes") { for name in ["HELLO", "REPLY", "EVENT", "STATS", "LOST", "BYE"] { $0.element(name) } }
      $0.array("error_codes") { for code in StatusError.Code.allCases { $0.element(code.rawValue) } }
      $0.array("event_types") { for type in EventType.allCases { $0.element(type.rawValue) } }
      $0.member("request_bytes", StatusRequest.maximumByteCount)
      $0.member("reply_bytes", StatusExchange.maximumReplyByteCount)
      Self.describe(StatusCommand.allCases, in: &$0)
    }
  }

  private static func describe(_ commands: [StatusCommand], in writer: inout JSONWriter) {
    writer.array("commands") { elements in
      for command in commands {
        elements.object {
          $0.member("name", command.rawValue)
          $0.member("summary", command.summary)
          $0.array("arguments") { for name in command.argumentNames { $0.element(name) } }
        }
      }
    }
  }

  private func object(_ members: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    writer.object(nil, members)
    return writer.text
  }
}
