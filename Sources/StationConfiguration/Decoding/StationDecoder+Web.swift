/// The web server.
extension StationDecoder {
  private static let webVocabulary = Vocabulary(
    name: "web",
    keys: ["listen", "hosts", "token_file", "tls", "max_connections", "max_connections_per_address"],
    elsewhere: [
      "port": "write it behind the address: 'listen: \"127.0.0.1:9610\"'",
      "host": "write 'listen: \"127.0.0.1:9610\"', or 'hosts' for the names that clients may use",
      "certificate": "write it below 'tls'", "key": "write it below 'tls'", "client_ca": "write it below 'tls'",
      "token": "a secret does not stand here: write it to a file of mode 0600, and 'token_file: FILE'",
    ])
  private static let privacyVocabulary = Vocabulary(name: "tls", keys: ["certificate", "key", "client_ca"])
  private static let listenExample = "write \"127.0.0.1:9610\", or \"[::1]:9610\" in quotes"
  private static let hostCapacity = 32

  mutating func web(in station: Section) -> WebConfiguration? {
    guard let section = section("web", in: station, Self.webVocabulary) else { return nil }
    // All of it is read even when the address is wrong: what is wrong there is reported too.
    let privacy = privacy(in: section)
    let tokenPath = path("token_file", in: section, capacity: 1024)
    let hostNames = hostNames(in: section)
    let count = integer("max_connections", in: section, 1...4096)
    let countPerAddress = integer("max_connections_per_address", in: section, 1...4096)
    for key in ["listen", "token_file", "tls"] where section.has(key) { remember(key, in: section) }
    guard section.has("listen") else {
      reportMissing("listen", in: section, hint: "\(Self.listenExample), or leave 'web' out")
      return nil
    }
    guard let (address, port) = boundEndpoint("listen", in: section, example: Self.listenExample) else { return nil }
    if address.isMulticast {
      report(
        "\(address) is a multicast group, and TCP has none", key: "listen", in: section,
        hint: "write an address of this machine, such as 127.0.0.1")
    }
    checkExposure(of: address, in: section)
    bind(
      BoundSocket(
        transport: .tcp, host: address, port: port, name: "port \(port)", mark: section.valueMark(of: "listen"),
        link: -1),
      path: section.path("listen"))
    var web = WebConfiguration(address: address, port: port)
    (web.hostNames, web.tokenPath, web.privacy) = (hostNames, tokenPath, privacy)
    web.maximumConnectionCount = count ?? web.maximumConnectionCount
    web.maximumConnectionCountPerAddress = countPerAddress ?? web.maximumConnectionCountPerAddress
    return web
  }

  /// Reports a server that others than this machine can reach, and that lets anybody in or anybody listen.
  private mutating func checkExposure(of address: IPAddress, in section: Section) {
    guard !address.isLoopback else { return }
    let hasAuthority: Bool
    if case .mapping(let entries) = section.value("tls")?.content {
      hasAuthority = entries.contains { $0.key == "client_ca" }
    } else {
      hasAuthority = false
    }
    if !section.has("tls") {
      report(
        "\(address) is open to the network, and 'tls' is missing", key: "listen", in: section,
        hint: "write 'tls: {certificate: FILE, key: FILE}' beside it, or listen on 127.0.0.1 behind a proxy")
    }
    if !section.has("token_file"), !hasAuthority {
      report(
        "\(address) is open to the network, and nobody is asked who they are", key: "listen", in: section,
        hint: "write 'token_file: FILE' beside it, or 'client_ca: FILE' below 'tls'")
    }
  }

  private mutating func privacy(in section: Section) -> WebConfiguration.Privacy? {
    guard let section = self.section("tls", in: section, Self.privacyVocabulary) else { return nil }
    for (key, what) in [("certificate", "certificates of the server"), ("key", "private key of the certificate")]
    where !section.has(key) {
      reportMissing(key, in: section, hint: "name the PEM file with the \(what)")
    }
    let authority = path("client_ca", in: section, capacity: 1024)
    guard let certificate = path("certificate", in: section, capacity: 1024),
      let key = path("key", in: section, capacity: 1024)
    else { return nil }
    return WebConfiguration.Privacy(certificatePath: certificate, keyPath: key, clientAuthorityPath: authority)
  }

  private mutating func hostNames(in section: Section) -> [String] {
    guard let node = section.value("hosts") else { return [] }
    let path = section.path("hosts")
    let items = list(node, path: path) ?? []
    if items.count > Self.hostCapacity {
      report("\(items.count) names", key: "hosts", in: section, hint: "write at most \(Self.hostCapacity)")
    }
    return items.prefix(Self.hostCapacity).enumerated().compactMap { index, item in
      hostName(item, path: "\(path)[\(index)]")
    }
  }

  private mutating func hostName(_ node: YAMLNode, path: String) -> String? {
    guard let name = text(node, path: path, capacity: 255) else { return nil }
    let isName = name.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
      default: false
      }
    }
    guard isName || IPAddress(name) != nil else {
      problems.report(
        "'\(name.shortened)' is not the name of a host", at: node.mark, path: path,
        hint: "write the name alone, without scheme, port or '*', such as telemetry.station.example")
      return nil
    }
    return name
  }
}
