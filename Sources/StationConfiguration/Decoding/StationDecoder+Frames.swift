internal import CCSDSLink
internal import CCSDSWire

extension StationDecoder {
  private static let uslpHint = "USLP frames are not supported by this version: write 'length', one for all frames"
  private static let framesVocabulary = Vocabulary(
    name: "frames",
    keys: [
      "type", "length", "spacecraft_id", "insert_zone_length", "header_error_control", "ocf", "spacecraft_id_bits",
      "first_header_pointer_bits",
    ],
    later: ["min_length": uslpHint, "max_length": uslpHint, "truncated_length": uslpHint],
    elsewhere: [
      "error_control": "write it below 'coding'", "error_detection": "write 'error_control' below 'coding'",
      "fecf": "write 'error_control: crc16' below 'coding'", "scid": "write 'spacecraft_id'",
      "frame_header_error_control_present": "write 'header_error_control'", "ocf_present": "write 'ocf'",
      "max_packet_length": "write it below 'packets'",
      "virtual_channels": "write it beside 'frames', not below it",
    ])

  /// The managed parameters of the section `frames`.
  mutating func physicalChannel(
    in link: Section, _ errorControl: FrameErrorControl, _ framesPerDatagram: Int
  ) -> PhysicalChannelParameters {
    var channel = PhysicalChannelParameters(
      frameType: .tm, frameByteCount: PhysicalChannelParameters.largestFrameByteCount)
    channel.errorControl = errorControl
    guard link.has("frames") else {
      reportMissing("frames", in: link, hint: "write 'frames: { type: tm, length: 1115 }', or the like")
      return channel
    }
    guard let section = section("frames", in: link, Self.framesVocabulary) else { return channel }
    let type = frameType(in: section)
    channel.frameType = type ?? .aos
    aosFields(in: section, type, &channel)
    // Without the type there is no telling what the identifiers may be.
    spacecraftIDs(in: section, type == nil ? 1023 : channel.largestSpacecraftID, &channel)
    if let length = frameLength(in: section, framesPerDatagram) { channel.frameByteCount = length }
    return channel
  }

  private mutating func frameLength(in section: Section, _ framesPerDatagram: Int) -> Int? {
    let largest = PhysicalChannelParameters.largestFrameByteCount
    guard section.has("length") else {
      if !section.has("min_length"), !section.has("max_length") {
        reportMissing("length", in: section, hint: "write the length of one frame in bytes, without its sync marker")
      }
      return nil
    }
    let range = PhysicalChannelParameters.smallestFrameByteCount...largest
    guard let length = integer("length", in: section, range) else { return nil }
    if length * framesPerDatagram > largest {
      report(
        "\(framesPerDatagram) frames of \(length) bytes do not fit into one datagram", key: "length", in: section,
        hint: "lower frames_per_datagram: a datagram carries \(largest) bytes")
    }
    return length
  }

  private mutating func frameType(in section: Section) -> TransferFrameType? {
    guard section.has("type") else {
      reportMissing("type", in: section, hint: "write 'type: tm' or 'type: aos'")
      return nil
    }
    let word = word(
      "type", in: section, TransferFrameType.allCases.map(\.rawValue),
      later: ["uslp": "write 'type: tm' or 'type: aos'"])
    return word.flatMap(TransferFrameType.init(rawValue:))
  }

  private mutating func aosFields(
    in section: Section, _ type: TransferFrameType?, _ channel: inout PhysicalChannelParameters
  ) {
    if type == .tm {
      let hints = [
        "insert_zone_length": "leave it out: only AOS frames have an insert zone",
        "header_error_control": "leave it out: only AOS frames have it",
        "ocf": "leave it out: each TM frame says itself whether it ends in one",
        "spacecraft_id_bits": "leave it out: TM has 10",
        "first_header_pointer_bits": "leave it out: TM has 11",
      ]
      for (key, hint) in hints where section.has(key) {
        problems.report(
          "'\(key)' does not go with 'type: tm'", at: section.mark(of: key), path: section.path(key), hint: hint)
      }
      return
    }
    channel.insertZoneByteCount = integer("insert_zone_length", in: section, 0...65_000) ?? 0
    channel.hasHeaderErrorControl = boolean("header_error_control", in: section) ?? false
    channel.hasOperationalControlField = boolean("ocf", in: section) ?? false
    channel.spacecraftIDBitCount = choice("spacecraft_id_bits", in: section, 8, 10) ?? 8
    channel.firstHeaderPointerBitCount = choice("first_header_pointer_bits", in: section, 11, 16) ?? 11
  }

