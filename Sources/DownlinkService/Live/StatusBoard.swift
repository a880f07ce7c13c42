import CCSDSLink
import CCSDSWire
package import LinkHealth
package import Publish
import Synchronization

/// The newest status of every link, for everybody who asks. Nobody who asks ever reaches a link's queue, and no link
/// ever comes here: what it says is brought by the control queue, which may wait.
package final class StatusBoard: Sendable {
  private struct Content {
    var links: [(owner: ObjectIdentifier, status: LinkStatus?)] = []
    var extraProblems: [Problem] = []
    var limits: [ResourceLimit] = []
    var web: StationSnapshot.Web?
    var history = ProblemHistory()
    /// The last hour of links, by their names.
    var hours: [String: LinkHistory] = [:]
    var facts: DaemonFacts
    /// When the daemon has looked after its links last, by the clock that is never set.
    var visitedAt: Int64?
  }

  /// How long ago that may be: it is done once a second.
  private static let patienceSeconds: Int64 = 10

  /// The last values of parameters.
  let parameters = ParameterBoard()
  /// The passes.
  let passes: PassStore

  /// Series of metrics that documents had no room for.
  let omittedSeries = RunningCount()
  private let content: Mutex<Content>
  private let clocks: StatusServer.Clocks

  /// - Parameter clocks: What it goes by.
  package init(
    facts: DaemonFacts, passes: PassStore = PassStore(directory: nil, .builtIn),
    clocks: StatusServer.Clocks = .system
  ) {
    self.passes = passes
    content = Mutex(Content(facts: facts))
    self.clocks = clocks
  }

  // MARK: What is told

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
      content.hours[status.snapshot.name, default: LinkHistory()].note(.init(status.snapshot), at: status.takenAt)
    }
  }

  /// What is known of the daemon itself.
  var facts: DaemonFacts {
    get { content.withLock { $0.facts } }
    set { content.withLock { $0.facts = newValue } }
  }

  /// Replaces what belongs to no link: problems, what is bounded, and what the web server has done. To be told once a
  /// second.
  package func post(problems: [Problem], limits: [ResourceLimit] = [], web: StationSnapshot.Web? = nil) {
    let now = ReceptionTime(nanosecondsSince1970: clocks.wall())
    let visitedAt = clocks.monotonic()
    content.withLock { content in
      content.extraProblems = content.history.dated(problems, of: nil, at: now)
      content.limits = limits
      content.web = web
      content.visitedAt = visitedAt
      let names = content.links.compactMap { $0.status?.snapshot.name }
      content.history.keep(names)
      content.hours = content.hours.filter { names.contains($0.key) }
    }
  }

  // MARK: What is known

  package var links: [LinkStatus] { content.withLock { $0.links.compactMap(\.status) } }

  package var isBalanced: Bool { links.allSatisfy(\.snapshot.isBalanced) }

  /// What is bounded in the daemon, its links apart.
  package var limits: [ResourceLimit] { content.withLock { $0.limits } }

  /// What the web server has done, if there is one.
  var web: StationSnapshot.Web? { content.withLock { $0.web } }

  /// The last hour of a link.
  func hour(of link: String) -> LinkHistory { content.withLock { $0.hours[link] } ?? LinkHistory() }

  /// Seconds since the daemon has looked after its links last; absent when it has not yet.
  package var secondsSinceVisit: Double? {
    content.withLock { $0.visitedAt }.map { Double(clocks.monotonic() - $0) / 1e9 }
  }

  var uptimeSeconds: Double { facts.uptimeSeconds(at: clocks.monotonic()) }

  /// All problems, the critical ones first.
  package var problems: [Problem] {
    let all = content.withLock { content in
      content.links.compactMap(\.status).flatMap(\.problems) + content.facts.problems + content.extraProblems
        + absence(since: content.visitedAt)
    }
    return all.filter { $0.severity == .critical } + all.filter { $0.severity != .critical }
  }

  /// What is wrong when nobody has come by for too long.
  private func absence(since visitedAt: Int64?) -> [Problem] {
    guard let visitedAt, case let nanoseconds = clocks.monotonic() - visitedAt,
      nanoseconds >= Self.patienceSeconds * 1_000_000_000
    else { return [] }
    return [
      Problem(
        .unresponsive, .critical, since: ReceptionTime(nanosecondsSince1970: clocks.wall() - nanoseconds),
        message:
          "the daemon has not looked after its links for \(nanoseconds / 1_000_000_000) s: all that is said here "
          + "is older than that",
        hint: WatchdogRound.faultHint)
    ]
  }
}
