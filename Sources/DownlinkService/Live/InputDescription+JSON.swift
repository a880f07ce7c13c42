import LinkHealth
import StationConfiguration

extension InputDescription {
  /// Writes its members of the link's object in the answer to `config`.
  func write(to json: inout JSONWriter) {
    switch self {
    case .udp(let udp):
      json.member("udp", udp.listen)
      if let group = udp.group { json.member("group", "\(group)") }
      json.texts("interface", udp.interfaces)
      json.texts("source", udp.sources.map(\.description))
      json.texts("allow_from", udp.allowFrom.map(\.description))
      json.member("receive_buffer_bytes", udp.receiveBufferByteCount)
      if let rate = udp.maximumDatagramsPerSecond { json.member("max_datagrams_per_second", rate) }
      json.member("probe_interval_seconds", udp.probeIntervalSeconds)
    case .tcp(let tcp):
      json.object("tcp") { $0.member(tcp.role.rawValue, tcp.endpoint) }
      json.texts("allow_from", tcp.allowFrom.map(\.description))
      json.member("idle_timeout_seconds", tcp.idleTimeoutSeconds)
      json.member("longest_retry_seconds", tcp.longestRetrySeconds)
      if let size = tcp.receiveBufferByteCount { json.member("receive_buffer_bytes", size) }
    case .capture(let capture):
      json.object("pcap") {
        $0.member("interface", capture.interface)
        $0.member("port", Int(capture.port))
        $0.member("promiscuous", capture.isPromiscuous)
      }
      json.texts("allow_from", capture.allowFrom.map(\.description))
      json.member("receive_buffer_bytes", capture.receiveBufferByteCount)
      if let rate = capture.maximumDatagramsPerSecond { json.member("max_datagrams_per_second", rate) }
    case .file, .pcap, .standardInput: break
    }
  }
}

extension JSONWriter {
  /// A list, left out when it is empty.
  fileprivate mutating func texts(_ key: String, _ values: [String]) {
    if !values.isEmpty { member(key, values) }
  }
}