  /// One of two numbers.
  private mutating func choice(_ key: String, in section: Section, _ small: Int, _ large: Int) -> Int? {
    guard let value = integer(key, in: section, small...large) else { return nil }
    if value == small || value == large { return value }
    report(
      "\(section.path(key)) must be \(small) or \(large), not \(value)", key: key, in: section,
      hint: "write \(small) or \(large)")
    return nil
  }

  private mutating func spacecraftIDs(
    in section: Section, _ largest: Int, _ channel: inout PhysicalChannelParameters
  ) {
    guard let node = section.value("spacecraft_id") else { return }
    let path = section.path("spacecraft_id")
    var items = [node]
    if case .sequence(let list) = node.content { items = list }
    if items.isEmpty {
      problems.report(
        "\(path) is an empty list", at: node.mark, path: path, hint: "leave it out to take every spacecraft")
    }
    for (index, item) in items.enumerated() {
      let itemPath = items.count == 1 ? path : "\(path)[\(index)]"
      guard let id = spacecraftID(item, path: itemPath, channel, largest) else { continue }
      if channel.spacecraftIDs.contains(id) {
        problems.report(
          "spacecraft \(id.rawValue) is in the list twice", at: item.mark, path: itemPath, hint: "keep one of the two")
      } else {
        channel.spacecraftIDs.append(id)
      }
    }
  }

  /// A spacecraft identifier within what the frame type has bits for.
  mutating func spacecraftID(
    _ node: YAMLNode, path: String, _ channel: PhysicalChannelParameters, _ largest: Int
  ) -> SpacecraftID? {
    let isNarrow = largest < 1023
    let hint = isNarrow ? "AOS has 8 bits for it; write 'spacecraft_id_bits: 10' if yours has two more" : nil
    return integer(node, path: path, 0...largest, rangeHint: hint).map { SpacecraftID(UInt16($0)) }
  }

  // MARK: Checks

  /// Reports frames without room for data, and more spacecraft than may have counters of their own.
  mutating func check(_ channel: PhysicalChannelParameters, in link: Section) {
    guard case .mapping(let entries) = link.value("frames")?.content else { return }
    let section = Section(path: link.path("frames"), mark: link.valueMark(of: "frames"), entries: entries)
    let capacity = channel.limits.masterChannelCount
    if channel.spacecraftIDs.count > capacity {
      report(
        "\(channel.spacecraftIDs.count) spacecraft are more than limits.master_channel_count (\(capacity))",
        key: "spacecraft_id", in: section, hint: "raise limits.master_channel_count")
    }
    let (fields, needed) = (channel.fieldByteCount, channel.fieldByteCount + channel.smallestDataByteCount)
    guard isFrameType(section.value("type")), channel.frameByteCount < needed else { return }
    report(
      "a frame of \(channel.frameByteCount) bytes has no room for data: its fields take \(fields)", key: "length",
      in: section, hint: "write at least \(needed), or take fields away")
  }

  private func isFrameType(_ node: YAMLNode?) -> Bool {
    guard case .scalar(let word, _) = node?.content else { return false }
    return TransferFrameType(rawValue: word) != nil
  }
}

extension PhysicalChannelParameters {
  /// The largest spacecraft identifier that fits into the primary header.
  var largestSpacecraftID: Int { frameType == .aos && spacecraftIDBitCount == 8 ? 255 : 1023 }

  /// The shortest data field: one byte, behind the pointer of an M_PDU or B_PDU where channels have one.
  var smallestDataByteCount: Int {
    let hasPointer =
      virtualChannels.isEmpty || virtualChannels.contains { $0.service == .packet || $0.service == .bitstream }
    return frameType == .aos && hasPointer ? 3 : 1
  }

  /// The bytes of a frame that are not data field: six of primary header, and what is configured beside it.
  var fieldByteCount: Int {
    6 + (hasHeaderErrorControl ? 2 : 0) + insertZoneByteCount + (hasOperationalControlField ? 4 : 0)
      + errorControl.byteCount
  }
}
