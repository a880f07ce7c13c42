import CCSDSLink
import CCSDSWire
package import LinkHealth
package import Publish
import Synchronization

/// The newest status of every link, for everybody who asks. Nobody who asks ever reaches a link's queue.
package final class StatusBoard: Sendable {
  private struct Content {
    var links: [(owner: ObjectIdentifier, status: LinkStatus?)] = []
    var extraProblems: [Problem] = []
    var history = ProblemHistory()
    var facts: DaemonFacts
  }

  private let content: Mutex<Content>

  package init(facts: DaemonFacts) { content = Mutex(Content(facts: facts)) }

  /// Has places for these links, in their order. What was known of those that had one before stays.
  func show(_ owners: [LinkOwner]) {
    content.withLock { content in
      let before = content.links
      content.links = owners.map { owner in
        let id = ObjectIdentifier(owner)
        return (id, before.first { $0.owner == id }?.status)
      }
    }
  }

  /// Puts the status of a link in its place, if it has one.
  func post(_ status: LinkStatus, of owner: LinkOwner) {
    content.withLock { content in
      guard let index = content.links.firstIndex(where: { $0.owner == ObjectIdentifier(owner) }) else { return }
      var status = status
      status.problems = content.history.dated(status.problems, of: status.snapshot.name, at: status.takenAt)
      content.links[index].status = status
    }
  }

  /// What is known of the daemon itself.
  var facts: DaemonFacts {
    get { content.withLock { $0.facts } }
    set { content.withLock { $0.facts = newValue } }
  }

  /// Replaces the problems that belong to no link.
  package func post(problems: [Problem]) {
    let now = ReceptionTime(nanosecondsSince1970: HostClock.wall())
    content.withLock { content in
      content.extraProblems = content.history.dated(problems, of: nil, at: now)
      content.history.keep(content.links.compactMap { $0.status?.snapshot.name })
    }
  }

  package var links: [LinkStatus] { content.withLock { $0.links.compactMap(\.status) } }

  package var isBalanced: Bool { links.allSatisfy(\.snapshot.isBalanced) }

  /// All problems, the critical ones first.
  package var problems: [Problem] {
    let all = content.withLock { content in
      content.links.compactMap(\.status).flatMap(\.problems) + content.facts.problems + content.extraProblems
    }
    return all.filter { $0.severity == .critical } + all.filter { $0.severity != .critical }
  }

  /// Answers a command of the status socket.
  package func answer(_ command: StatusCommand, _ arguments: StatusArguments) -> Result<String, StatusError> {
    do throws(StatusError) {
      switch command {
      case .status: return .success(statusDocument())
      case .health: return .success(healthDocument())
      case .problems: return .success(try problemDocument(arguments))
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
      case .queues: return .success(queueDocument())
      case .logs, .config: return .success(facts.document(for: command))
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
      throw StatusError(
        .notFound, "there is no link '\(name)'",
        hint: "the links are \(links.map(\.snapshot.name).joined(separator: ", "))")
    }
    return [link]
  }

  // MARK: Documents

  private func statusDocument() -> String {
    let links = links
    var json = JSONWriter()
    json.object { root in
      root.member("schema_version", 1)
      root.member("state", "running")
      root.member("uptime_seconds", facts.uptimeSeconds(at: HostClock.monotonic()))
      root.object("config") { facts.writeConfiguration(to: &$0) }
      root.object("sandbox") { facts.writeSandbox(to: &$0) }
      root.object("accounting") {
        $0.member("balanced", links.allSatisfy(\.snapshot.isBalanced))
        if let checked = links.map(\.takenAt).min() { $0.member("checked", checked.rfc3339) }
      }
      root.array("links") { array in
        // Together they have to fit into one reply, whatever the links have been through.
        let share = StatusPage.maximumByteCount / max(1, links.count)
        for link in links { array.element(json: link.json(atMost: share)) }
      }
      root.array("problems") { array in
        for problem in problems { array.object { problem.write(to: &$0) } }
      }
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
      root.array("problems") { array in
        for problem in summary.problems { array.object { problem.write(to: &$0) } }
      }
    }
    return json.text
  }

  private func problemDocument(_ arguments: StatusArguments) throws(StatusError) -> String {
    let names = try arguments.string("link") == nil ? nil : Set(selected(arguments).map(\.snapshot.name))
    var json = JSONWriter()
    json.object { root in
      root.array("problems") { array in
        for problem in problems where names == nil || problem.link.map({ names?.contains($0) ?? false }) ?? false {
          array.object { problem.write(to: &$0) }
        }
      }
    }
    return json.text
  }

  private func writeLimits(to json: inout JSONWriter) {
    for limit in facts.resourceLimits { json.object { limit.write(to: &$0, link: nil) } }
    for link in links {
      for limit in link.resourceLimits { json.object { limit.write(to: &$0, link: link.snapshot.name) } }
    }
  }

  private func queueDocument() -> String {
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
      }
      root.array("limits") { writeLimits(to: &$0) }
    }
    return json.text
  }
}
