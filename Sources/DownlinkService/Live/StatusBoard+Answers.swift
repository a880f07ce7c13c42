import CCSDSLink
import CCSDSWire
import LinkHealth
package import Publish

/// The answers to questions on the status socket. Each fits into one reply, whatever the links have been through.
extension StatusBoard {
  /// What the problems may take of a reply that says other things, too.
  private static let problemByteCount = StatusPage.maximumByteCount / 8

  /// Answers a command of the status socket.
  package func answer(_ command: StatusCommand, _ arguments: StatusArguments) -> Result<String, StatusError> {
    do throws(StatusError) {
      switch command {
      case .status: return .success(statusDocument())
      case .health: return .success(healthDocument())
      case .problems: return try problemPage(arguments)
      case .links:
        return StatusPage.object("links", try selected(arguments).map(\.summaryJSON), arguments: arguments)
      case .vcs:
        let links = try selected(arguments)
        let rows = try ChannelFilter(arguments).virtualChannels(of: links)
        return StatusPage.object("virtual_channels", elementCount: rows.count, arguments: arguments) {
          ChannelFilter.virtualChannel(rows[$0], of: links)
        }
      case .apids:
        let links = try selected(arguments)
        let rows = try ChannelFilter(arguments).applicationProcesses(of: links)
        return StatusPage.object("apids", elementCount: rows.count, arguments: arguments) {
          ChannelFilter.applicationProcess(rows[$0], of: links)
        }
      case .counters:
        return StatusPage.object("links", try selected(arguments).map(\.counterJSON), arguments: arguments)
      case .history:
        let names = try selected(arguments).map(\.snapshot.name)
        return StatusPage.object("links", elementCount: names.count, arguments: arguments) {
          hour(of: names[$0]).json(link: names[$0])
        }
      case .explain: return try explanationPage(arguments)
      case .queues: return .success(queueDocument())
      case .parameters: return parameters.answer(arguments)
      case .passes: return passes.answer(arguments)
      case .logs: return .success(facts.logDocument)
      case .config: return facts.configurationPage(arguments)
      case .help, .version, .clients, .events, .watch, .schema:
        throw StatusError(.internal, "the server answers '\(command.rawValue)' itself")
      }
    } catch {
      return .failure(error)
    }
  }

  private func selected(_ arguments: StatusArguments) throws(StatusError) -> [LinkStatus] {
    let links = links
    guard let name = try arguments.string("link") else { return links }
    guard let link = links.first(where: { $0.snapshot.name == name }) else {
      let names = links.map(\.snapshot.name).joined(separator: ", ")
      throw StatusError(.notFound, "there is no link '\(name)'", hint: "the links are \(names)")
    }
    return [link]
  }

  // MARK: Documents

  private func statusDocument() -> String {
    let (links, facts) = (links, facts)
    var json = JSONWriter()
    json.object { root in
      root.member("schema_version", 1)
      root.member("state", facts.isStopping ? "stopping" : "running")
      root.member("uptime_seconds", uptimeSeconds)
      root.object("config") { facts.writeConfiguration(to: &$0) }
      root.object("sandbox") { facts.writeSandbox(to: &$0) }
      root.object("accounting") {
        $0.member("balanced", links.allSatisfy(\.snapshot.isBalanced))
        if let checked = links.map(\.takenAt).min() { $0.member("checked", checked.rfc3339) }
      }
      root.array("links") { array in
        let share = (StatusPage.maximumByteCount - Self.problemByteCount) / max(1, links.count)
        for link in links { array.element(json: link.json(atMost: share)) }
      }
      Self.write(problems, to: &root)
    }
    return json.text
  }

  private func healthDocument() -> String {
    let summary = HealthSummary(links: links, problems: problems)
    var json = JSONWriter()
    json.object { root in
      root.member("state", summary.state.rawValue)
      root.member("summary", summary.sentence)
      root.member("balanced", isBalanced)
      root.object("links") { counts in
        for (state, count) in summary.linkCounts { counts.member(state.rawValue, count) }
      }
      Self.write(summary.problems, to: &root)
    }
    return json.text
  }

  /// Writes as many problems as there is room for, the worst first, and counts the others.
  private static func write(_ problems: [Problem], to json: inout JSONWriter) {
    var writtenCount = 0
    json.array("problems") { array in
      var byteCount = 0
      for text in problems.lazy.map(text) {
        byteCount += text.utf8.count + 1
        guard byteCount <= problemByteCount else { break }
        array.element(json: text)
        writtenCount += 1
      }
    }
    if writtenCount < problems.count { json.member("problems_omitted", problems.count - writtenCount) }
  }

  private static func text(_ problem: Problem) -> String {
    var json = JSONWriter()
    json.object { problem.write(to: &$0) }
    return json.text
  }

  private func problemPage(_ arguments: StatusArguments) throws(StatusError) -> Result<String, StatusError> {
    var problems = problems
    if try arguments.string("link") != nil {
      let names = Set(try selected(arguments).map(\.snapshot.name))
      problems = problems.filter { $0.link.map(names.contains) ?? false }
    }
    return StatusPage.object("problems", elementCount: problems.count, arguments: arguments) {
      Self.text(problems[$0])
    }
  }

  private func queueDocument() -> String {
    let (links, console) = (links, facts.console)
    var json = JSONWriter()
    json.object { root in
      root.array("queues") { array in
        for link in links {
          array.object {
            $0.member("queue", "kernel:" + link.snapshot.name)
            $0.member("depth_bytes", link.receiveQueueByteCount)
            $0.member("capacity_bytes", link.receiveBufferByteCount)
            $0.member("dropped", link.snapshot.ledger.datagrams.kernelDropped)
          }
        }
        array.object {
          $0.member("queue", console.name)
          $0.member("depth", console.depth)
          $0.member("capacity", ConsoleQueue.capacity)
          $0.member("dropped", console.droppedCount)
        }
      }
      root.array("limits") { array in
        for limit in limits { array.object { limit.write(to: &$0, link: nil) } }
        for link in links {
          for limit in link.resourceLimits { array.object { limit.write(to: &$0, link: link.snapshot.name) } }
        }
      }
    }
    return json.text
  }
}
