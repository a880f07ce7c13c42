internal import CCSDSLink

/// What a configuration is going to be used for.
package enum ConfigurationPurpose: Sendable {
  /// A running station: every link needs an input, and one that is open to the network a list of senders.
  case service
  /// A replay, which brings its own input.
  case replay
}

/// Turns a tree into values; whatever is wrong goes to `problems`, and a default takes its place.
struct StationDecoder {
  var problems: ProblemCollector
  let purpose: ConfigurationPurpose
  /// Paths of keys that were probably meant by unknown ones.
  var misspelt: Set<String> = []
  /// Where keys stand that this host may have something against, by their paths.
  var places: [String: SourceMark] = [:]
  /// The sockets so far, to tell when two links want the same.
  var sockets: [BoundSocket] = []
  /// Where the sinks so far send to.
  var destinations: [Destination] = []
  /// Which link is being read.
  var linkIndex = 0

  private static let vocabulary = Vocabulary(
    name: "the station",
    keys: [
      "station", "description", "links", "logs", "status", "state", "metrics", "passes", "web",
      "stats_interval", "stop_timeout",
    ],
    later: [
      "archive": "leave it out; `replay --frames-to` writes the good frames of a capture",
      "replay": "leave it out; `downlinkd replay` takes files by name",
      "control": "leave it out",
    ],
    elsewhere: [
      "input": "it belongs to a link: write it below one of 'links'",
      "frames": "it belongs to a link: write it below one of 'links'",
      "virtual_channels": "it belongs to a link: write it below one of 'links'",
      "coding": "it belongs to a link: write it below one of 'links'",
      "sinks": "it belongs to a link: write it below one of 'links'",
      "quiet_after": "it belongs to a link: write it below one of 'links'",
      "limits": "it belongs to a link: write it below one of 'links'",
      "link": "write 'links', a list",
      "name": "the name of the station is 'station'; that of a link stands in 'links'",
    ])

  mutating func station(_ root: YAMLNode) -> StationConfiguration {
    guard let section = section(root, path: "", Self.vocabulary) else {
      return StationConfiguration(station: "", links: [])
    }
    let name = requiredText("station", in: section, hint: "name the station, such as 'station: hoa-lac'", capacity: 64)
    var station = StationConfiguration(station: name, links: links(in: section))
    station.description = text("description", in: section, capacity: 1024)
    station.logs = logs(in: section)
    station.status = status(in: section)
    station.state = state(in: section)
    station.web = web(in: section)
    station.metrics = metrics(in: section)
    station.passes = passes(in: section, links: station.links.map(\.name))
    station.statsIntervalSeconds = seconds("stats_interval", in: section, 1...3600) ?? station.statsIntervalSeconds
    station.stopTimeoutSeconds = seconds("stop_timeout", in: section, 0...300) ?? station.stopTimeoutSeconds
    for key in Self.vocabulary.keys where section.has(key) { places[key] = section.mark(of: key) }
    return station
  }

  // MARK: Sections of the station

