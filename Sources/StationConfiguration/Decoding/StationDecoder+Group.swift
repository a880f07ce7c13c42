/// Multicast groups: interfaces, sources, and what they have to do with the address that is bound to.
extension StationDecoder {
  private static let interfaceLimit = 8
  private static let sourceLimit = 64

  /// The names at `interface`: one, or a list.
  mutating func interfaces(in section: Section) -> [String] {
    remember("interface", in: section)
    let words = oneOrMore("interface", in: section, atMost: Self.interfaceLimit, capacity: 15)
    return words.filter { isInterfaceName($0, key: "interface", in: section) }
  }

  /// The addresses at `source`: one, or a list.
  mutating func sources(in section: Section, isIPv6: Bool) -> [IPAddress] {
    let words = oneOrMore("source", in: section, atMost: Self.sourceLimit, capacity: 64)
    return words.compactMap { word in
      guard let address = IPAddress(word), !address.isMulticast, !address.isUnspecified else {
        report(
          "'\(word.shortened)' is not the address of a sender", key: "source", in: section,
          hint: "write addresses, such as 192.0.2.7; blocks cannot be joined")
        return nil
      }
      guard address.isIPv6 == isIPv6 else {
        report(
          "\(address) is not of the family of the address to bind to", key: "source", in: section,
          hint: "write both in IPv4, or both in IPv6")
        return nil
      }
      return address
    }
  }

  /// Whether a word can name a network interface; reported when it cannot.
  mutating func isInterfaceName(_ name: String, key: String, in section: Section) -> Bool {
    guard name.contains("/") || name.contains(" ") else { return true }
    report(
      "'\(name.shortened)' is not a network interface", key: key, in: section, hint: "write a name such as eth0")
    return false
  }

  /// How often a quiet socket is probed.
  mutating func probeInterval(in section: Section) -> Double? {
    guard let interval = seconds("probe_interval", in: section, 0...86_400) else { return nil }
    guard interval > 0, interval < 10 else { return interval }
    report(
      "a probe_interval below 10s leaves no time to wait for an answer", key: "probe_interval", in: section,
      hint: "write 10s or more, or 0 to send no probes")
    return nil
  }

  /// Holds group, interface and sources against each other.
  mutating func checkGroup(of udp: UDPDescription, _ options: [Section], in input: Section) {
    guard purpose == .service else { return }
    let section = options.last { $0.has("group") } ?? input
    if udp.host.isMulticast, udp.group == nil, !section.has("group") {
      report(
        "\(udp.host) is a multicast group that nobody joins", key: "udp", in: input,
        hint: "write 'group: \(udp.host)' beside 'udp'")
    }
    guard let group = udp.group else { return }
    if !udp.host.isUnspecified, udp.host != group {
      report(
        "a socket bound to \(udp.host) does not hear the group \(group)", key: "udp", in: input,
        hint: "bind to \(udp.host.isIPv6 ? "[::]" : "0.0.0.0"), or to the group itself")
    }
    if udp.host == group, group.hasLinkScope {
      report(
        "a socket bound to \(group) hears on one interface, until that is made anew", key: "udp", in: input,
        hint: "bind to [::]")
    }
    if group.isIPv6, udp.interfaces.isEmpty, !options.contains(where: { $0.has("interface") }) {
      report(
        "\(group) is a group of IPv6, and 'interface' is missing", key: "group", in: section,
        hint: "name it, such as 'interface: eth0': the kernel does not tell when one that it chose is gone")
    }
    for source in udp.sources where !udp.allowFrom.isEmpty && !udp.allowFrom.contains(where: { $0.contains(source) }) {
      report(
        "the source \(source) is not in 'allow_from', so none of its datagrams would be taken", key: "source",
        in: options.last { $0.has("source") } ?? input,
        hint: "add it, or leave 'allow_from' out: 'source' is a list too")
    }
  }

  /// A text, or a list of some.
  private mutating func oneOrMore(_ key: String, in section: Section, atMost limit: Int, capacity: Int) -> [String] {
    guard let node = section.value(key) else { return [] }
    guard case .sequence(let items) = node.content else {
      return text(key, in: section, capacity: capacity).map { [$0] } ?? []
    }
    let path = section.path(key)
    if items.isEmpty || items.count > limit {
      problems.report(
        "\(path) has \(items.count) items", at: node.mark, path: path, hint: "write one, or a list of at most \(limit)")
    }
    return items.prefix(limit).enumerated().compactMap { index, item in
      text(item, path: "\(path)[\(index)]", capacity: capacity)
    }
  }
}

extension IPAddress {
  /// Whether a multicast address of IPv6 is of one interface or link only.
  fileprivate var hasLinkScope: Bool {
    guard isIPv6, isMulticast else { return false }
    let scope = bits >> 112 & 0xF
    return scope == 1 || scope == 2
  }
}
