internal import CCSDSLink

extension StationDecoder {
  private static let linkVocabulary = Vocabulary(
    name: "a link",
    keys: [
      "name", "description", "enabled", "input", "coding", "frames", "virtual_channels", "packets", "quiet_after",
      "limits", "mission_database", "parameters", "sinks",
    ],
    elsewhere: [
      "udp": "write it below 'input'", "file": "write it below 'input'", "pcap": "write it below 'input'",
      "tcp": "write it below 'input'", "format": "write it below 'input'", "allow_from": "write it below 'input'",
      "frames_per_datagram": "write it below 'input'", "type": "write it below 'frames'",
      "length": "write it below 'frames'",
      "min_length": "write it below 'frames'", "max_length": "write it below 'frames'",
      "spacecraft_id": "write it below 'frames'", "error_control": "write it below 'coding'",
      "sync_marker": "write it below 'coding'", "max_bit_errors": "write it below 'coding'",
      "randomizer": "write it below 'coding'", "reed_solomon": "write it below 'coding'",
      "truncated_length": "write it below one of 'virtual_channels'",
      "max_packet_length": "write it below 'packets', or below one of 'virtual_channels'",
    ])

  /// One link, and where its name stands.
  mutating func link(_ node: YAMLNode, path: String) -> (LinkConfiguration, SourceMark)? {
    guard let section = section(node, path: path, Self.linkVocabulary) else { return nil }
    let name = linkName(in: section)
    let input = input(in: section)
    let coding = coding(in: section)
    let format = format(input, coding)
    var limits = limits(in: section)
    limits.quietAfterSeconds = seconds("quiet_after", in: section, 1...86_400) ?? limits.quietAfterSeconds
    let packets = packets(in: section)
    let mission = mission(in: section)
    let parameters: LinkParameters
    var sinks: [FrameSink] = []
    switch format {
    case .frames, .cadus:
      let frames = frames(in: section)
      var channel = frames.channel
      channel.errorControl = coding.errorControl
      channel.limits = limits
      channel.maximumPacketByteCount = packets.capacity ?? channel.maximumPacketByteCount
      channel.packets = packets.parameters
      channel.virtualChannels = virtualChannels(in: section, channel)
      channel.coding = channelCoding(coding, format, of: frames)
      channel.storedVirtualChannels = mission?.storedChannels.sorted() ?? []
      check(channel, frames)
      checkDatagrams(of: channel, frames, input)
      if mission != nil { checkMission(of: channel, in: section) }
      sinks = self.sinks(in: section, channel)
      parameters = .frames(channel)
    case .packets:
      var stream = PacketStreamParameters()
      stream.limits = limits
      stream.maximumPacketByteCount = packets.capacity ?? stream.maximumPacketByteCount
      stream.packets = packets.parameters
      refuseFrameSections(in: section)
      refuseCoding(coding)
      parameters = .packets(stream)
    }
    var link = LinkConfiguration(name: name, input: input.description, parameters: parameters)
    link.description = text("description", in: section, capacity: 1024)
    link.isEnabled = boolean("enabled", in: section) ?? true
    link.framesPerDatagram = input.framesPerDatagram ?? 1
    link.mission = mission
    link.sinks = sinks
    return (link, section.valueMark(of: "name"))
  }

  private mutating func linkName(in section: Section) -> String {
    let name = requiredText("name", in: section, hint: "name the link, such as 'name: dss1'", capacity: 1024)
    guard !name.isEmpty, !LinkConfiguration.isValidName(name) else { return name }
    report(
      "'\(name.shortened)' cannot be a link name", key: "name", in: section,
      hint: "write at most 32 of a-z, 0-9, '_' and '-', the first a letter or digit: it becomes part of file names")
    return ""
  }

  private mutating func limits(in link: Section) -> LinkLimits {
    var limits = LinkLimits()
    let vocabulary = Vocabulary(
      name: "limits",
      keys: [
        "master_channel_count", "virtual_channel_count", "application_process_count", "access_point_count",
        "max_service_data_unit_length", "quarantined_frame_count", "max_frames_per_second",
      ],
      elsewhere: [
        "quiet_after": "write it beside 'limits', not below it",
        "quiet_after_seconds": "write 'quiet_after' beside 'limits', not below it",
      ])
    guard let section = section("limits", in: link, vocabulary) else { return limits }
    limits.masterChannelCount = integer("master_channel_count", in: section, 1...1024) ?? limits.masterChannelCount
    limits.virtualChannelCount = integer("virtual_channel_count", in: section, 1...4096) ?? limits.virtualChannelCount
    limits.applicationProcessCount =
      integer("application_process_count", in: section, 1...65_536) ?? limits.applicationProcessCount
    limits.accessPointCount = integer("access_point_count", in: section, 1...4096) ?? limits.accessPointCount
    limits.maximumServiceDataUnitByteCount =
      byteCount("max_service_data_unit_length", in: section, 1...(1 << 30)) ?? limits.maximumServiceDataUnitByteCount
    limits.quarantinedFrameCount =
      integer("quarantined_frame_count", in: section, 1...256) ?? limits.quarantinedFrameCount
    limits.maximumFramesPerSecond =
      integer("max_frames_per_second", in: section, 1...10_000_000) ?? limits.maximumFramesPerSecond
    return limits
  }

  private mutating func refuseFrameSections(in link: Section) {
    for key in ["frames", "virtual_channels", "sinks"] where link.has(key) {
      problems.report(
        "'\(key)' does not go with 'format: packets'", at: link.mark(of: key), path: link.path(key),
        hint: "leave it out, or write 'format: frames' below 'input'")
    }
  }
}

extension LinkConfiguration {
  /// Whether a name can be part of a file name: `[a-z0-9][a-z0-9_-]{0,31}`.
  package static func isValidName(_ name: String) -> Bool {
    let isLetterOrDigit = { (byte: UInt8) in (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) }
    guard let first = name.utf8.first, isLetterOrDigit(first), name.utf8.count <= 32 else { return false }
    return name.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
  }
}
