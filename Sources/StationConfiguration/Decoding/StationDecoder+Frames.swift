internal import CCSDSLink
internal import CCSDSWire

/// What the section `frames` says, and how much of it is known; for the rest there are guesses.
struct FrameClauses {
  var section: Section?
  var channel: PhysicalChannelParameters
  var hasType = false
  var hasLength = false
}

extension StationDecoder {
  private static let framesVocabulary = Vocabulary(
    name: "frames",
    keys: [
      "type", "length", "min_length", "max_length", "spacecraft_id", "insert_zone_length", "header_error_control",
      "ocf", "spacecraft_id_bits", "first_header_pointer_bits",
    ],
    elsewhere: [
      "error_control": "write it below 'coding'", "error_detection": "write 'error_control' below 'coding'",
      "fecf": "write 'error_control: crc16' below 'coding'", "scid": "write 'spacecraft_id'",
      "frame_header_error_control_present": "write 'header_error_control'", "ocf_present": "write 'ocf'",
      "min_frame_length": "write 'min_length'", "max_frame_length": "write 'max_length'",
      "max_packet_length": "write it below 'packets'", "sync_marker": "write it below 'coding'",
      "randomizer": "write it below 'coding'", "reed_solomon": "write it below 'coding'",
      "truncated_length": "write it below one of 'virtual_channels'",
      "virtual_channels": "write it beside 'frames', not below it",
    ])
  /// Keys that a type of frames has no use for, and why.
  private static let foreignKeys: [TransferFrameType: [String: String]] = [
    .tm: [
      "insert_zone_length": "TM frames have no insert zone",
      "header_error_control": "only AOS frames have it",
      "ocf": "each TM frame says itself whether it ends in one",
      "spacecraft_id_bits": "TM has 10",
      "first_header_pointer_bits": "TM has 11",
      "min_length": "all TM frames have the same 'length'",
      "max_length": "all TM frames have the same 'length'",
    ],
    .aos: [
      "min_length": "all AOS frames have the same 'length'",
      "max_length": "all AOS frames have the same 'length'",
    ],
    .uslp: [
      "header_error_control": "only AOS frames have it",
      "ocf": "each USLP frame says itself whether it ends in one",
      "spacecraft_id_bits": "USLP has 16",
      "first_header_pointer_bits": "USLP has 16",
    ],
  ]

  /// The managed parameters of the section `frames`.
  mutating func frames(in link: Section) -> FrameClauses {
    var frames = FrameClauses(
      channel: PhysicalChannelParameters(
        frameType: .tm, frameByteCount: PhysicalChannelParameters.largestFrameByteCount))
    guard link.has("frames") else {
      reportMissing("frames", in: link, hint: "write 'frames: { type: tm, length: 1115 }', or the like")
      return frames
    }
    guard let section = section("frames", in: link, Self.framesVocabulary) else { return frames }
    let type = frameType(in: section)
    frames.section = section
    frames.hasType = type != nil
    frames.channel.frameType = type ?? .aos
    refuseForeignKeys(in: section, type)
    fields(in: section, type, &frames.channel)
    // Without the type there is no telling what the identifiers may be.
    spacecraftIDs(in: section, type == nil ? 65_535 : frames.channel.largestSpacecraftID, &frames.channel)
    frameLengths(in: section, type, &frames)
    return frames
  }

  private mutating func frameType(in section: Section) -> TransferFrameType? {
    guard section.has("type") else {
      reportMissing("type", in: section, hint: "write 'type: tm', 'type: aos' or 'type: uslp'")
      return nil
    }
    let word = word("type", in: section, TransferFrameType.allCases.map(\.rawValue))
    return word.flatMap(TransferFrameType.init(rawValue:))
  }

  private mutating func refuseForeignKeys(in section: Section, _ type: TransferFrameType?) {
    guard let type, let foreign = Self.foreignKeys[type] else { return }
    for (key, reason) in foreign where section.has(key) {
      problems.report(
        "'\(key)' does not go with 'type: \(type.rawValue)'", at: section.mark(of: key), path: section.path(key),
        hint: "leave it out: \(reason)")
    }
  }

  /// The fields that a frame does not announce itself; those that its type has no use for are reported elsewhere.
  private mutating func fields(
    in section: Section, _ type: TransferFrameType?, _ channel: inout PhysicalChannelParameters
  ) {
    if type != .tm { channel.insertZoneByteCount = integer("insert_zone_length", in: section, 0...65_000) ?? 0 }
    guard type == .aos || type == nil else { return }
    channel.hasHeaderErrorControl = boolean("header_error_control", in: section) ?? false
    channel.hasOperationalControlField = boolean("ocf", in: section) ?? false
    channel.spacecraftIDBitCount = choice("spacecraft_id_bits", in: section, [8, 10]) ?? 8
    channel.firstHeaderPointerBitCount = choice("first_header_pointer_bits", in: section, [11, 16]) ?? 11
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
    let isNarrow = largest == 255
    let hint = isNarrow ? "AOS has 8 bits for it; write 'spacecraft_id_bits: 10' if yours has two more" : nil
    return integer(node, path: path, 0...largest, rangeHint: hint).map { SpacecraftID(UInt16($0)) }
  }

  // MARK: Checks

  /// Reports frames without room for data, and more spacecraft than may have counters of their own.
  mutating func check(_ channel: PhysicalChannelParameters, _ frames: FrameClauses) {
    guard let section = frames.section else { return }
    let capacity = channel.limits.masterChannelCount
    if channel.spacecraftIDs.count > capacity {
      report(
        "\(channel.spacecraftIDs.count) spacecraft are more than limits.master_channel_count (\(capacity))",
        key: "spacecraft_id", in: section, hint: "raise limits.master_channel_count")
    }
    let (fields, needed) = (channel.fieldByteCount, channel.fieldByteCount + channel.smallestDataByteCount)
    guard frames.hasType, channel.frameByteCount < needed else { return }
    report(
      "a frame of \(channel.frameByteCount) bytes has no room for data: its fields take \(fields)",
      key: section.has("length") ? "length" : "max_length", in: section,
      hint: "write at least \(needed), or take fields away")
  }
}

extension PhysicalChannelParameters {
  /// The largest spacecraft identifier that fits into the primary header.
  var largestSpacecraftID: Int {
    switch frameType {
    case .tm: 1023
    case .aos: spacecraftIDBitCount == 8 ? 255 : 1023
    case .uslp: 65_535
    }
  }

  /// The largest number of a virtual channel.
  var largestVirtualChannelID: Int { frameType == .tm ? 7 : 63 }

  /// The shortest data field: one byte, behind the pointer of an M_PDU or B_PDU or the header of a USLP data field.
  var smallestDataByteCount: Int {
    switch frameType {
    case .tm: return 1
    case .aos:
      let hasPointer =
        virtualChannels.isEmpty || virtualChannels.contains { $0.service == .packet || $0.service == .bitstream }
      return hasPointer ? 3 : 1
    // The rules for frames of one length have a pointer of two bytes, those for varying lengths have none.
    case .uslp: return shortestFrameByteCount == nil ? 4 : 2
    }
  }

  /// The bytes of a frame that are not data field: the shortest primary header, and what is configured beside it.
  var fieldByteCount: Int {
    (frameType == .uslp ? 7 : 6) + (hasHeaderErrorControl ? 2 : 0) + insertZoneByteCount
      + (hasOperationalControlField ? 4 : 0) + errorControl.byteCount
  }
}
