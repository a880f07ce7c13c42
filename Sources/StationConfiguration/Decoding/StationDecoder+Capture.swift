/// Live captures.
extension StationDecoder {
  /// The options of a live capture.
  static let captureKeys = ["allow_from", "receive_buffer_bytes", "max_datagrams_per_second", "promiscuous"]

  /// Whether 'pcap' names an interface.
  func isLiveCapture(_ input: Section) -> Bool {
    guard case .mapping(let entries) = input.value("pcap")?.content else { return false }
    return entries.contains { $0.key == "interface" }
  }

  /// An interface to capture on: its name and a port in the section `pcap`, the options there or beside it.
  mutating func capture(in input: Section) -> CaptureDescription? {
    let vocabulary = Vocabulary(
      name: "pcap", keys: ["interface", "port"] + Self.captureKeys,
      elsewhere: [
        "path": "leave it out, or 'interface': a link captures on an interface, or reads a file",
        "filter": "leave it out: the port and 'allow_from' are the filter",
        "snaplen": "leave it out: it follows from the length of the frames",
        "group": "leave it out: join the group with 'udp'",
        "frames_per_datagram": "write it beside 'pcap', not below it",
      ])
    guard let inner = section("pcap", in: input, vocabulary) else { return nil }
    refusePort(in: input, "pcap: { ... }")
    for (key, hint) in [
      ("group", "join the group with 'udp'"), ("source", "name senders with 'allow_from'"),
      ("interface", "it stands below 'pcap'"), ("probe_interval", "it is for UDP"), ("idle_timeout", "it is for TCP"),
      ("longest_retry", "it is for TCP"),
    ] where input.has(key) {
      problems.report(
        "'\(key)' does not go with 'pcap: { interface: ... }'", at: input.mark(of: key), path: input.path(key),
        hint: "leave it out: \(hint)")
    }
    if !inner.has("port") {
      reportMissing("port", in: inner, hint: "write the port that the datagrams are sent to, such as 'port: 10017'")
    }
    let name = text("interface", in: inner, capacity: 15)
    let isName = name.map { isInterfaceName($0, key: "interface", in: inner) } ?? false
    let port = port(in: inner)
    // The options are read even when the rest is wrong: their problems are reported too.
    var description = CaptureDescription(interface: name ?? "lo", port: port ?? 1)
    refuseTwice(Self.captureKeys, input, inner)
    for section in [input, inner] { readOptions(in: section, &description) }
    guard isName, port != nil else { return nil }
    remember("interface", in: inner)
    if purpose == .service, description.interface != "lo", !input.has("allow_from"), !inner.has("allow_from") {
      report(
        "\(description.interface) is open to the network, and 'allow_from' is missing", key: "interface", in: inner,
        hint: "name the senders, such as 'allow_from: [192.0.2.7, 10.0.0.0/8]' beside 'pcap', or capture on lo")
    }
    return description
  }

  private mutating func readOptions(in section: Section, _ description: inout CaptureDescription) {
    if section.has("allow_from") { description.allowFrom = senders(in: section, Self.forgeryHint) }
    let size = byteCount("receive_buffer_bytes", in: section, 65_536...(1 << 30))
    description.receiveBufferByteCount = size ?? description.receiveBufferByteCount
    description.maximumDatagramsPerSecond = datagramRate(in: section) ?? description.maximumDatagramsPerSecond
    description.isPromiscuous = boolean("promiscuous", in: section) ?? description.isPromiscuous
  }

  /// What one sender may send in a second.
  mutating func datagramRate(in section: Section) -> Int? {
    integer("max_datagrams_per_second", in: section, 1...10_000_000)
  }
}
