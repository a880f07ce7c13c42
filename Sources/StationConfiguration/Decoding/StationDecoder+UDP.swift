extension StationDecoder {
  private static let addressHint = "write \"127.0.0.1:10017\", or \"[::1]:10017\" in quotes"

  /// A UDP socket: its address as a text or a section, its options there or beside it.
  mutating func udp(in input: Section) -> UDPDescription? {
    var options = [input]
    var address: (IPAddress, UInt16)?
    if case .mapping = input.value("udp")?.content {
      let vocabulary = Vocabulary(
        name: "udp", keys: ["host", "port", "group", "interface", "allow_from", "receive_buffer_bytes"],
        elsewhere: ["frames_per_datagram": "write it beside 'udp', not below it"])
      guard let inner = section("udp", in: input, vocabulary) else { return nil }
      options.append(inner)
      address = hostAndPort(in: inner)
    } else {
      address = text("udp", in: input, capacity: 256).flatMap { endpoint($0, in: input) }
    }
    if input.has("port") {
      problems.report(
        "'port' does not go with 'udp'", at: input.mark(of: "port"), path: input.path("port"),
        hint: "write it behind the address: 'udp: \"host:port\"'")
    }
    // The options are read even when the address is wrong: their problems are reported too.
    var description = UDPDescription(host: address?.0 ?? IPAddress(bits: 1), port: address?.1 ?? 1)
    for (index, section) in options.enumerated() {
      if index == 1 { refuseTwice(input, section) }
      readOptions(in: section, &description)
    }
    guard address != nil else { return nil }
    checkSenders(of: description, in: input)
    checkSocket(description, at: input.valueMark(of: "udp"), path: input.path("udp"))
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

  private mutating func endpoint(_ word: String, in section: Section) -> (IPAddress, UInt16)? {
    guard let colon = word.lastIndex(of: ":") else {
      report("'\(word.shortened)' has no port", key: "udp", in: section, hint: Self.addressHint)
      return nil
    }
    var host = word[..<colon]
    if host.first == "[", host.last == "]" {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      report("'\(word.shortened)' is not an address with a port", key: "udp", in: section, hint: Self.addressHint)
      return nil
    }
    let digits = word[word.index(after: colon)...]
    let isNumber = (1...5).contains(digits.utf8.count) && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    let port = isNumber && digits.first != "0" ? UInt16(digits) : nil
    if port == nil {
      report(
        "'\(String(digits).shortened)' is not a port", key: "udp", in: section,
        hint: "write a number in 1...65535 behind the colon")
    }
    guard let address = IPAddress(String(host)) else {
      reportHost(String(host), key: "udp", in: section)
      return nil
    }
    return port.map { (address, $0) }
  }

  private mutating func reportHost(_ word: String, key: String, in section: Section) {
    report(
      "'\(word.shortened)' is not an IP address", key: key, in: section,
      hint: "write numbers: 127.0.0.1 for this machine only, 0.0.0.0 for every address it has")
  }

  // MARK: Options

  private mutating func readOptions(in section: Section, _ description: inout UDPDescription) {
    if let word = text("group", in: section, capacity: 64) {
      let group = IPAddress(word)
      if let group, group.isMulticast, group.isIPv6 == description.host.isIPv6 {
        description.group = group
      } else {
        let isOther = group?.isMulticast == true
        report(
          "'\(word.shortened)' is not a multicast group\(isOther ? " of the address to bind to" : "")", key: "group",
          in: section,
          hint: isOther ? "write both in IPv4, or both in IPv6" : "write an address in 224.0.0.0/4 or ff00::/8")
      }
    }
    if let name = text("interface", in: section, capacity: 15) {
      description.interface = name
      if name.contains("/") || name.contains(" ") {
        report(
          "'\(name.shortened)' is not a network interface", key: "interface", in: section,
          hint: "write a name such as eth0")
      } else if !section.has("group"), description.group == nil {
        report(
          "'interface' goes with 'group' only", key: "interface", in: section,
          hint: "bind to the address of the interface instead")
      }
    }
    if section.has("allow_from") { description.allowFrom = senders(in: section) }
    let size = byteCount("receive_buffer_bytes", in: section, 65_536...(1 << 30))
    description.receiveBufferByteCount = size ?? description.receiveBufferByteCount
  }

  private mutating func senders(in section: Section) -> [AddressBlock] {
    guard let node = section.value("allow_from") else { return [] }
    let path = section.path("allow_from")
    guard let items = list(node, path: path) else { return [] }
    if items.isEmpty {
      problems.report(
        "\(path) is an empty list", at: node.mark, path: path, hint: "name the senders, such as [192.0.2.7, 10.0.0.0/8]"
      )
    }
    var blocks: [AddressBlock] = []
    for (index, item) in items.enumerated() {
      let itemPath = "\(path)[\(index)]"
      guard let word = text(item, path: itemPath, capacity: 64) else { continue }
      do throws(AddressBlockError) {
        let block = try AddressBlock(word)
        blocks.append(block)
        if block.prefixBitCount == 0 {
          problems.report(
            "\(block) lets every sender in", at: item.mark, path: itemPath,
            hint: "the source of a datagram is easily forged: name the senders, and filter at the border",
            severity: .warning)
        }
      } catch {
        let hint =
          switch error {
          case .malformed: "write an address or a block, such as 192.0.2.7 or 10.0.0.0/8"
          case .hostBits(let network): "write \(network), or the address alone"
          }
        problems.report("'\(word.shortened)' is not a block of addresses", at: item.mark, path: itemPath, hint: hint)
      }
    }
    return blocks
  }

  // MARK: Checks

  private mutating func refuseTwice(_ outer: Section, _ inner: Section) {
    for key in ["group", "interface", "allow_from", "receive_buffer_bytes"] where outer.has(key) && inner.has(key) {
      problems.report(
        "'\(key)' is written twice; the other is at \(problems.name(of: outer.mark(of: key)))", at: inner.mark(of: key),
        path: inner.path(key), hint: "keep one of the two")
    }
  }

  private mutating func checkSenders(of description: UDPDescription, in input: Section) {
    let isNamed = input.has("allow_from") || !description.allowFrom.isEmpty
    guard purpose == .service, !description.host.isLoopback, !isNamed else { return }
    if case .mapping(let entries) = input.value("udp")?.content, entries.contains(where: { $0.key == "allow_from" }) {
      return
    }
    report(
      "\(description.host) is open to the network, and 'allow_from' is missing", key: "udp", in: input,
      hint: "name the senders, such as 'allow_from: [192.0.2.7, 10.0.0.0/8]' beside 'udp', or bind to 127.0.0.1")
  }

  private mutating func checkSocket(_ description: UDPDescription, at mark: SourceMark, path: String) {
    let clash = sockets.first { other, _ in
      other.port == description.port && other.group == description.group
        && (other.host == description.host
          || (other.host.isIPv6 == description.host.isIPv6
            && (other.host.isUnspecified || description.host.isUnspecified)))
    }
    if let clash {
      problems.report(
        "\(description.listen) is taken by the link at \(problems.name(of: clash.mark))", at: mark, path: path,
        hint: "give each link a port of its own")
    }
    sockets.append((description, mark))
  }
}
