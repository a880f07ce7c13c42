package import LinkHealth
package import Publish
package import StationConfiguration

/// The web server of a daemon, as the daemon sees it. It is given from outside: what has to understand HTTP and TLS is
/// much, and of no concern to receiving.
///
/// Everything but `begin` and `stop` returns at once, and links never notice it.
package protocol WebService: Sendable {
  /// Makes one that is off. It answers from `board`, and gives events about its clients to `notice`, from its own
  /// threads.
  init(
    _ board: StatusBoard, identity: StatusServer.Identity, statsIntervalSeconds: Double,
    notice: @escaping @Sendable (EventRecord) -> Void)

  // MARK: On and off

  /// Listens as the configuration says, and lets clients queue up. Waits; for the start.
  func begin(_ configuration: StationConfiguration)
  /// Serves them from now on.
  func serve()
  /// Listens as the configuration says, or goes off, soon.
  func apply(_ configuration: StationConfiguration)
  /// Tries again what was in vain. To be called once a second.
  func tick()
  /// Says goodbye to everybody.
  func stop()

  // MARK: News

  /// Tells an event to those who watch.
  func publish(_ line: EventLine)
  /// Tells the statistics of a link to those who watch.
  func publishStatistics(of link: String, _ object: @escaping @Sendable () -> String)
  /// Tells what has changed of the parameters of a link to those who watch them.
  func publishParameters(_ batch: ParameterBatch)

  // MARK: What is known

  /// Has its thread answer, for the watchdog; one that is not there has nothing to answer.
  func answer(_ answered: @escaping @Sendable () -> Void)
  /// How often there was no descriptor for a client.
  var refusedDescriptorCount: UInt64 { get }
  /// What it has done, for the metrics; nothing while it is off.
  var snapshot: StationSnapshot.Web? { get }
  /// What of it is bounded.
  var resourceLimits: [ResourceLimit] { get }
  /// What is wrong with it, at a time of the clock that is never set.
  func problems(at now: Int64) -> [Problem]
}
