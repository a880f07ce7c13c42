extension StationDecoder {
  /// The options of a UDP socket.
  static let udpKeys = [
    "group", "source", "interface", "allow_from", "receive_buffer_bytes", "max_datagrams_per_second", "probe_interval",
  ]
  static let forgeryHint =
    "the source of a datagram is easily forged: name the senders, and filter at the border"
  private static let addressExample = "write \"127.0.0.1:10017\", or \"[::1]:10017\" in quotes"

  /// A UDP socket: its address as a text or a section, its options there or beside it.
  mutating func udp(in input: Section) -> UDPDescription? {
    var options = [input]
    var address: (IPAddress, UInt16)?
    if case .mapping = input.value("udp")?.content {
      let vocabulary = Vocabulary(
        name: "udp", keys: ["host", "port"] + Self.udpKeys,
        elsewhere: ["frames_per_datagram": "write it beside 'udp', not below it"])
      guard let inner = section("udp", in: input, vocabulary) else { return nil }
      options.append(inner)
      address = hostAndPort(in: inner)
    } else {
      address = boundEndpoint("udp", in: input, example: Self.addressExample)
    }
    if input.has("port") {
      problems.report(
        "'port' does not go with 'udp'", at: input.mark(of: "port"), path: input.path("port"),
        hint: "write it behind the address: 'udp: \"host:port\"'")
    }
    // The options are read even when the address is wrong: their problems are reported too.
    var description = UDPDescription(host: address?.0 ?? IPAddress(bits: 1), port: address?.1 ?? 1)
    for (index, section) in options.enumerated() {
      if index == 1 { refuseTwice(Self.udpKeys, input, section) }
      readOptions(in: section, &description)
    }
    guard address != nil else { return nil }
    remember("udp", in: input)
    checkGroup(of: description, options, in: input)
    if !options.contains(where: { $0.has("allow_from") || $0.has("source") }) {
      checkSenders(
        of: description.host, key: "udp", in: input,
        hint: "name the senders, such as 'allow_from: [192.0.2.7, 10.0.0.0/8]' beside 'udp', or bind to 127.0.0.1")
    }
    bind(
      BoundSocket(
        transport: .udp, host: description.host, port: description.port, group: description.group,
        name: description.listen, mark: input.valueMark(of: "udp")), path: input.path("udp"))
    return description
  }

  // MARK: Address

  private mutating func hostAndPort(in section: Section) -> (IPAddress, UInt16)? {
    var host: IPAddress?
    if !section.has("host") {
      reportMissing("host", in: section, hint: "write the address to bind to, such as 'host: 127.0.0.1'")
    } else if let word = text("host", in: section, capacity: 256) {
      host = IPAddress(word)
      if host == nil { reportHost(word, key: "host", in: section) }
    }
    if !section.has("port") {
      reportMissing("port", in: section, hint: "write the port to bind to, such as 'port: 10017'")
    }
    guard let port = port(in: section), let host else { return nil }
    return (host, port)
  }

  // MARK: Options

  private mutating func readOptions(in section: Section, _ description: inout UDPDescription) {
    if let word = text("group", in: section, capacity: 64) {
      let group = IPAddress(word)
      if let group, group.isMulticast, group.isIPv6 == description.host.isIPv6 {
        description.group = group
        remember("group", in: section)
      } else {
        let isOther = group?.isMulticast == true
        report(
          "'\(word.shortened)' is not a multicast group\(isOther ? " of the address to bind to" : "")", key: "group",
          in: section,
          hint: isOther ? "write both in IPv4, or both in IPv6" : "write an address in 224.0.0.0/4 or ff00::/8")
      }
    }
    if section.has("interface") {
      description.interfaces = interfaces(in: section)
      if !section.has("group"), description.group == nil {
        report(
          "'interface' goes with 'group' only", key: "interface", in: section,
          hint: "bind to the address of the interface instead")
      }
    }
    if section.has("source") {
      description.sources = sources(in: section, isIPv6: description.host.isIPv6)
      if !section.has("group"), description.group == nil {
        report(
          "'source' goes with 'group' only", key: "source", in: section, hint: "name senders with 'allow_from' instead")
      }
    }
    if section.has("allow_from") { description.allowFrom = senders(in: section, Self.forgeryHint) }
    let size = byteCount("receive_buffer_bytes", in: section, 65_536...(1 << 30))
    description.receiveBufferByteCount = size ?? description.receiveBufferByteCount
    description.maximumDatagramsPerSecond = datagramRate(in: section) ?? description.maximumDatagramsPerSecond
    description.probeIntervalSeconds = probeInterval(in: section) ?? description.probeIntervalSeconds
  }
}
