import CCSDSLink
import LinkHealth
import Publish

/// What `counters.json` says.
///
///     {"class":"COUNTERS","schema_version":1,"ended_in_order":true,"uptime_seconds":…,"links":[
///       {"name":"x","since":"2026-…Z","since_unix_seconds":…,"until":"2026-…Z","until_unix_seconds":…,
///        "restarts":0,"crashes":0,"totals":{"datagrams":…}}],
///      "sockets":[{"cookie":…,"dropped":…}]}
struct CounterDocument: Equatable {
  /// Whether a run wrote it as it ended.
  var hasEndedInOrder = false
  /// How long the machine had been running.
  var uptimeSeconds = 0
  /// The totals of the links by their names, also of some that are no more: all in `earlier`.
  var links: [String: LinkLife] = [:]
  /// Which sockets were read, by what the kernel calls them, and what they had dropped, which is in the totals. No
  /// number is used twice until the machine is started again.
  var drops: [UInt64: UInt32] = [:]

  private static let className = "COUNTERS"
  private static let schemaVersion = 1
  /// More are neither believed nor kept.
  static let largestLinkCount = 256
  private static let latestSecond = 7_258_118_400

  init() {}

  /// Reads it; nothing when it is anything else.
  init?(_ value: JSONValue) {
    guard value["class"]?.string == Self.className, value["schema_version"]?.integer == Self.schemaVersion,
      case .bool(let ended) = value["ended_in_order"], case .array(let items) = value["links"],
      items.count <= Self.largestLinkCount
    else { return nil }
    hasEndedInOrder = ended
    for item in items {
      guard let name = item["name"]?.string, let life = Self.life(item), links[name] == nil else { return nil }
      links[name] = life
    }
    readSockets(value)
  }

  /// What is missing or senseless here is as if there had been no sockets.
  private mutating func readSockets(_ value: JSONValue) {
    guard let uptime = Self.count(value["uptime_seconds"]), case .array(let sockets) = value["sockets"] else { return }
    uptimeSeconds = uptime
    for socket in sockets {
      guard let cookie = Self.count(socket["cookie"]), let dropped = Self.count(socket["dropped"], atMost: 1 << 32 - 1)
      else { continue }
      drops[UInt64(cookie)] = UInt32(dropped)
    }
  }

  private static func life(_ item: JSONValue) -> LinkLife? {
    guard let since = count(item["since_unix_seconds"], atMost: latestSecond),
      let restarts = count(item["restarts"]), let crashes = count(item["crashes"]), let members = item["totals"]
    else { return nil }
    let until = count(item["until_unix_seconds"], atMost: latestSecond) ?? since
    var totals = LinkTotals()
    for (name, path) in LinkTotals.members {
      guard let count = count(members[name]) else { return nil }
      totals[keyPath: path] = count
    }
    var life = LinkLife(since: Int64(since) * nanosecondsPerSecond)
    life.restartCount = restarts
    life.crashCount = crashes
    life.add(totals, until: Int64(until) * nanosecondsPerSecond)
    return life
  }

  private static func count(_ value: JSONValue?, atMost limit: Int = LinkTotals.largestCount) -> Int? {
    value?.integer.flatMap { (0...limit).contains($0) ? $0 : nil }
  }

  private static let nanosecondsPerSecond: Int64 = 1_000_000_000

  /// Takes the totals of the links that there are, and of the sockets that they read. When there is no room for all
  /// the links that are no more, those that count least far are left out.
  ///
  /// - Returns: How many were left out.
  mutating func take(_ statuses: [LinkStatus]) -> Int {
    for status in statuses { links[status.snapshot.name] = status.lifeSoFar }
    drops = [:]
    for mark in statuses.compactMap(\.socketMark) where mark.cookie > 0 { drops[mark.cookie] = mark.dropCount }
    let present = Set(statuses.map(\.snapshot.name))
    let gone = links.filter { !present.contains($0.key) }.sorted {
      $0.value.earlierUntil ?? 0 < $1.value.earlierUntil ?? 0
    }
    let excess = gone.prefix(max(0, links.count - Self.largestLinkCount))
    for (name, _) in excess { links[name] = nil }
    return excess.count
  }

  var json: String {
    var json = JSONWriter()
    json.object { root in
      root.member("class", Self.className)
      root.member("schema_version", Self.schemaVersion)
      root.member("ended_in_order", hasEndedInOrder)
      root.member("uptime_seconds", uptimeSeconds)
      root.array("links") { array in
        for (name, life) in links.sorted(by: { $0.key < $1.key }) {
          array.object {
            $0.member("name", name)
            $0.member("since", ReceptionTime(nanosecondsSince1970: life.since).rfc3339)
            $0.member("since_unix_seconds", Int(life.since / Self.nanosecondsPerSecond))
            $0.member("until", ReceptionTime(nanosecondsSince1970: life.earlierUntil ?? life.since).rfc3339)
            $0.member("until_unix_seconds", Int((life.earlierUntil ?? life.since) / Self.nanosecondsPerSecond))
            $0.member("restarts", life.restartCount)
            $0.member("crashes", life.crashCount)
            $0.object("totals") { life.earlier.write(to: &$0) }
          }
        }
      }
      root.array("sockets") { array in
        for (cookie, dropCount) in drops.sorted(by: { $0.key < $1.key }) where cookie <= LinkTotals.largestCount {
          array.object {
            $0.member("cookie", Int(cookie))
            $0.member("dropped", Int(dropCount))
          }
        }
      }
    }
    return json.text
  }
}
