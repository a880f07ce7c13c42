import CCSDSLink
import LinkHealth
import Publish

/// What `counters.json` says.
///
///     {"class":"COUNTERS","schema_version":1,"ended_in_order":true,"links":[
///       {"name":"x","since":"2026-…Z","since_unix_seconds":…,"restarts":0,"crashes":0,"totals":{"datagrams":…}}]}
struct CounterDocument: Equatable {
  /// Whether a run wrote it as it ended.
  var hasEndedInOrder = false
  /// The totals of the links by their names, also of some that are no more: all in `earlier`.
  var links: [String: LinkLife] = [:]

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
  }

  private static func life(_ item: JSONValue) -> LinkLife? {
    func count(_ value: JSONValue?, atMost limit: Int = LinkTotals.largestCount) -> Int? {
      value?.integer.flatMap { (0...limit).contains($0) ? $0 : nil }
    }
    guard let since = count(item["since_unix_seconds"], atMost: latestSecond), let restarts = count(item["restarts"]),
      let crashes = count(item["crashes"]), let totals = item["totals"]
    else { return nil }
    var life = LinkLife(since: Int64(since) * 1_000_000_000)
    life.restartCount = restarts
    life.crashCount = crashes
    for (name, path) in LinkTotals.members {
      guard let count = count(totals[name]) else { return nil }
      life.earlier[keyPath: path] = count
    }
    return life
  }

  /// Forgets links that are no more, those that began first, until there are no more than are believed.
  ///
  /// - Returns: How many were forgotten.
  mutating func bound(keeping current: Set<String>) -> Int {
    let excess = max(0, links.count - Self.largestLinkCount)
    let others = links.filter { !current.contains($0.key) }.sorted {
      ($0.value.since, $0.key) < ($1.value.since, $1.key)
    }
    for (name, _) in others.prefix(excess) { links[name] = nil }
    return min(excess, others.count)
  }

  var json: String {
    var json = JSONWriter()
    json.object { root in
      root.member("class", Self.className)
      root.member("schema_version", Self.schemaVersion)
      root.member("ended_in_order", hasEndedInOrder)
      root.array("links") { array in
        for (name, life) in links.sorted(by: { $0.key < $1.key }).prefix(Self.largestLinkCount) {
          array.object {
            $0.member("name", name)
            $0.member("since", ReceptionTime(nanosecondsSince1970: life.since).rfc3339)
            $0.member("since_unix_seconds", Int(life.since / 1_000_000_000))
            $0.member("restarts", life.restartCount)
            $0.member("crashes", life.crashCount)
            $0.object("totals") { life.earlier.write(to: &$0) }
          }
        }
      }
    }
    return json.text
  }
}
