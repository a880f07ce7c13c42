import Dispatch
import LinkHealth
import Publish
import StationConfiguration
import Synchronization

/// The totals of the links in `counters.json`, for when no memory of an earlier run is left: after a stop, or a restart
/// of the machine.
///
/// What is read there is only ever added up: how a counter went on meanwhile, nobody watched.
final class StoredTotals: Sendable {
  /// How often the totals are written.
  static let intervalSeconds = 60

  private let file: CounterFile?
  private let document: Mutex<CounterDocument>
  private let queue = DispatchQueue(label: "downlinkd.totals")
  private let trouble: Mutex<String?>
  private let writeFailure = Mutex<CounterFile.Failure?>(nil)
  private let forgottenCount = Atomic<Int>(0)
  /// Since when a disk that takes its time is being written to, by the clock that is never set; zero when none is.
  private let writingSince = Atomic<Int64>(0)

  /// Makes the directory if need be, and reads what is there.
  ///
  /// - Parameters:
  ///   - directory: Absent, nothing is read or written.
  ///   - emit: Takes what is to be said about what was found.
  init(_ directory: String?, emit: @Sendable (EventRecord) -> Void) {
    var trouble: String?
    var file: CounterFile?
    var found = CounterDocument()
    if let directory {
      do throws(CounterFile.Failure) {
        let opened = try CounterFile(directory: directory)
        file = opened
        found = try opened.read()
      } catch {
        // A file that cannot be used is put aside, and the totals begin anew; a directory that cannot be used is a
        // problem.
        if file == nil { trouble = error.description } else { Self.report(error, file, emit) }
      }
    }
    self.file = file
    for name in found.links.keys {
      if found.hasEndedInOrder { found.links[name]?.restartCount += 1 } else { found.links[name]?.crashCount += 1 }
    }
    document = Mutex(found)
    self.trouble = Mutex(trouble)
  }

  /// Where the totals are: what the configuration says, or else the service manager.
  static func directory(_ configuration: StationConfiguration) -> String? {
    configuration.state.directory
      ?? ServiceNotifier.processEnvironment("STATE_DIRECTORY")?.split(separator: ":").first.map(String.init)
  }

  /// What was counted of a link before: by earlier runs, or before a reload took it away.
  func life(of link: String) -> LinkLife? { document.withLock { $0.links[link] } }

  /// Takes note of the last status of a link, and gives what a link of its name is to go on from.
  func note(_ last: LinkStatus) -> LinkLife {
    document.withLock { document in
      let life = Self.life(after: last)
      document.links[last.snapshot.name] = life
      return life
    }
  }

  /// Writes the totals; not on the caller's time. As long as the disk has not taken the last ones, no others wait.
  func store(_ links: [LinkStatus]) {
    let document = document(links, isLast: false)
    let now = max(1, HostClock.monotonic())
    guard writingSince.compareExchange(expected: 0, desired: now, ordering: .relaxed).exchanged else { return }
    queue.async { [self] in
      write(document)
      writingSince.store(0, ordering: .relaxed)
    }
  }

  /// Writes the totals for the next run, waits for it, and leaves the directory to that.
  func storeAtEnd(_ links: [LinkStatus]) {
    let document = document(links, isLast: true)
    queue.sync { write(document) }
    file?.release()
  }

  /// How many links have totals, and how many were forgotten for them.
  var linkCounts: (known: Int, forgotten: Int) {
    (document.withLock { $0.links.count }, forgottenCount.load(ordering: .relaxed))
  }

  var problems: [Problem] {
    if let trouble = trouble.withLock({ $0 }) {
      return [
        Self.problem(
          trouble,
          hint:
            "see state.directory: the daemon's user must be able to write there, and no other daemon may use it; then "
            + "restart this one")
      ]
    }
    if let failure = writeFailure.withLock({ $0 }) {
      return [
        Self.problem(
          failure.description, hint: "see state.directory and its file system; it is tried again every minute")
      ]
    }
    let since = writingSince.load(ordering: .relaxed)
    let seconds = (HostClock.monotonic() - since) / 1_000_000_000
    guard since != 0, seconds >= Self.intervalSeconds else { return [] }
    return [
      Self.problem(
        "they have been on their way to the disk for \(seconds) s",
        hint: "the disk of state.directory hangs: see 'journalctl -k'")
    ]
  }

  private static func problem(_ reason: String, hint: String) -> Problem {
    Problem(.totalsNotKept, .warning, message: "the totals of the links are not kept: \(reason)", hint: hint)
  }

  private func write(_ document: CounterDocument) {
    guard let file else { return }
    do throws(CounterFile.Failure) {
      try file.write(document)
      writeFailure.withLock { $0 = nil }
    } catch {
      writeFailure.withLock { $0 = error }
    }
  }

  private func document(_ links: [LinkStatus], isLast: Bool) -> CounterDocument {
    document.withLock { document in
      document.hasEndedInOrder = isLast
      for link in links { document.links[link.snapshot.name] = Self.life(after: link) }
      forgottenCount.add(document.bound(keeping: Set(links.map(\.snapshot.name))), ordering: .relaxed)
      return document
    }
  }

  /// What the next link of the name begins with.
  private static func life(after status: LinkStatus) -> LinkLife {
    var life = status.life
    life.earlier = life.earlier + LinkTotals(status.snapshot)
    return life
  }

  private static func report(_ failure: CounterFile.Failure, _ file: CounterFile?, _ emit: (EventRecord) -> Void) {
    let isAside = file?.putAside() ?? false
    emit(
      EventRecord(.daemon, severity: .warning, time: HostClock.wall()) {
        $0.member("action", "totals_refused")
        $0.member(
          "reason",
          failure.description + (isAside ? ": it is counters.json.bad now, and the totals begin anew" : ""))
      })
  }
}
