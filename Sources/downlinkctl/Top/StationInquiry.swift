/// Asks one station again and again, over one connection as long as that lasts.
final class StationInquiry {
  /// How many events a screen has at most.
  private static let eventCount = 50
  /// How many passes a screen has at most; they are asked for less often than the rest.
  private static let passCount = 20
  private static let turnsBetweenPasses = 5

  private let paths: [String]
  private var connection: StatusConnection?
  private var last: StationPicture?
  private var configuration: Document?
  private var turn = 0

  /// - Parameter paths: Its sockets, tried in turn.
  init(paths: [String]) { self.paths = paths }

  /// What the station says now. After an error the next question tries a new connection.
  func ask() throws(ConnectionError) -> StationPicture {
    do throws(ConnectionError) {
      return try answer()
    } catch {
      connection = nil
      throw error
    }
  }

  private func answer() throws(ConnectionError) -> StationPicture {
    let isNew = connection == nil
    let current = try connect()
    connection = current
    let runID = current.hello.text("run_id")
    var picture = StationPicture()
    picture.version = current.hello.text("version")
    picture.status = try StatusConnection.document(try current.ask("status"))
    // Counts of another run are not compared.
    picture.earlier = last?.runID == runID ? last?.status : nil
    picture.runID = runID
    let recent = try StatusConnection.document(try current.ask("events", [("n", String(Self.eventCount))]))
    picture.events = recent["events"]?.elements ?? []
    picture.passes = isNew || turn % Self.turnsBetweenPasses == 0 ? try passes(current) : last?.passes ?? []
    turn += 1
    if isNew || configuration != picture.status["config"] {
      configuration = picture.status["config"]
      try describe(&picture, current)
    } else {
      (picture.station, picture.formats) = (last?.station ?? "", last?.formats ?? [:])
    }
    last = picture
    return picture
  }

  private func connect() throws(ConnectionError) -> StatusConnection {
    if let connection { return connection }
    return try StatusConnection(paths: paths)
  }

  private func passes(_ connection: StatusConnection) throws(ConnectionError) -> [Document] {
    do throws(ConnectionError) {
      let answer = try StatusConnection.document(try connection.ask("passes"))
      return Array((answer["passes"]?.elements ?? []).prefix(Self.passCount))
    } catch {
      // A daemon without passes is one all the same.
      if case .refused = error { return [] }
      throw error
    }
  }

  /// What the configuration says of the station and its links.
  private func describe(_ picture: inout StationPicture, _ connection: StatusConnection) throws(ConnectionError) {
    var pages: [String] = []
    try connection.askForAll("config") { pages.append($0) }
    for page in pages {
      let document = try StatusConnection.document(page)
      if let station = document["station"]?.string { picture.station = station }
      for link in document["links"]?.elements ?? [] {
        picture.formats[link.text("name")] = link["frame_type"]?.string ?? link["format"]?.string
      }
    }
  }
}

/// The inquiry on a queue of its own: a daemon that hangs holds up no key.
actor StationFeed {
  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  private nonisolated let executor = QueueExecutor()
  private let inquiry: StationInquiry

  init(paths: [String]) { inquiry = StationInquiry(paths: paths) }

  func ask() -> Result<StationPicture, ConnectionError> {
    do throws(ConnectionError) { return .success(try inquiry.ask()) } catch { return .failure(error) }
  }
}
