extension StationDecoder {
  /// The options of a TCP connection.
  static let tcpKeys = ["allow_from", "idle_timeout", "longest_retry", "receive_buffer_bytes"]
  private static let peerExample = "write \"modem.example:4935\", or \"[::1]:4935\" in quotes"
  private static let listenExample = "write \"127.0.0.1:4935\", or \"[::1]:4935\" in quotes"

  /// A TCP connection: the peer as a text, or a section that says who connects; its options there or beside it.
  mutating func tcp(in input: Section) -> TCPDescription? {
    var options = [input]
    var description: TCPDescription?
    if case .mapping = input.value("tcp")?.content {
      let vocabulary = Vocabulary(
        name: "tcp", keys: ["connect", "listen"] + Self.tcpKeys,
        elsewhere: [
          "host": "write 'connect: \"host:port\"'", "port": "write 'connect: \"host:port\"'",
          "bind": "write 'listen: \"127.0.0.1:4935\"'", "timeout": "write 'idle_timeout'",
          "retry": "write 'longest_retry'", "format": "write it beside 'tcp', not below it",
        ])
      guard let inner = section("tcp", in: input, vocabulary) else { return nil }
      options.append(inner)
      description = endpoint(in: inner)
      refuseTwice(Self.tcpKeys, input, inner)
    } else {
      description = peer("tcp", in: input)
    }
    if input.has("port") {
      problems.report(
        "'port' does not go with 'tcp'", at: input.mark(of: "port"), path: input.path("port"),
        hint: "write it behind the host: 'tcp: \"host:port\"'")
    }
    // The options are read even when the address is wrong: their problems are reported too.
    let isKnown = description != nil
    var result = description ?? TCPDescription(role: .connect, host: "", port: 1)
    for section in options { readOptions(in: section, isKnown ? result.role : nil, &result) }
    guard isKnown else { return nil }
    remember("tcp", in: input)
    checkListener(result, options, in: input)
    return result
  }

  // MARK: Address

  private mutating func endpoint(in section: Section) -> TCPDescription? {
    switch (section.has("connect"), section.has("listen")) {
    case (true, false): return peer("connect", in: section)
    case (false, true):
      guard let (host, port) = boundEndpoint("listen", in: section, example: Self.listenExample) else { return nil }
      if host.isMulticast {
        report(
          "\(host) is a multicast group, and TCP has none", key: "listen", in: section,
          hint: "write an address of this machine, such as 127.0.0.1")
      }
      return TCPDescription(role: .listen, host: "\(host)", port: port)
    case (true, true):
      problems.report(
        "'listen' does not go with 'connect'", at: section.mark(of: "listen"), path: section.path("listen"),
        hint: "keep 'connect' when we open the connection, 'listen' when the peer does")
      return nil
    case (false, false):
      reportMissing(
        "connect", in: section, hint: "write 'connect: \"modem.example:4935\"', or 'listen: \"127.0.0.1:4935\"'")
      return nil
    }
  }

  /// Address or name, and port, of a peer to connect to.
  private mutating func peer(_ key: String, in section: Section) -> TCPDescription? {
    guard let (host, port) = hostAndPort(key, in: section, example: Self.peerExample) else { return nil }
    if let address = IPAddress(host) {
      if address.isUnspecified || address.isMulticast {
        report(
          "nobody can be connected to at \(address)", key: key, in: section,
          hint: "write the address or name of the peer, such as 127.0.0.1 for this machine")
      }
      return port.map { TCPDescription(role: .connect, host: "\(address)", port: $0) }
    }
    guard Self.isHostName(host) else {
      report(
        "'\(host.shortened)' is not an IP address or a host name", key: key, in: section,
        hint: "write numbers, such as 192.0.2.7, or a name, such as modem.example")
      return nil
    }
    return port.map { TCPDescription(role: .connect, host: host, port: $0) }
  }

  /// Whether a word has the form of a name that can be looked up; numbers only would be a broken address.
  private static func isHostName(_ word: String) -> Bool {
    let labels = word.split(separator: ".", omittingEmptySubsequences: false)
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
    guard word.utf8.count <= 253, let last = labels.last, !last.utf8.allSatisfy(isDigit) else { return false }
    return labels.allSatisfy { label in
      (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
        && label.utf8.allSatisfy { byte in
          isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
    }
  }

  // MARK: Options

  private mutating func readOptions(
    in section: Section, _ role: TCPDescription.Role?, _ description: inout TCPDescription
  ) {
    if section.has("allow_from") {
      description.allowFrom = senders(in: section, "name the peers, and filter at the border")
      if role == .connect {
        refuse("allow_from", in: section, "listen", hint: "leave it out: we connect to that peer and no other")
      }
    }
    if role == .listen, section.has("longest_retry") {
      refuse("longest_retry", in: section, "connect", hint: "leave it out: it is the peer who tries again")
    }
    if let idle = seconds("idle_timeout", in: section, 0...86_400) {
      description.idleTimeoutSeconds = idle
      if idle > 0, idle < 1 {
        report(
          "an idle_timeout below a second breaks connections that are well", key: "idle_timeout", in: section,
          hint: "write 1s or more, or 0 to wait for ever")
      }
    }
    let size = byteCount("receive_buffer_bytes", in: section, 65_536...(1 << 30))
    description.receiveBufferByteCount = size ?? description.receiveBufferByteCount
    description.longestRetrySeconds =
      seconds("longest_retry", in: section, 1...3600) ?? description.longestRetrySeconds
  }

  private mutating func refuse(_ key: String, in section: Section, _ other: String, hint: String) {
    problems.report(
      "'\(key)' goes with '\(other)' only", at: section.mark(of: key), path: section.path(key), hint: hint)
  }

  private mutating func checkListener(_ description: TCPDescription, _ options: [Section], in input: Section) {
    guard description.role == .listen, let inner = options.last, let host = IPAddress(description.host) else { return }
    if !options.contains(where: { $0.has("allow_from") }) {
      checkSenders(
        of: host, key: "listen", in: inner,
        hint: "name the peers, such as 'allow_from: [192.0.2.7, 10.0.0.0/8]' beside 'listen', or listen on 127.0.0.1")
    }
    bind(
      BoundSocket(
        transport: .tcp, host: host, port: description.port, group: nil, name: description.endpoint,
        mark: inner.valueMark(of: "listen")), path: inner.path("listen"))
  }
}
