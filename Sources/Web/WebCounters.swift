package import LinkHealth
import Synchronization

/// What the server has done so far; any thread may read it at any time.
package final class WebCounters: Sendable {
  /// Why a connection or a request got no answer to its question.
  package enum Refusal: String, CaseIterable, Sendable {
    case connections
    case connectionsOfAddress = "connections_of_address"
    case badRequest = "bad_request"
    case bodyRefused = "body_refused"
    case headTooLarge = "head_too_large"
    case targetTooLong = "target_too_long"
    case headTimeout = "head_timeout"
    case method, host, token
    case overloaded
  }

  /// The status codes of all answers there can be.
  package static let codes = [200, 400, 401, 403, 404, 405, 408, 409, 413, 414, 421, 431, 500, 503]

  private let responses = InlineArray<14, WebCount> { _ in WebCount() }
  private let refusals = InlineArray<11, WebCount> { _ in WebCount() }
  let connections = WebCount()
  let accepted = WebCount()
  let requests = WebCount()
  let streams = WebCount()
  let stalled = WebCount()
  let evictedStreams = WebCount()
  let lostEvents = WebCount()
  let lostRows = WebCount()
  let unpublished = WebCount()
  let acceptPauses = WebCount()
  let waiting = WebCount()
  let refusedWaiting = WebCount()
  let lastEviction = WebCount()
  let lastEvictionUptime = WebCount()

  init() { precondition(Refusal.allCases.count == refusals.count && Self.codes.count == responses.count) }

  /// Connections now.
  package var connectionCount: Int { connections.value }
  /// Connections that were served.
  package var acceptedCount: Int { accepted.value }
  /// Requests that were answered.
  package var requestCount: Int { requests.value }
  /// Event streams now.
  package var streamCount: Int { streams.value }
  /// Connections closed because they had taken nothing of an answer for ten seconds.
  package var stalledCount: Int { stalled.value }
  /// Event streams ended for the same reason.
  package var evictedStreamCount: Int { evictedStreams.value }
  /// Events that streams did not get because they read too slowly.
  package var lostEventCount: Int { lostEvents.value }
  /// Rows of parameters that streams did not get for the same reason, or because newer ones overtook them.
  package var lostRowCount: Int { lostRows.value }
  /// Events that found the server too far behind: no stream has got them.
  package var unpublishedCount: Int { unpublished.value }
  /// Times that accepting was put off for want of descriptors.
  package var acceptPauseCount: Int { acceptPauses.value }
  /// Questions that wait for a disk.
  package var waitingCount: Int { waiting.value }
  /// Questions that found too many others waiting for a disk.
  package var refusedWaitingCount: Int { refusedWaiting.value }
  /// When the last stream was ended for not reading, in nanoseconds since 1970; 0 if that never happened.
  package var lastEvictionTime: Int { lastEviction.value }
  /// The same by the clock that is never set.
  package var lastEvictionMonotonicTime: Int { lastEvictionUptime.value }

  /// How often that happened.
  package func count(_ refusal: Refusal) -> Int { refusals[Self.index(of: refusal)].value }

  /// How many answers had a status code.
  package func count(ofCode code: Int) -> Int {
    Self.codes.firstIndex(of: code).map { responses[$0].value } ?? 0
  }

  /// Counts an answer.
  func add(code: Int) {
    guard let index = Self.codes.firstIndex(of: code) else { return assertionFailure("no such answer: \(code)") }
    responses[index].add()
  }

  func add(_ refusal: Refusal) { refusals[Self.index(of: refusal)].add() }

  /// Writes them, but for the connections that are there now.
  package func write(to json: inout JSONWriter) {
    json.member("connected", acceptedCount)
    json.member("requests", requestCount)
    json.object("refused") { for refusal in Refusal.allCases { $0.member(refusal.rawValue, count(refusal)) } }
    json.object("evicted") {
      $0.member("slow", evictedStreamCount)
      $0.member("stalled", stalledCount)
    }
    json.member("lost_events", lostEventCount)
    json.member("lost_parameters", lostRowCount)
    json.member("unpublished_events", unpublishedCount)
    json.member("accept_pauses", acceptPauseCount)
  }

  /// The same for a snapshot of the station.
  package var snapshot: StationSnapshot.Web {
    var web = StationSnapshot.Web()
    web.connectionCount = connectionCount
    web.streamCount = streamCount
    web.acceptedCount = acceptedCount
    web.responses = Self.codes.map { (String($0), count(ofCode: $0)) }
    web.refused = Refusal.allCases.map { ($0.rawValue, count($0)) }
    web.evicted = [("slow", evictedStreamCount), ("stalled", stalledCount)]
    web.lostEventCount = lostEventCount
    return web
  }

  private static func index(of refusal: Refusal) -> Int {
    Refusal.allCases.enumerated().first { $0.element == refusal }?.offset ?? 0
  }
}

/// A count that the server keeps and every thread may read.
struct WebCount: ~Copyable, Sendable {
  private let storage = Atomic<Int>(0)

  var value: Int { storage.load(ordering: .relaxed) }

  func add(_ count: Int = 1) { storage.add(count, ordering: .relaxed) }

  func set(_ value: Int) { storage.store(value, ordering: .relaxed) }
}
