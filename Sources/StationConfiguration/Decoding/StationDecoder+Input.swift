/// What the section `input` says; absent where it says nothing, or something wrong.
struct InputClauses {
  var section: Section?
  var description: InputDescription?
  var format: InputFormat?
  var framesPerDatagram: Int?

  /// Whether a format was meant, but not understood.
  var hasUnknownFormat: Bool { format == nil && section?.has("format") == true }
}

extension StationDecoder {
  private static let sources = ["udp", "tcp", "file", "pcap"]
  /// The options of sockets, and whose they are.
  private static let socketKeys = [
    ("group", "UDP"), ("source", "UDP"), ("interface", "UDP"), ("allow_from", "sockets and live captures"),
    ("receive_buffer_bytes", "sockets and live captures"),
    ("max_datagrams_per_second", "UDP and live captures"), ("probe_interval", "UDP"), ("promiscuous", "live captures"),
    ("idle_timeout", "TCP"), ("longest_retry", "TCP"),
  ]
  private static let inputVocabulary = Vocabulary(
    name: "input",
    keys: sources + ["format", "frames_per_datagram", "port"] + socketKeys.map(\.0),
    elsewhere: [
      "host": "write 'udp: \"host:port\"'", "stdin": "write 'file: \"-\"'", "standard_input": "write 'file: \"-\"'",
      "listen": "write 'tcp: { listen: \"127.0.0.1:4935\" }'", "connect": "write 'tcp: \"host:port\"'",
      "sync_marker": "write it below 'coding'", "randomizer": "write it below 'coding'",
      "sources": "write 'source', one or a list", "interfaces": "write 'interface', one or a list",
      "capture": "write 'pcap: { interface: eth0, port: 10017 }'",
    ])

  /// The section `input`: source, format, and frames per datagram.
  mutating func input(in link: Section) -> InputClauses {
    guard link.has("input") else {
      if purpose == .service {
        reportMissing("input", in: link, hint: "write 'input: { udp: \"127.0.0.1:10017\" }', or the like")
      }
      return InputClauses()
    }
    guard let section = section("input", in: link, Self.inputVocabulary) else { return InputClauses() }
    let word = word("format", in: section, InputFormat.allCases.map(\.rawValue))
    var clauses = InputClauses(section: section, format: word.flatMap(InputFormat.init(rawValue:)))
    clauses.framesPerDatagram = integer("frames_per_datagram", in: section, 1...64)
    if clauses.framesPerDatagram != nil, clauses.format == .packets {
      report(
        "frames_per_datagram does not go with 'format: packets'", key: "frames_per_datagram", in: section,
        hint: "leave it out: a datagram may carry any number of packets")
    }
    clauses.description = source(in: section)
    return clauses
  }

  private mutating func source(in section: Section) -> InputDescription? {
    let named = Self.sources.filter(section.has)
    guard let kind = named.first else {
      if purpose == .service {
        reportMissing(
          "udp", in: section, hint: "write 'udp: \"127.0.0.1:10017\"', or 'tcp', or 'file' or 'pcap' with a path")
      }
      return nil
    }
    for other in named.dropFirst() {
      problems.report(
        "'\(other)' does not go with '\(kind)'", at: section.mark(of: other), path: section.path(other),
        hint: "a link has one input: make it two links")
    }
    if kind != "pcap" || !isLiveCapture(section) { refuseOptions(of: kind, in: section) }
    switch kind {
    case "udp": return udp(in: section).map(InputDescription.udp)
    case "tcp": return tcp(in: section).map(InputDescription.tcp)
    case "pcap": return pcap(in: section)
    default:
      refusePort(in: section, kind)
      guard let path = text(kind, in: section, capacity: 1024) else { return nil }
      return path == "-" ? .standardInput : .file(path: path)
    }
  }

  /// Reports options that belong to another source.
  private mutating func refuseOptions(of kind: String, in section: Section) {
    let keys = ["udp": Self.udpKeys, "tcp": Self.tcpKeys][kind] ?? []
    for (key, owner) in Self.socketKeys where section.has(key) && !keys.contains(key) {
      problems.report(
        "'\(key)' does not go with '\(kind)'", at: section.mark(of: key), path: section.path(key),
        hint: "leave it out: it is for \(owner)")
    }
    if kind == "tcp", section.has("frames_per_datagram") {
      problems.report(
        "'frames_per_datagram' does not go with 'tcp'", at: section.mark(of: "frames_per_datagram"),
        path: section.path("frames_per_datagram"), hint: "leave it out: a TCP stream has no datagrams")
    }
  }

  private mutating func pcap(in section: Section) -> InputDescription? {
    var source = section
    if case .mapping = section.value("pcap")?.content {
      if isLiveCapture(section) { return capture(in: section).map(InputDescription.capture) }
      let vocabulary = Vocabulary(name: "pcap", keys: ["path", "port", "interface"] + Self.captureKeys)
      guard let inner = self.section("pcap", in: section, vocabulary) else { return nil }
      refusePort(in: section, "pcap: { ... }")
      source = inner
    }
    let port = port(in: source)
    let isInner = source.path != section.path
    if isInner, !source.has("path") {
      reportMissing("path", in: source, hint: "write the path of a pcap or pcapng file, or the interface to capture on")
    }
    guard let path = text(isInner ? "path" : "pcap", in: source, capacity: 1024) else { return nil }
    return .pcap(path: path, port: port)
  }

  /// A UDP port, at a key of that name.
  mutating func port(in section: Section) -> UInt16? {
    integer("port", in: section, 1...65_535).map { UInt16($0) }
  }

  /// Reports a port where there is no place for one.
  mutating func refusePort(in section: Section, _ kind: String) {
    guard section.has("port") else { return }
    problems.report(
      "'port' does not go with '\(kind)'", at: section.mark(of: "port"), path: section.path("port"),
      hint: "leave it out: it picks datagrams of a 'pcap'")
  }
}
