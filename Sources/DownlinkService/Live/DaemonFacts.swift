import CCSDSCoding
import CCSDSLink
import CCSDSWire
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
  /// By the clock that is never set.
  package let startedAt: Int64
  /// What is in force.
  package internal(set) var configuration: StationConfiguration
  /// When that was read.
  package internal(set) var loadedAt: Int64
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

  func document(for command: StatusCommand) -> String {
    var json = JSONWriter()
    json.object { root in
      switch command {
      case .logs: writeLogs(to: &root)
      default: writeStation(to: &root)
      }
    }
    return json.text
  }

  private func writeStation(to json: inout JSONWriter) {
    writeConfiguration(to: &json)
    json.member("station", configuration.station)
    if let directory = StoredTotals.directory(configuration) { json.member("state_directory", directory) }
    json.object("status") {
      $0.member("socket", configuration.status.socketPath)
      $0.member("control_socket", configuration.status.controlSocketPath)
      $0.member("max_clients", configuration.status.maximumClientCount)
      $0.member("max_clients_per_user", configuration.status.maximumClientCountPerUser)
    }
    json.array("links") { array in
      for link in configuration.links {
        array.object {
          $0.member("name", link.name)
          $0.member("format", link.format.rawValue)
          link.input?.write(to: &$0)
          $0.member("enabled", link.isEnabled)
          $0.member("frames_per_datagram", link.framesPerDatagram)
          $0.member("quiet_after_seconds", link.quietAfterSeconds)
          guard case .frames(let frames) = link.parameters else { return }
          $0.member("frame_type", frames.frameType.rawValue)
          $0.member("frame_length", frames.frameByteCount)
          $0.member("error_control", frames.errorControl.rawValue)
          $0.array("spacecraft_id") { ids in for id in frames.spacecraftIDs { ids.element(id.rawValue) } }
          if let coding = frames.coding { $0.object("coding") { Self.write(coding, to: &$0) } }
        }
      }
    }
  }

  private static func write(_ coding: ChannelCoding, to json: inout JSONWriter) {
    if let marker = coding.syncMarker { json.member("sync_marker", marker.hexadecimal) }
    json.member("randomizer", coding.randomizer.rawValue)
    guard let code = coding.reedSolomon else { return }
    json.object("reed_solomon") {
      $0.member("errors", code.capability.rawValue)
      $0.member("interleave", code.interleavingDepth)
      $0.member("basis", code.basis.rawValue)
      $0.member("virtual_fill", code.virtualFillByteCount)
    }
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
