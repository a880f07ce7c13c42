internal import CCSDSCoding
internal import CCSDSLink

/// What the section `coding` says, before it is held against the frames.
struct CodingClauses {
  var section: Section?
  var errorControl = FrameErrorControl.none
  var randomizer = Randomizer.Sequence.none
  var syncMarker: SyncMarker?
  var markerTolerance = MarkerTolerance()
  var reedSolomon: ReedSolomonClauses?

  func has(_ key: String) -> Bool { section?.has(key) == true }
}

extension StationDecoder {
  private static let codingVocabulary = Vocabulary(
    name: "coding",
    keys: ["sync_marker", "max_bit_errors", "randomizer", "reed_solomon", "error_control"],
    elsewhere: [
      "asm": "write 'sync_marker'", "attached_sync_marker": "write 'sync_marker'",
      "derandomize": "write 'randomizer: short255' or 'randomizer: long131071'",
      "derandomizer": "write 'randomizer: short255' or 'randomizer: long131071'",
      "rs": "write 'reed_solomon: { interleave: 5 }', or the like", "fecf": "write 'error_control: crc16'",
      "crc": "write 'error_control: crc16'", "interleave": "write it below 'reed_solomon'",
      "errors": "write it below 'reed_solomon'", "basis": "write it below 'reed_solomon'",
      "virtual_fill": "write it below 'reed_solomon'", "format": "write it below 'input'",
    ])
  private static let randomizerHints = [
    "short": "write short255", "long": "write long131071", "ccsds": "write short255, the older, or long131071",
    "true": "write short255, the older, or long131071", "yes": "write short255, the older, or long131071",
    "on": "write short255, the older, or long131071", "pn": "write short255, the older, or long131071",
    "false": "write none", "no": "write none", "off": "write none",
  ]
  private static let errorControlHints = [
    "crc": "write crc16", "crc-16": "write crc16", "true": "write crc16", "yes": "write crc16",
    "crc-32": "write crc32", "false": "write none", "no": "write none",
  ]

  /// The section `coding`, each key by itself.
  mutating func coding(in link: Section) -> CodingClauses {
    var coding = CodingClauses()
    guard let section = section("coding", in: link, Self.codingVocabulary) else { return coding }
    coding.section = section
    coding.syncMarker = syncMarker(in: section)
    let isDefault = !section.has("sync_marker")
    coding.markerTolerance = markerTolerance(
      in: section, markerByteCount: (isDefault ? .standard : coding.syncMarker)?.byteCount)
    let sequence = word(
      "randomizer", in: section, Randomizer.Sequence.allCases.map(\.rawValue), instead: Self.randomizerHints)
    coding.randomizer = sequence.flatMap(Randomizer.Sequence.init(rawValue:)) ?? .none
    coding.reedSolomon = reedSolomon(in: section)
    let control = word(
      "error_control", in: section, FrameErrorControl.allCases.map(\.rawValue), instead: Self.errorControlHints)
    coding.errorControl = control.flatMap(FrameErrorControl.init(rawValue:)) ?? .none
    return coding
  }

  /// What the input carries: as it is written; otherwise frames, unless there is a sync marker.
  func format(_ input: InputClauses, _ coding: CodingClauses) -> InputFormat {
    if let format = input.format { return format }
    let hasMarker = coding.has("sync_marker") || (input.hasUnknownFormat && coding.has("max_bit_errors"))
    return hasMarker ? .cadus : .frames
  }

  // MARK: Held against the format and the frames

  /// The coding of a physical channel; nothing where its frames come as they are.
  mutating func channelCoding(
    _ clauses: CodingClauses, _ format: InputFormat, of frames: FrameClauses
  ) -> ChannelCoding? {
    if format == .frames { refuseMarkerKeys(clauses) }
    checkErrorControl(clauses, of: frames)
    var coding = ChannelCoding(frameByteCount: frames.channel.frameByteCount)
    coding.syncMarker = format == .cadus ? clauses.syncMarker ?? .standard : nil
    coding.markerTolerance = format == .cadus ? clauses.markerTolerance : MarkerTolerance()
    coding.randomizer = clauses.randomizer
    coding.reedSolomon = clauses.reedSolomon.flatMap { clauses in
      fitted(clauses, to: frames, markerByteCount: coding.syncMarker?.byteCount ?? 0)
    }
    let hasCode = clauses.reedSolomon != nil
    guard format == .cadus || hasCode || clauses.randomizer != .none else { return nil }
    if let section = frames.section, frames.channel.shortestFrameByteCount != nil {
      let reason = format == .cadus ? "CADUs" : hasCode ? "'reed_solomon'" : "'randomizer'"
      problems.report(
        "frames of varying length do not go with \(reason)", at: section.mark(of: "min_length"),
        path: section.path("min_length"), hint: "write 'length' instead, the same for all frames")
    }
    return coding
  }

  private mutating func refuseMarkerKeys(_ clauses: CodingClauses) {
    guard let section = clauses.section else { return }
    for key in ["sync_marker", "max_bit_errors"] where section.has(key) {
      problems.report(
        "'\(key)' does not go with 'format: frames'", at: section.mark(of: key), path: section.path(key),
        hint: "write 'format: cadus' below 'input', or leave it out")
    }
  }

  private mutating func checkErrorControl(_ clauses: CodingClauses, of frames: FrameClauses) {
    guard let section = clauses.section, clauses.errorControl == .crc32, frames.hasType else { return }
    let type = frames.channel.frameType
    if type == .uslp {
      problems.report(
        "USLP frames end in 16 bits of error control since CCSDS 732.1-B-3, not in 32",
        at: section.valueMark(of: "error_control"), path: section.path("error_control"),
        hint: "write crc16, unless the spacecraft is known to send 32", severity: .warning)
    } else {
      report(
        "error_control crc32 does not go with 'type: \(type.rawValue)'", key: "error_control", in: section,
        hint: "write crc16: only USLP frames have ever had 32 bits")
    }
  }

  /// Reports what only frames can have.
  mutating func refuseCoding(_ clauses: CodingClauses) {
    guard let section = clauses.section else { return }
    for key in ["sync_marker", "max_bit_errors", "reed_solomon"] where section.has(key) {
      refuseWithPackets(key, in: section)
    }
    if clauses.randomizer != .none { refuseWithPackets("randomizer", in: section) }
    if clauses.errorControl != .none {
      report(
        "packets without frames have no error control", key: "error_control", in: section,
        hint: "leave 'coding' out, or write 'format: frames' below 'input'")
    }
  }

  private mutating func refuseWithPackets(_ key: String, in section: Section) {
    problems.report(
      "'\(key)' does not go with 'format: packets'", at: section.mark(of: key), path: section.path(key),
      hint: "leave 'coding' out, or write 'format: cadus' below 'input'")
  }
}
