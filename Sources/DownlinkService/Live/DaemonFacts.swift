import CCSDSLink
import LinkHealth
package import Publish
package import StationConfiguration

/// What is known of the daemon besides its links: its configuration, its age, and the counters of its logs.
package struct DaemonFacts: Sendable {
  package let configurationPath: String
  package let events: LogCounters
  package let statistics: LogCounters
  package let sandbox: Sandbox
  let console: ConsoleQueue
  /// Of each of its sockets.
  var clients: [(name: String, counters: StatusServerCounters)] = []
  /// How often the clock of this host was set.
  let clockSteps = RunningCount()
  /// The file of the metrics; absent where there is none.
  let textfile: MetricsTextfile?
  package let version: String
  /// By the clock that is never set.
  package let startedAt: Int64
  /// By which times on board are read.
  let leapSeconds: LeapSeconds
  /// What is in force.
  package internal(set) var configuration: StationConfiguration
  /// When that was read.
  package internal(set) var loadedAt: Int64
  /// Whether the daemon is coming to its end.
  package internal(set) var isStopping = false
  /// The last attempt to read it again; absent before the first.
  package internal(set) var lastReload: ReloadRecord?

  func uptimeSeconds(at monotonic: Int64) -> Double { Double(monotonic - startedAt) / 1e9 }

  func writeConfiguration(to json: inout JSONWriter) {
    json.member("path", configurationPath)
    json.member("loaded", ReceptionTime(nanosecondsSince1970: loadedAt).rfc3339)
    json.member("last_reload_ok", lastReload?.errors.isEmpty ?? true)
    guard let lastReload else { return }
    json.member("last_reload", ReceptionTime(nanosecondsSince1970: lastReload.time).rfc3339)
    for (name, list) in [("errors", lastReload.errors), ("restart_needed", lastReload.restartNeeded)]
    where !list.isEmpty {
      json.member(name, list)
    }
  }

  /// What is wrong with the configuration, as opposed to the one in force.
  var problems: [Problem] {
    guard let lastReload, let first = lastReload.errors.first else { return [] }
    let others = lastReload.errors.count > 1 ? " (and \(lastReload.errors.count - 1) more)" : ""
    return [
      Problem(
        .reloadFailed, .warning, since: ReceptionTime(nanosecondsSince1970: lastReload.time),
        message: "the configuration could not be loaded again, the one before is in force: \(first)\(others)",
        hint: "see 'downlinkd check -c \(configurationPath)', mend it, and reload")
    ]
  }

  func writeSandbox(to json: inout JSONWriter) {
    json.member("landlock_abi", sandbox.landlockVersion)
    if let obstacle = sandbox.obstacle { json.member("reason", obstacle) }
    guard sandbox.landlockVersion > 0 else { return }
    json.member("writable", sandbox.writableDirectories)
  }
}

/// An attempt to read the configuration again.
package struct ReloadRecord: Sendable, Equatable {
  /// Nanoseconds since 1970.
  package let time: Int64
  /// Why it was in vain; empty when it was not.
  package let errors: [String]
  /// Keys whose new values count only after a restart.
  package let restartNeeded: [String]
}
