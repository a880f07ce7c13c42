/// A port that a link of this station listens on.
struct BoundSocket {
  enum Transport { case udp, tcp }

  var transport: Transport
  var host: IPAddress
  var port: UInt16
  var group: IPAddress?
  /// How it is called in a message.
  var name: String
  var mark: SourceMark
  /// Whose it is: the index of the link among all.
  var link = 0

  /// Whether links may be on it together, if they can be told apart.
  func isSame(as other: BoundSocket) -> Bool {
    transport == .udp && other.transport == .udp && (host, port) == (other.host, other.port) && group == other.group
  }

  /// Whether only one of the two can be had.
  func clashes(with other: BoundSocket) -> Bool {
    guard transport == other.transport, port == other.port, group == other.group else { return false }
    guard host != other.host else { return true }
    return host.isIPv6 == other.host.isIPv6 && (host.isUnspecified || other.host.isUnspecified)
  }
}

/// Addresses with ports, and who may send to them: what UDP and TCP have in common.
extension StationDecoder {
  // MARK: Address and port

  /// A numeric address and a port to bind to.
  mutating func boundEndpoint(_ key: String, in section: Section, example: String) -> (IPAddress, UInt16)? {
    guard let (host, port) = hostAndPort(key, in: section, example: example) else { return nil }
    guard let address = IPAddress(host) else {
      reportHost(host, key: key, in: section)
      return nil
    }
    return port.map { (address, $0) }
  }

  /// What stands before and behind the last colon of a text; a port that is none is reported, and absent.
  mutating func hostAndPort(_ key: String, in section: Section, example: String) -> (host: String, port: UInt16?)? {
    guard let word = text(key, in: section, capacity: 320) else { return nil }
    guard let colon = word.lastIndex(of: ":") else {
      report("'\(word.shortened)' has no port", key: key, in: section, hint: example)
      return nil
    }
    var host = word[..<colon]
    if host.first == "[", host.last == "]" {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      report("'\(word.shortened)' is not an address with a port", key: key, in: section, hint: example)
      return nil
    }
    let digits = word[word.index(after: colon)...]
    let isNumber = (1...5).contains(digits.utf8.count) && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    let port = isNumber && digits.first != "0" ? UInt16(digits) : nil
    if port == nil {
      report(
        "'\(String(digits).shortened)' is not a port", key: key, in: section,
        hint: "write a number in 1...65535 behind the colon")
    }
    return (String(host), port)
  }

  mutating func reportHost(_ word: String, key: String, in section: Section) {
    report(
      "'\(word.shortened)' is not an IP address", key: key, in: section,
      hint: "write numbers: 127.0.0.1 for this machine only, 0.0.0.0 for every address it has")
  }

  // MARK: Senders

  /// The list `allow_from`.
  ///
  /// - Parameter hint: What to do instead of letting everyone in.
  mutating func senders(in section: Section, _ hint: String) -> [AddressBlock] {
    guard let node = section.value("allow_from") else { return [] }
    let path = section.path("allow_from")
    guard let items = list(node, path: path) else { return [] }
    if items.isEmpty {
      problems.report(
        "\(path) is an empty list", at: node.mark, path: path, hint: "name the senders, such as [192.0.2.7, 10.0.0.0/8]"
      )
    }
    return items.enumerated().compactMap { index, item in sender(item, path: "\(path)[\(index)]", hint) }
  }

  private mutating func sender(_ node: YAMLNode, path: String, _ hint: String) -> AddressBlock? {
    guard let word = text(node, path: path, capacity: 64) else { return nil }
    do throws(AddressBlockError) {
      let block = try AddressBlock(word)
      if block.prefixBitCount == 0 {
        problems.report("\(block) lets every sender in", at: node.mark, path: path, hint: hint, severity: .warning)
      }
      return block
    } catch {
      let hint =
        switch error {
        case .malformed: "write an address or a block, such as 192.0.2.7 or 10.0.0.0/8"
        case .hostBits(let network): "write \(network), or the address alone"
        }
      problems.report("'\(word.shortened)' is not a block of addresses", at: node.mark, path: path, hint: hint)
      return nil
    }
  }

  // MARK: Checks

  /// Reports an address that is open to the network although nobody said who may send there.
  mutating func checkSenders(of host: IPAddress, key: String, in section: Section, hint: String) {
    guard purpose == .service, !host.isLoopback else { return }
    report("\(host) is open to the network, and 'allow_from' is missing", key: key, in: section, hint: hint)
  }

  /// Reports options that stand both beside an address and below it.
  mutating func refuseTwice(_ keys: [String], _ outer: Section, _ inner: Section) {
    for key in keys where outer.has(key) && inner.has(key) {
      problems.report(
        "'\(key)' is written twice; the other is at \(problems.name(of: outer.mark(of: key)))", at: inner.mark(of: key),
        path: inner.path(key), hint: "keep one of the two")
    }
  }

  /// Reports a port that another link has.
  mutating func bind(_ socket: BoundSocket, path: String) {
    var socket = socket
    socket.link = linkIndex
    if let other = sockets.first(where: { socket.clashes(with: $0) && !socket.isSame(as: $0) }) {
      problems.report(
        "\(socket.name) is taken by the link at \(problems.name(of: other.mark))", at: socket.mark, path: path,
        hint: "give each link a port of its own")
    }
    sockets.append(socket)
  }
}
