/// What a station has said at one moment: all that a screen is made of.
package struct StationPicture: Sendable {
  /// What the program there calls its version.
  package var version = ""
  /// Which run of it this is.
  package var runID = ""
  /// What the station is called.
  package var station = ""
  /// The result of `status`.
  package var status = Document.null
  /// The last events, oldest first.
  package var events: [Document] = []
  /// The passes: those under way, then the newest.
  package var passes: [Document] = []
  /// What the frames of a link are, such as `aos`, by its name.
  package var formats: [String: String] = [:]
  /// The result of `status` before this one; what has grown since is marked.
  package var earlier: Document?
  /// What is to be known of the connection itself, when there is anything.
  package var notice: String?
  /// Whether the daemon has fallen silent since.
  package var isStale = false

  package init() {}

  var links: [Document] { status["links"]?.elements ?? [] }
  var problems: [Document] { status["problems"]?.elements ?? [] }

  /// The passes under way as they are at this moment, then the others.
  var currentPasses: [Document] {
    let running = links.compactMap { $0["pass"] }
    let told = Set(running.map { $0.text("id") })
    return running + passes.filter { !told.contains($0.text("id")) }
  }

  /// When the daemon said this, by its own clock.
  var asOf: String? { links.compactMap { $0["as_of"]?.string }.max() }

  /// The links as the view wants them.
  func links(in order: ScreenView.Order) -> [Document] {
    switch order {
    case .station: return links
    case .name: return links.sorted { $0.text("name") < $1.text("name") }
    case .worst:
      let keyed = links.enumerated().map { (link: $1, gravity: gravity(of: $1), index: $0) }
      return keyed.sorted { ($0.gravity, $1.index) > ($1.gravity, $0.index) }.map(\.link)
    }
  }

  /// The names in that order.
  package func linkNames(in order: ScreenView.Order) -> [String] { links(in: order).map { $0.text("name") } }

  /// How much a link needs somebody: by its problems, then by the share that is missing.
  private func gravity(of link: Document) -> Double {
    let name = link.text("name")
    let problems = problems.reduce(0.0) { sum, problem in
      guard problem["link"]?.string == name else { return sum }
      return sum + (problem["severity"]?.string == "critical" ? 1000 : 10)
    }
    let channels = link["virtual_channels"]?.elements ?? []
    return problems + (1 - (Completeness(ofChannels: channels).share ?? 1))
  }
}
