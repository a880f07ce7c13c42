internal import CCSDSLink
internal import CCSDSWire

extension StationDecoder {
  private static let channelVocabulary = Vocabulary(
    name: "a virtual channel",
    keys: ["vcid", "service", "max_packet_length", "truncated_length", "name", "spacecraft_id"],
    elsewhere: [
      "id": "write 'vcid'", "virtual_channel": "write 'vcid'", "scid": "write 'spacecraft_id'",
      "truncated_frame_length": "write 'truncated_length'",
    ])

  private struct Identity: Hashable {
    var spacecraftID: SpacecraftID?
    var virtualChannelID: VirtualChannelID
  }

  /// The list `virtual_channels`; channels of one named spacecraft come first, for they are meant before the others.
  mutating func virtualChannels(
    in link: Section, _ channel: PhysicalChannelParameters
  ) -> [VirtualChannelParameters] {
    guard let node = link.value("virtual_channels") else { return [] }
    let path = link.path("virtual_channels")
    guard let items = list(node, path: path) else { return [] }
    if items.isEmpty {
      problems.report("\(path) is an empty list", at: node.mark, path: path, hint: "leave it out to take every channel")
    }
    let capacity = channel.limits.virtualChannelCount
    if items.count > capacity {
      problems.report(
        "\(items.count) virtual channels are more than limits.virtual_channel_count (\(capacity))",
        at: node.mark, path: path, hint: "raise limits.virtual_channel_count")
    }
    var channels: [VirtualChannelParameters] = []
    var firstMarks: [Identity: SourceMark] = [:]
    for (index, item) in items.enumerated() {
      let itemPath = "\(path)[\(index)]"
      guard let (parameters, mark) = virtualChannel(item, path: itemPath, channel) else { continue }
      let identity = Identity(spacecraftID: parameters.spacecraftID, virtualChannelID: parameters.virtualChannelID)
      if let first = firstMarks[identity] {
        let vcid = parameters.virtualChannelID.rawValue
        problems.report(
          "duplicate virtual channel \(vcid); the first is at \(problems.name(of: first))", at: mark,
          path: "\(itemPath).vcid", hint: "keep one of the two")
      } else {
        firstMarks[identity] = mark
        channels.append(parameters)
      }
    }
    return channels.filter { $0.spacecraftID != nil } + channels.filter { $0.spacecraftID == nil }
  }

  private mutating func virtualChannel(
    _ node: YAMLNode, path: String, _ channel: PhysicalChannelParameters
  ) -> (VirtualChannelParameters, SourceMark)? {
    guard let section = section(node, path: path, Self.channelVocabulary) else { return nil }
    let service = service(in: section, channel.frameType)
    let name = text("name", in: section, capacity: 64)
    let capacity = integer("max_packet_length", in: section, 7...PacketStreamParameters.largestPacketByteCount)
    let spacecraftID = section.value("spacecraft_id").flatMap { node in
      self.spacecraftID(node, path: section.path("spacecraft_id"), channel, channel.largestSpacecraftID)
    }
    if let spacecraftID, !channel.spacecraftIDs.isEmpty, !channel.spacecraftIDs.contains(spacecraftID) {
      report(
        "spacecraft \(spacecraftID.rawValue) is not one of frames.spacecraft_id", key: "spacecraft_id", in: section,
        hint: "add it to frames.spacecraft_id, or its frames are rejected")
    }
    guard section.has("vcid") else {
      reportMissing("vcid", in: section, hint: "write the number of the channel, such as 'vcid: 1'")
      return nil
    }
    guard let vcid = integer("vcid", in: section, 0...channel.largestVirtualChannelID) else { return nil }
    var parameters = VirtualChannelParameters(virtualChannelID: VirtualChannelID(UInt8(vcid)))
    parameters.service = service ?? .packet
    parameters.name = name
    parameters.maximumPacketByteCount = capacity
    parameters.spacecraftID = spacecraftID
    parameters.truncatedFrameByteCount = truncatedLength(in: section, channel.frameType)
    if channel.frameType != .tm, parameters.virtualChannelID == .onlyIdleData {
      if let service, service != .idle {
        report(
          "\(channel.frameType.name) channel 63 carries only idle data", key: "service", in: section,
          hint: "write 'service: idle', or leave it out")
      }
      parameters.service = .idle
    }
    if capacity != nil, parameters.service != .packet {
      report(
        "max_packet_length does not go with 'service: \(parameters.service.rawValue)'", key: "max_packet_length",
        in: section, hint: "leave it out: only 'service: packet' has packets")
    }
    return (parameters, section.valueMark(of: "vcid"))
  }

  private mutating func service(in section: Section, _ type: TransferFrameType) -> VirtualChannelService? {
    let later =
      type == .uslp
      ? "leave 'service' out: each USLP frame says itself what it carries"
      : "it belongs to USLP frames; write one of the others"
    let word = word(
      "service", in: section, VirtualChannelService.allCases.map(\.rawValue),
      later: ["mapa": later, "octet_stream": later])
    guard let service = word.flatMap(VirtualChannelService.init(rawValue:)) else { return nil }
    if service == .bitstream, type != .aos {
      report(
        "\(type.name) frames have no bitstream service", key: "service", in: section, hint: "write packet, vca or idle")
    }
    return service
  }

  /// The length of the truncated frames of a channel, which no frame says itself.
  private mutating func truncatedLength(in section: Section, _ type: TransferFrameType) -> Int? {
    guard section.has("truncated_length") else { return nil }
    guard type == .uslp else {
      problems.report(
        "'truncated_length' does not go with 'type: \(type.rawValue)'", at: section.mark(of: "truncated_length"),
        path: section.path("truncated_length"), hint: "leave it out: only USLP frames can be truncated")
      return nil
    }
    return integer("truncated_length", in: section, 6...32)
  }
}

extension TransferFrameType {
  /// As people write it.
  fileprivate var name: String {
    switch self {
    case .tm: "TM"
    case .aos: "AOS"
    case .uslp: "USLP"
    }
  }
}