  private mutating func logs(in station: Section) -> LogConfiguration {
    var logs = LogConfiguration()
    let vocabulary = Vocabulary(
      name: "logs",
      keys: [
        "directory", "max_file_bytes", "max_age", "max_total_bytes", "max_files", "max_days", "min_free_bytes",
        "compress", "sync_interval",
      ],
      later: ["level": "leave it out"])
    guard let section = section("logs", in: station, vocabulary) else { return logs }
    logs.directory = path("directory", in: section, capacity: 1024) ?? logs.directory
    logs.maximumFileByteCount =
      byteCount("max_file_bytes", in: section, 65_536...(16 << 30)) ?? logs.maximumFileByteCount
    logs.maximumAgeSeconds = seconds("max_age", in: section, 60...2_592_000) ?? logs.maximumAgeSeconds
    let total = byteCount("max_total_bytes", in: section, (1 << 20)...(16 << 40))
    logs.maximumTotalByteCount = total ?? max(logs.maximumTotalByteCount, 2 * logs.maximumFileByteCount)
    logs.maximumFileCount = integer("max_files", in: section, 1...100_000) ?? logs.maximumFileCount
    logs.maximumDayCount = integer("max_days", in: section, 1...36_500)
    logs.minimumFreeByteCount = byteCount("min_free_bytes", in: section, 0...(16 << 40)) ?? logs.minimumFreeByteCount
    logs.compresses = boolean("compress", in: section) ?? logs.compresses
    logs.syncIntervalSeconds = seconds("sync_interval", in: section, 0...3600) ?? logs.syncIntervalSeconds
    if logs.maximumTotalByteCount < logs.maximumFileByteCount {
      report(
        "max_total_bytes is less than one file may have (\(logs.maximumFileByteCount))", key: "max_total_bytes",
        in: section, hint: "raise max_total_bytes, or lower max_file_bytes")
    }
    return logs
  }

  private mutating func status(in station: Section) -> StatusConfiguration {
    var status = StatusConfiguration()
    let vocabulary = Vocabulary(
      name: "status", keys: ["socket", "control_socket", "max_clients", "max_clients_per_user"],
      later: ["tcp": "leave it out; dashboards on this machine use the socket"])
    guard let section = section("status", in: station, vocabulary) else { return status }
    status.socketPath = path("socket", in: section, capacity: Self.socketPathCapacity) ?? status.socketPath
    let control = path("control_socket", in: section, capacity: Self.socketPathCapacity)
    if let control { status.controlSocketPath = control }
    status.maximumClientCount = integer("max_clients", in: section, 1...1024) ?? status.maximumClientCount
    status.maximumClientCountPerUser =
      integer("max_clients_per_user", in: section, 1...1024) ?? status.maximumClientCountPerUser
    if status.controlSocketPath == status.socketPath {
      report(
        "the control socket has the path of the status socket", key: control == nil ? "socket" : "control_socket",
        in: section, hint: "give them two names; without control_socket it is control.sock beside the other")
    } else if status.controlSocketPath.utf8.count > Self.socketPathCapacity {
      report(
        "control.sock beside this socket would have a path of \(status.controlSocketPath.utf8.count) bytes",
        key: "socket", in: section, hint: "write a control_socket of at most \(Self.socketPathCapacity) bytes")
    }
    return status
  }

  /// What the kernel can bind.
  private static let socketPathCapacity = 107

  /// What one status document has room for.
  private static let linkCapacity = 256

  private mutating func links(in station: Section) -> [LinkConfiguration] {
    guard let node = station.value("links") else {
      reportMissing("links", in: station, hint: "add a list with one link at least")
      return []
    }
    guard let items = list(node, path: "links") else { return [] }
    if items.isEmpty { problems.report("the list of links is empty", at: node.mark, path: "links", hint: "add a link") }
    if items.count > Self.linkCapacity {
      problems.report(
        "there are \(items.count) links, and \(Self.linkCapacity) at most can be", at: node.mark, path: "links",
        hint: "run a second daemon, with logs.directory, state.directory and status.socket of its own")
    }
    var links: [LinkConfiguration] = []
    var firstMarks: [String: SourceMark] = [:]
    var readable: [Int: LinkConfiguration] = [:]
    for (index, item) in items.enumerated() {
      linkIndex = index
      guard let (link, mark) = link(item, path: "links[\(index)]") else { continue }
      links.append(link)
      readable[index] = link
      places["links[\(index)]"] = mark
      guard !link.name.isEmpty else { continue }
      if let first = firstMarks[link.name] {
        problems.report(
          "duplicate link '\(link.name)'; the first is at \(problems.name(of: first))", at: mark,
          path: "links[\(index)].name", hint: "give each link a name of its own")
      } else {
        firstMarks[link.name] = mark
      }
    }
    checkSharing(of: readable)
    checkDestinations()
    return links
  }
}
