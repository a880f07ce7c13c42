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
  /// How long the end waits for the disk.
  private static let patienceSeconds = 5.0

  private let file: CounterFile?
  private let document: Mutex<CounterDocument>
  /// What an earlier run has left.
  private let found: CounterDocument
  private let queue = DispatchQueue(label: "downlinkd.totals")
  private let trouble: String?
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
    // After a restart of the machine the same numbers are those of other sockets.
    if found.uptimeSeconds > HostClock.uptimeSeconds() { found.drops = [:] }
    self.found = found
    document = Mutex(found)
    self.trouble = trouble
  }

  /// Where the totals are: what the configuration says, or else the service manager.
  static func directory(_ configuration: StationConfiguration) -> String? {
    configuration.state.directory
      ?? ServiceNotifier.processEnvironment("STATE_DIRECTORY")?.split(separator: ":").first.map(String.init)
  }

  /// What was counted of a link before: by earlier runs, or before a reload took it away.
  func life(of link: String) -> LinkLife? { document.withLock { $0.links[link] } }

  /// What a socket had dropped when the totals were written that this run goes on from; nothing when it is another one.
  func countedDrops(of cookie: UInt64) -> UInt32? { found.drops[cookie] }

  /// Takes note of the last status of a link, and gives what a link of its name is to go on from.
  func note(_ last: LinkStatus) -> LinkLife {
    document.withLock { document in
      document.links[last.snapshot.name] = last.lifeSoFar
      return last.lifeSoFar
    }
  }

  /// Writes that a run has begun: whatever ends it, the next one sees that it did not go on as the one before ended.
  func begin() {
    let document = document.withLock { document in
      document.hasEndedInOrder = false
      document.uptimeSeconds = HostClock.uptimeSeconds()
      return document
    }
    write(document)
  }

  /// Writes the totals; not on the caller's time.
  func store(_ links: [LinkStatus]) {
    write(document(links, isLast: false))
  }

  /// Writes the totals for the next run, waits for it, though not for ever, and leaves the directory to that.
  func storeAtEnd(_ links: [LinkStatus]) {
    let document = document(links, isLast: true)
    let written = DispatchSemaphore(value: 0)
    queue.async {
      self.write(toFile: document)
      written.signal()
    }
    _ = written.wait(timeout: .now() + Self.patienceSeconds)
    file?.release()
  }

  /// How many links have totals, and how many were forgotten for them.
  var linkCounts: (known: Int, forgotten: Int) {
    (document.withLock { $0.links.count }, forgottenCount.load(ordering: .relaxed))
  }

  var problems: [Problem] {
    if let trouble {
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

  /// Writes on the queue; as long as the disk has not taken the last ones, no others wait.
  private func write(_ document: CounterDocument) {
    let now = max(1, HostClock.monotonic())
    guard writingSince.compareExchange(expected: 0, desired: now, ordering: .relaxed).exchanged else { return }
    queue.async { [self] in
      write(toFile: document)
      writingSince.store(0, ordering: .relaxed)
    }
  }

  private func write(toFile document: CounterDocument) {
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
      document.uptimeSeconds = HostClock.uptimeSeconds()
      forgottenCount.add(document.take(links), ordering: .relaxed)
      return document
    }
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
