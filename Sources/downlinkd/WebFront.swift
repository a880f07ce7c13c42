import CCSDSLink
import Dispatch
import DownlinkService
import LinkHealth
import Publish
import StationConfiguration
import Web

/// The web server of a daemon: what it answers from, and what may go wrong with it.
final class WebFront: WebService {
  private let server: WebServer
  /// It binds, reads certificates and says goodbye there; nobody waits for that but the end.
  private let queue = DispatchQueue(label: "downlinkd.web", qos: .utility)

  init(
    _ board: StatusBoard, identity: StatusServer.Identity, statsIntervalSeconds: Double,
    notice: @escaping @Sendable (EventRecord) -> Void
  ) {
    var sources = WebSources(identity: identity) { board.answer($0, $1) }
    // Reports of passes are files; what would have accepted a unit takes a while to find out.
    sources.mayWait = { command, arguments in command == .passes && arguments.has("id") || command == .explain }
    sources.metrics = { board.metrics($0).bytes }
    sources.ailments = { board.ailments }
    sources.obstacles = { board.obstacles }
    sources.notice = notice
    server = WebServer(sources, statsIntervalSeconds: statsIntervalSeconds)
  }

  func begin(_ configuration: StationConfiguration) { queue.sync { server.configure(configuration.web?.options) } }

  func serve() { server.serve() }

  func apply(_ configuration: StationConfiguration) {
    server.setStatsInterval(configuration.statsIntervalSeconds)
    let options = configuration.web?.options
    queue.async { [server] in server.configure(options) }
  }

  func tick() {
    guard server.trouble != nil else { return }
    queue.async { [server] in server.retry() }
  }

  func stop() { queue.sync { server.stop() } }

  // MARK: News

  func publish(_ line: EventLine) { server.publish(line) }

  func publishStatistics(of link: String, _ object: @escaping @Sendable () -> String) {
    server.publishStatistics(of: link, object)
  }

  /// Tells what has changed of the parameters of a link to those who watch them.
  func publishParameters(_ batch: ParameterBatch) {
    server.publishParameters(batch)
  }

  // MARK: What is known

  func answer(_ answered: @escaping @Sendable () -> Void) { server.answer(answered) }

  var refusedDescriptorCount: UInt64 { UInt64(clamping: server.counters.acceptPauseCount) }

  var resourceLimits: [ResourceLimit] {
    guard let options = server.options else { return [] }
    let counters = server.counters
    return [
      ResourceLimit(
        "connections:web", use: counters.connectionCount, capacity: options.connectionCapacity, .refuse,
        hitCount: counters.count(.connections)),
      ResourceLimit(
        "connections_of_an_address:web", use: nil, capacity: options.connectionCapacityPerAddress, .refuse,
        hitCount: counters.count(.connectionsOfAddress)),
      ResourceLimit(
        "client_pending_bytes:web", use: nil, capacity: options.streamByteCount, .dropOldest,
        hitCount: counters.lostEventCount + counters.lostRowCount),
      ResourceLimit(
        "request_bytes:web", use: nil, capacity: options.headByteCount, .refuse,
        hitCount: counters.count(.headTooLarge) + counters.count(.targetTooLong)),
      ResourceLimit(
        "answer_bytes:web", use: nil, capacity: options.answerByteCount, .refuse,
        hitCount: counters.count(.overloaded)),
      ResourceLimit(
        "waiting_questions:web", use: counters.waitingCount, capacity: options.waitingCapacity, .refuse,
        hitCount: counters.refusedWaitingCount),
      ResourceLimit(
        "events_to_publish:web", use: nil, capacity: options.backlogCapacity, .dropNewest,
        hitCount: counters.unpublishedCount),
    ]
  }

  var snapshot: StationSnapshot.Web? { server.options == nil ? nil : server.counters.snapshot }

  /// How long after the last one evictions are a problem.
  private static let evictionMemorySeconds: Int64 = 600

  func problems(at now: Int64) -> [Problem] {
    var problems: [Problem] = []
    if let trouble = server.trouble {
      problems.append(Problem(.webUnavailable, .warning, message: trouble.message, hint: trouble.hint))
    }
    let counters = server.counters
    if counters.evictedStreamCount > 0,
      now - Int64(counters.lastEvictionMonotonicTime) < Self.evictionMemorySeconds * 1_000_000_000
    {
      let last = ReceptionTime(nanosecondsSince1970: Int64(counters.lastEvictionTime))
      problems.append(
        Problem(
          .clientsEvicted, .warning,
          message: "\(counters.evictedStreamCount) event streams of the web server were ended since the start because "
            + "they had taken nothing for 10 s, the last at \(last.rfc3339); links have lost nothing",
          hint: "see who it was with 'downlinkctl events --type client', and mend that program: it has to read what it "
            + "asks for"))
    }
    return problems
  }
}

extension WebConfiguration {
  /// The same for the server itself.
  var options: WebOptions {
    var options = WebOptions(host: "\(address)", port: Int(port))
    options.hostNames = hostNames
    options.tokenPath = tokenPath
    options.privacy = privacy.map {
      WebOptions.Privacy(
        certificatePath: $0.certificatePath, keyPath: $0.keyPath, clientAuthorityPath: $0.clientAuthorityPath)
    }
    options.connectionCapacity = maximumConnectionCount
    options.connectionCapacityPerAddress = maximumConnectionCountPerAddress
    return options
  }
}
