package import CCSDSLink
import LinkHealth

/// What the edge knows about who sends to a link, and whether it would hear it.
package struct AdmissionStatus: Sendable {
  /// Where the multicast group is not joined.
  package internal(set) var lostInterfaces: [String] = []
  package internal(set) var probedAt: ReceptionTime?
  package internal(set) var isProbeHeard: Bool?
  /// Why the socket is not probed, or could not be.
  package internal(set) var probeObstacle: String?
  package internal(set) var rates: SourceRates?

  /// Writes its members of the link's object in the status document.
  func write(to json: inout JSONWriter) {
    if let probedAt { json.member("last_probe", probedAt.rfc3339) }
    if let isProbeHeard { json.member("probe_ok", isProbeHeard) }
    if let probeObstacle { json.member("probe_obstacle", probeObstacle) }
    if !lostInterfaces.isEmpty { json.member("group_lost_on", lostInterfaces) }
    guard let rates else { return }
    json.object("sources") {
      $0.member("max_datagrams_per_second", rates.datagramsPerSecond)
      $0.member("known", rates.sourceCount)
      $0.member("datagrams_of_others", rates.sharedDatagramCount)
    }
  }
}
