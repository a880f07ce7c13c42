import CCSDSCoding
import CCSDSLink
import CCSDSWire
import LinkHealth
package import Publish
package import StationConfiguration

/// What does not change while the daemon runs, and the counters of its logs.
package struct DaemonFacts: Sendable {
  package let configurationPath: String
  package let configuration: StationConfiguration
  package let startedAt: Int64
  package let events: LogCounters
  package let statistics: LogCounters

  var uptimeSeconds: Double { Double(HostClock.wall() - startedAt) / 1e9 }

  func writeConfiguration(to json: inout JSONWriter) {
    json.member("path", configurationPath)
    json.member("loaded", ReceptionTime(nanosecondsSince1970: startedAt).rfc3339)
    json.member("last_reload_ok", true)
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
    json.array("links") { array in
      for link in configuration.links {
        array.object {
          $0.member("name", link.name)
          $0.member("format", link.format.rawValue)
          switch link.input {
          case .udp(let udp): $0.member("udp", udp.listen)
          case .tcp(let tcp): $0.object("tcp") { $0.member(tcp.role.rawValue, tcp.endpoint) }
          case .file, .pcap, .standardInput, nil: break
          }
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
