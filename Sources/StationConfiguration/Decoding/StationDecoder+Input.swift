extension StationDecoder {
  private static let sources = ["udp", "file", "pcap"]
  private static let socketKeys = ["group", "interface", "allow_from", "receive_buffer_bytes"]
  private static let inputVocabulary = Vocabulary(
    name: "input",
    keys: sources + ["format", "frames_per_datagram", "port"] + socketKeys,
    later: ["tcp": "let the sender use UDP, or pipe the stream into `downlinkd replay -`"],
    elsewhere: [
      "host": "write 'udp: \"host:port\"'", "stdin": "write 'file: \"-\"'", "standard_input": "write 'file: \"-\"'",
    ])

  /// The section `input`: source, format, and frames per datagram.
  mutating func input(in link: Section) -> (InputDescription?, InputFormat, Int) {
    guard link.has("input") else {
      reportMissingInput(in: link)
      return (nil, .frames, 1)
    }
    guard let section = section("input", in: link, Self.inputVocabulary) else { return (nil, .frames, 1) }
    let word = word(
      "format", in: section, InputFormat.allCases.map(\.rawValue),
      later: ["cadus": "let the receiver take the sync marker off, and write 'format: frames'"])
    let format = word.flatMap(InputFormat.init(rawValue:)) ?? .frames
    let framesPerDatagram = integer("frames_per_datagram", in: section, 1...64)
    if framesPerDatagram != nil, format == .packets {
      report(
        "frames_per_datagram does not go with 'format: packets'", key: "frames_per_datagram", in: section,
        hint: "leave it out: a datagram may carry any number of packets")
    }
    return (source(in: section), format, framesPerDatagram ?? 1)
  }

  private mutating func reportMissingInput(in link: Section) {
    guard purpose == .service else { return }
    reportMissing("input", in: link, hint: "write 'input: { udp: \"127.0.0.1:10017\" }', or the like")
  }

  private mutating func source(in section: Section) -> InputDescription? {
    let named = Self.sources.filter(section.has)
    guard let kind = named.first else {
      if purpose == .service, !section.has("tcp") {
        reportMissing("udp", in: section, hint: "write 'udp: \"127.0.0.1:10017\"', or 'file' or 'pcap' with a path")
      }
      return nil
    }
    for other in named.dropFirst() {
      problems.report(
        "'\(other)' does not go with '\(kind)'", at: section.mark(of: other), path: section.path(other),
        hint: "a link has one input: make it two links")
    }
    if kind != "udp" {
      for key in Self.socketKeys where section.has(key) {
        problems.report(
          "'\(key)' does not go with '\(kind)'", at: section.mark(of: key), path: section.path(key),
          hint: "leave it out: it is for UDP")
      }
    }
    switch kind {
    case "udp": return udp(in: section).map(InputDescription.udp)
    case "pcap": return pcap(in: section)
    default:
      refusePort(in: section, kind)
      guard let path = text(kind, in: section, capacity: 1024) else { return nil }
      return path == "-" ? .standardInput : .file(path: path)
    }
  }

  private mutating func pcap(in section: Section) -> InputDescription? {
    var source = section
    if case .mapping = section.value("pcap")?.content {
      guard let inner = self.section("pcap", in: section, Vocabulary(name: "pcap", keys: ["path", "port"])) else {
        return nil
      }
      refusePort(in: section, "pcap: { ... }")
      source = inner
    }
    let port = port(in: source)
    let isInner = source.path != section.path
    if isInner, !source.has("path") {
      reportMissing("path", in: source, hint: "write the path of a pcap or pcapng file")
    }
    guard let path = text(isInner ? "path" : "pcap", in: source, capacity: 1024) else { return nil }
    return .pcap(path: path, port: port)
  }

  /// A UDP or TCP port, at a key of that name.
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
