import CCSDSLink
import Dispatch
import LinkHealth
import Publish
import StationConfiguration

/// Where clients come to: a socket that everybody may ask, one for those who may command, and the web.
final class ClientSockets: Sendable {
  /// The web server, which may be off; absent in a daemon that was made without one.
  let web: (any WebService)?
  private let status: StatusServer
  private let control: StatusServer
  private let paths: StatusConfiguration

  /// Sockets that do not serve yet.
  ///
  /// - Parameters:
  ///   - notice: Takes events about clients, from the queues of the sockets.
  ///   - board: Answers questions, on the queues of the sockets.
  ///   - web: Makes the web server.
  init(
    _ configuration: StationConfiguration, identity: StatusServer.Identity,
    notice: @escaping @Sendable (EventRecord) -> Void, board: StatusBoard, web: (any WebService.Type)?
  ) {
    paths = configuration.status
    self.web = web?.init(
      board, identity: identity, statsIntervalSeconds: configuration.statsIntervalSeconds, notice: notice)
    func server(_ path: String, _ role: StatusServer.Role) -> StatusServer {
      var options = StatusServer.Options(path: path, role: role)
      options.clientCapacity = configuration.status.maximumClientCount
      options.clientCapacityPerUser = configuration.status.maximumClientCountPerUser
      options.statsIntervalSeconds = configuration.statsIntervalSeconds
      // Where there is not enough of the processor, links come before those who ask how they are.
      let queue = DispatchQueue(label: "downlinkd." + role.name, qos: .utility)
      return StatusServer(options, identity: identity, queue: queue, notice: notice) { board.answer($0, $1) }
    }
    status = server(paths.socketPath, .status(controlPath: paths.controlSocketPath))
    control = server(paths.controlSocketPath, .control)
  }

  /// Makes the directories if need be, and lets clients queue up.
  func open(carryOut: @escaping ControlCommand.Handler) throws(ServiceError) {
    for path in [paths.socketPath, paths.controlSocketPath] { try Outlets.makeDirectory(containing: path) }
    do throws(PublishError) { try status.open() } catch { throw .publish(error) }
    do throws(PublishError) { try control.open(carryOut: carryOut) } catch {
      status.stop()
      throw .publish(error)
    }
  }

  /// Serves them from now on.
  func serve() {
    status.serve()
    control.serve()
    web?.serve()
  }

  /// Says goodbye to every client and removes the sockets.
  func stop() {
    web?.stop()
    control.stop()
    status.stop()
  }

  /// Shows an event to those who watch.
  func publish(_ line: EventLine) {
    status.publish(line)
    control.publish(line)
    web?.publish(line)
  }

  /// Shows the statistics of a link to those who watch.
  func publishStatistics(of link: String, _ object: @escaping @Sendable () -> String) {
    status.publishStatistics(of: link, object)
    control.publishStatistics(of: link, object)
    web?.publishStatistics(of: link, object)
  }

  /// Shows what has changed of the parameters of a link to those who watch them.
  func publishParameters(_ batch: ParameterBatch) {
    status.publishParameters(batch)
    control.publishParameters(batch)
    web?.publishParameters(batch)
  }

  /// Changes how often clients that watch from now on get statistics when they do not say.
  func setStatsInterval(_ seconds: Double) {
    status.setStatsInterval(seconds)
    control.setStatsInterval(seconds)
  }

  /// The queues of all, for the watchdog.
  var watchedQueues: [Daemon.WatchedQueue] {
    [
      Daemon.WatchedQueue(name: StatusServer.Role.status(controlPath: nil).name, answer: status.answer),
      Daemon.WatchedQueue(name: StatusServer.Role.control.name, answer: control.answer),
    ] + (web.map { [Daemon.WatchedQueue(name: "web", answer: $0.answer)] } ?? [])
  }

  /// What both sockets have done so far.
  var counters: [(name: String, counters: StatusServerCounters)] {
    [("status", status.counters), ("control", control.counters)]
  }

  var resourceLimits: [ResourceLimit] {
    status.resourceLimits + control.resourceLimits + (web?.resourceLimits ?? [])
  }

  /// How often there was no descriptor for a client.
  var refusedDescriptorCount: UInt64 {
    status.counters.acceptPauseCount + control.counters.acceptPauseCount + (web?.refusedDescriptorCount ?? 0)
  }

  // MARK: Problems

  /// How long after the last one evictions are a problem.
  private static let evictionMemorySeconds: Int64 = 600

  /// What is wrong with the clients, at a time of the clock that is never set.
  func problems(at now: Int64) -> [Problem] {
    (web?.problems(at: now) ?? [])
      + [("status", status.counters), ("control", control.counters)].compactMap { name, counters in
        let last = counters.lastEvictionTime
        guard counters.evictedSlowCount > 0,
          now - counters.lastEvictionUptime < Self.evictionMemorySeconds * 1_000_000_000
        else { return nil }
        return Problem(
          .clientsEvicted, .warning,
          message:
            "\(counters.evictedSlowCount) clients of the \(name) socket were let go since the start because they "
            + "had read nothing for 10 s, the last at \(ReceptionTime(nanosecondsSince1970: last).rfc3339); they have "
            + "lost \(counters.lostEventCount) events, links have lost nothing",
          hint: "see who it was with 'downlinkctl events --type client', and mend that program: it has to read what it "
            + "asks for")
      }
  }
}
