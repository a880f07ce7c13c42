internal import CCSDSLink
internal import CCSDSWire

/// Where the good frames of a link go besides.
extension StationDecoder {
  private static let sinkVocabulary = Vocabulary(
    name: "a sink", keys: ["kind", "to", "spacecraft_id", "vcid"],
    elsewhere: [
      "udp": "write it as 'to'", "host": "write 'to: \"host:port\"'", "port": "write 'to: \"host:port\"'",
      "virtual_channels": "write 'vcid', a number or a list", "scid": "write 'spacecraft_id'",
    ])
  private static let example = "write \"127.0.0.1:10018\", or \"[::1]:10018\" in quotes"

  /// The list `sinks` of a link of frames.
  mutating func sinks(in link: Section, _ channel: PhysicalChannelParameters) -> [FrameSink] {
    guard let node = link.value("sinks") else { return [] }
    let path = link.path("sinks")
    guard let items = list(node, path: path) else { return [] }
    if items.count > FrameSink.capacity {
      problems.report(
        "there are \(items.count) sinks, and a link has \(FrameSink.capacity) at most", at: node.mark, path: path,
        hint: "have one of the receivers hand the frames on")
    }
    var sinks: [FrameSink] = []
    for (index, item) in items.enumerated() {
      guard let sink = sink(item, path: "\(path)[\(index)]", channel) else { continue }
      if sinks.contains(where: { $0.endpoint == sink.endpoint }) {
        problems.report(
          "\(sink.endpoint) is in the list twice", at: item.mark, path: "\(path)[\(index)]", hint: "keep one of the two"
        )
      }
      sinks.append(sink)
    }
    return sinks
  }

  private mutating func sink(_ node: YAMLNode, path: String, _ channel: PhysicalChannelParameters) -> FrameSink? {
    guard let section = section(node, path: path, Self.sinkVocabulary) else { return nil }
    if !section.has("kind") {
      reportMissing("kind", in: section, hint: "write 'kind: udp_frames'")
    } else {
      _ = word("kind", in: section, ["udp_frames"])
    }
    let spacecraftIDs = numbers("spacecraft_id", in: section, 0...channel.largestSpacecraftID).map {
      SpacecraftID(UInt16($0))
    }
    let virtualChannelIDs = numbers("vcid", in: section, 0...channel.largestVirtualChannelID).map {
      VirtualChannelID(UInt8($0))
    }
    refuseStrangers(spacecraftIDs, channel, section)
    guard section.has("to") else {
      reportMissing("to", in: section, hint: "write where the frames go, such as 'to: \"127.0.0.1:10018\"'")
      return nil
    }
    guard let (host, port) = boundEndpoint("to", in: section, example: Self.example) else { return nil }
    if host.isUnspecified {
      report("\(host) is no address to send to", key: "to", in: section, hint: "write the address of the receiver")
    }
    var sink = FrameSink(host: host, port: port)
    (sink.spacecraftIDs, sink.virtualChannelIDs) = (spacecraftIDs, virtualChannelIDs)
    destinations.append(Destination(sink: sink, mark: section.valueMark(of: "to"), path: section.path("to")))
    return sink
  }

  /// Reports a spacecraft whose frames the link rejects.
  private mutating func refuseStrangers(
    _ spacecraftIDs: [SpacecraftID], _ channel: PhysicalChannelParameters, _ section: Section
  ) {
    guard !channel.spacecraftIDs.isEmpty,
      let stranger = spacecraftIDs.first(where: { !channel.spacecraftIDs.contains($0) })
    else { return }
    report(
      "spacecraft \(stranger.rawValue) is not one of frames.spacecraft_id", key: "spacecraft_id", in: section,
      hint: "add it to frames.spacecraft_id, or its frames are rejected")
  }

  /// A number, or a list of them.
  private mutating func numbers(_ key: String, in section: Section, _ range: ClosedRange<Int>) -> [Int] {
    guard let node = section.value(key) else { return [] }
    let path = section.path(key)
    guard case .sequence(let items) = node.content else { return integer(node, path: path, range).map { [$0] } ?? [] }
    if items.isEmpty {
      problems.report("\(path) is an empty list", at: node.mark, path: path, hint: "leave it out to send all")
    }
    return items.enumerated().compactMap { index, item in integer(item, path: "\(path)[\(index)]", range) }
  }

  // MARK: Circles

  /// Where a sink sends to, and where that stands.
  struct Destination {
    var sink: FrameSink
    var mark: SourceMark
    var path: String
  }

  /// Reports frames that would come back to this station: they would go round for ever.
  mutating func checkDestinations() {
    for destination in destinations {
      let sink = destination.sink
      let own = sockets.first { $0.transport == .udp && $0.port == sink.port && $0.hears(sink.host) }
      guard let own else { continue }
      problems.report(
        "\(sink.endpoint) is the input of the link at \(problems.name(of: own.mark)): "
          + "the frames would go round for ever",
        at: destination.mark, path: destination.path, hint: "send them to another port")
    }
  }
}

extension BoundSocket {
  /// Whether what is sent to an address of this machine, or to a group, arrives here.
  fileprivate func hears(_ address: IPAddress) -> Bool {
    guard host.isIPv6 == address.isIPv6 else { return false }
    if address.isMulticast { return group == address }
    return host == address || host.isUnspecified && address.isLoopback
  }
}
