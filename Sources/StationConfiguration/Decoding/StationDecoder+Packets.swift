internal import CCSDSLink
internal import CCSDSWire

/// What the section `packets` says.
struct PacketClauses {
  /// Longer packets are not believed; absent where it is not written.
  var capacity: Int?
  var parameters = PacketParameters()
}

extension StationDecoder {
  private static let packetsVocabulary = Vocabulary(
    name: "packets", keys: ["max_packet_length", "secondary_header", "time_code", "time_window", "checksum"],
    elsewhere: [
      "max_length": "write 'max_packet_length'", "error_control": "write 'checksum: crc16' or 'checksum: iso16'",
      "crc": "write 'checksum: crc16'", "packet_error_control": "write 'checksum: crc16' or 'checksum: iso16'",
      "secondary_header_type": "write 'secondary_header'", "time": "write 'time_code'",
      "epoch": "write it below 'time_code', such as 'time_code: { cuc: { coarse: 4, fine: 2, epoch: gps } }'",
    ])
  private static let checksumHints = [
    "crc": "write crc16", "crc-16": "write crc16", "true": "write crc16", "yes": "write crc16", "iso": "write iso16",
    "crc32": "write crc16: packets have no other", "false": "write none", "no": "write none", "off": "write none",
  ]

  /// The section `packets` of a link.
  mutating func packets(in link: Section) -> PacketClauses {
    var clauses = PacketClauses()
    guard let section = section("packets", in: link, Self.packetsVocabulary) else { return clauses }
    clauses.capacity = integer("max_packet_length", in: section, 7...PacketStreamParameters.largestPacketByteCount)
    clauses.parameters.secondaryHeader = secondaryHeader(in: section)
    clauses.parameters.timeCode = timeCode(in: section)
    let checksum = word(
      "checksum", in: section, PacketErrorControl.allCases.map(\.rawValue), instead: Self.checksumHints)
    clauses.parameters.errorControl = checksum.flatMap(PacketErrorControl.init(rawValue:)) ?? .none
    timeWindow(in: section, &clauses.parameters)
    check(clauses.parameters, in: section)
    return clauses
  }

  /// Reports what does not go together.
  private mutating func check(_ parameters: PacketParameters, in section: Section) {
    if case .cfs = parameters.secondaryHeader, let timeCode = parameters.timeCode, !timeCode.isOfCFS {
      report(
        "secondary_header cfs has a time of 4 and 2 bytes without a P-field", key: "time_code", in: section,
        hint: "write 'time_code: { cuc: { coarse: 4, fine: 2, epoch: gps } }' with the epoch of your mission")
    }
    if section.has("time_window"), !section.has("time_code") {
      problems.report(
        "'time_window' does not go without 'time_code'", at: section.mark(of: "time_window"),
        path: section.path("time_window"), hint: "write the 'time_code' of the packets, or leave it out")
    }
  }

  // MARK: Secondary header

  /// What packets begin with: a word, or a section of one key where it differs from what is usual.
  private mutating func secondaryHeader(in packets: Section) -> PacketSecondaryHeader {
    guard let node = packets.value("secondary_header") else { return .none }
    guard case .mapping = node.content else {
      let hints = [
        "pus": "write pus_c, or pus_a for the older issue", "pusc": "write pus_c", "pusa": "write pus_a",
        "cfe": "write cfs", "ecss": "write pus_c, or pus_a for the older issue", "false": "write none",
        "no": "write none",
      ]
      switch word("secondary_header", in: packets, ["none", "pus_a", "pus_c", "cfs"], instead: hints) {
      case "pus_a": return .pusA(.usual)
      case "pus_c": return .pusC
      case "cfs": return .cfs(CFSTelemetryHeader.Layout())
      default: return .none
      }
    }
    let vocabulary = Vocabulary(
      name: "secondary_header", keys: ["pus_a", "cfs"],
      elsewhere: ["pus_c": "write 'secondary_header: pus_c': there is one form of it", "pus": "write 'pus_a'"])
    guard let section = section("secondary_header", in: packets, vocabulary),
      let key = onlyKey(of: section, among: vocabulary.keys)
    else { return .none }
    return key == "pus_a" ? pusA(in: section) : cfs(in: section)
  }

  private mutating func pusA(in section: Section) -> PacketSecondaryHeader {
    let vocabulary = Vocabulary(name: "pus_a", keys: ["subcounter", "destination_bits"])
    guard let section = self.section("pus_a", in: section, vocabulary) else { return .none }
    let bits = choice("destination_bits", in: section, [0, 8, 16]) ?? 0
    let layout = PUSATelemetryHeader.Layout(
      hasPacketSubcounter: boolean("subcounter", in: section) ?? true, destinationByteCount: bits / 8)
    return .pusA(layout ?? .usual)
  }

  private mutating func cfs(in section: Section) -> PacketSecondaryHeader {
    let vocabulary = Vocabulary(name: "cfs", keys: ["extended", "spare"])
    guard let section = self.section("cfs", in: section, vocabulary) else { return .none }
    return .cfs(
      CFSTelemetryHeader.Layout(
        isExtended: boolean("extended", in: section) ?? false, hasSpare: boolean("spare", in: section) ?? true))
  }

  /// The key of a section that has to have exactly one.
  mutating func onlyKey(of section: Section, among keys: [String]) -> String? {
    let written = keys.filter(section.has)
    if written.count == 1 { return written[0] }
    let choice = keys.map { "'\($0)'" }.joined(separator: ", ")
    if written.isEmpty {
      // Whatever else is there was reported already.
      guard section.isEmpty else { return nil }
      reportMissing(keys[0], in: section, hint: "write one of \(choice)")
    } else {
      problems.report(
        "'\(written[0])' and '\(written[1])' do not go together", at: section.mark(of: written[1]),
        path: section.path(written[1]), hint: "keep one of the two")
    }
    return nil
  }

  // MARK: Window

  private mutating func timeWindow(in packets: Section, _ parameters: inout PacketParameters) {
    let vocabulary = Vocabulary(
      name: "time_window", keys: ["from", "until"],
      elsewhere: ["start": "write 'from'", "after": "write 'from'", "to": "write 'until'", "end": "write 'until'"])
    guard let section = section("time_window", in: packets, vocabulary) else { return }
    parameters.earliestTime = instant("from", in: section)?.instant
    parameters.latestTime = instant("until", in: section)?.instant
    if !section.has("from"), !section.has("until") {
      reportMissing("from", in: section, hint: "write 'time_window: { from: 2024-01-01, until: 2040-01-01 }'")
    }
    if let earliest = parameters.earliestTime, let latest = parameters.latestTime, earliest > latest {
      report("the window ends before it begins", key: "until", in: section, hint: "write the later of the two here")
    }
  }
}

extension TimeCode {
  /// Whether it is the time that the core Flight System writes.
  fileprivate var isOfCFS: Bool {
    guard case .implicit(.unsegmented(let code)) = self else { return false }
    return code.coarseByteCount == 4 && code.fineByteCount == 2 && code.fineUnitPicoseconds == nil
  }
}
