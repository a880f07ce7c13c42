import LinkHealth

/// What somebody who watches has asked to be told.
package struct EventWatch {
  /// Which events.
  package let events: EventFilter
  /// Which parameters are shown once a second when they have changed; `nil`: none.
  package let parameters: NamePattern?
  private let links: [String]?
  private let statsIntervalSeconds: Double
  /// When each link's statistics are due again; those of a link that is not in it, at once.
  private var statsTimes: [String: Int64] = [:]

  /// Reads the arguments of `watch`.
  ///
  /// - Parameter statsIntervalSeconds: How often there are statistics when nobody says.
  package init(_ arguments: StatusArguments, statsIntervalSeconds usual: Double) throws(StatusError) {
    let types = try EventFilter.types(arguments.list("types"))
    links = try arguments.list("links")
    let seconds = try arguments.number("stats_interval_seconds") ?? usual
    guard seconds == 0 || (0.1...3600).contains(seconds) else {
      throw StatusError(.badArgument, "'stats_interval_seconds' must be 0, for none, or from 0.1 to 3600")
    }
    statsIntervalSeconds = seconds
    parameters = try arguments.string("parameters").map { text throws(StatusError) in
      guard let pattern = NamePattern(text) else {
        throw StatusError(.badArgument, "'parameters' must have at most \(NamePattern.maximumByteCount) bytes")
      }
      return pattern
    }
    events = EventFilter(types: types, links: links.map { Set($0) })
  }

  /// What is told from now on, as a JSON object.
  package var document: String {
    var json = JSONWriter()
    json.object {
      $0.array("types") { names in
        for type in EventType.allCases where events.types.contains(type) { names.element(type.rawValue) }
      }
      if let links { $0.member("links", links) }
      $0.member("stats_interval_seconds", statsIntervalSeconds)
    }
    return json.text
  }

  /// Which parameters of a link are shown.
  package func pattern(of link: String) -> NamePattern? { events.includes(link: link) ? parameters : nil }

  /// Whether the statistics of a link are due, which they will then be again after the interval.
  ///
  /// - Parameter now: Nanoseconds on a clock that is never set.
  package mutating func takeStatistics(of link: String, at now: Int64) -> Bool {
    guard statsIntervalSeconds > 0, events.includes(link: link) else { return false }
    let interval = Int64(statsIntervalSeconds * 1e9)
    let due = statsTimes[link] ?? now
    guard now >= due else { return false }
    // From when they were due: what comes a moment late each time must not drift until one is left out.
    statsTimes[link] = now - due < interval ? due + interval : now + interval
    return true
  }
}

/// Which events somebody wants.
package struct EventFilter: Equatable {
  /// Those of these types.
  package var types = Set(EventType.allCases)
  /// Those of these links; `nil`: of all, and events without a link.
  package var links: Set<String>?

  /// A filter; everything passes one without arguments.
  package init(types: Set<EventType> = Set(EventType.allCases), links: Set<String>? = nil) {
    self.types = types
    self.links = links
  }

  /// Whether somebody wants to know of a link.
  package func includes(link: String) -> Bool { links?.contains(link) ?? true }

  /// Whether somebody wants this event.
  package func accepts(_ line: EventLine) -> Bool {
    guard types.contains(line.eventType) else { return false }
    guard let links else { return true }
    return line.link.map(links.contains) ?? false
  }

  /// The types with these names; all of them if there are no names.
  package static func types(_ names: [String]?) throws(StatusError) -> Set<EventType> {
    guard let names, !names.isEmpty else { return Set(EventType.allCases) }
    var types: Set<EventType> = []
    for name in names {
      guard let type = EventType(rawValue: name) else {
        throw .unknown(.badArgument, "event type", name, among: EventType.allCases.map(\.rawValue))
      }
      types.insert(type)
    }
    return types
  }
}
