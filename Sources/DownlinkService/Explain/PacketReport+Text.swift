import CCSDSLink
import LinkHealth
import MissionDatabase

/// A packet for a person.
extension PacketReport {
  /// One after the other: what it is, where it comes from, its headers, how it was decoded, and its values.
  var lines: [String] {
    var lines = [title] + origin.map { "  \($0)" }
    for section in sections { lines += DissectionText.lines(section) }
    let time = onboardTime
    lines.append("  time on board: \(time.text.map { "\($0), by " } ?? "")\(time.rule)")
    if account.decoding != nil {
      lines.append("  decisions")
      lines += decisions.map { "    \($0)" }
      lines += values
    }
    lines.append("  \(account.decoding == nil ? "values" : "ended"): \(ending)")
    if let decoding = account.decoding, decoding.about.isStored {
      lines.append("  stored on board, and sent later: it raises no alarm")
    }
    if account.decoding?.about.stamp.isSuspect == true {
      lines.append(
        "  suspect: its frames were barely corrected, or a header was mended, so that its values may be wrong")
    }
    return lines
  }

  private var title: String {
    var parts = ["packet \(account.completion.number)"]
    if let number = account.numberOfProcess, let process = account.applicationProcess {
      parts[0] += " (\(number) of APID \(process))"
    }
    if let process = account.applicationProcess {
      parts.append(process == 2047 ? "idle" : "APID \(process)")
    } else {
      parts.append(observation?.isIdle == true ? "idle Encapsulation Packet" : "Encapsulation Packet")
    }
    if let count = account.sequenceCount { parts.append("sequence count \(count)") }
    parts.append(Digits.bytes(account.bytes.count))
    if let rejection { parts.append("REJECTED: \(rejection.name)") }
    return parts.joined(separator: ", ")
  }

  private var origin: [String] {
    let provenance = account.completion.provenance
    var lines = ["link \(link)" + (station.map { ", station \($0)" } ?? "") + (channelName.map { ", \($0)" } ?? "")]
    lines += places
    if channelName != nil { lines.append(frames(provenance)) }
    if let first = provenance.first.time, let last = provenance.last.time {
      lines.append(
        first == last
          ? "received \(first.rfc3339)" : "received \(first.rfc3339) (first byte) to \(last.rfc3339) (last byte)")
    }
    if provenance.repair.capacity > 0 {
      let repair = provenance.repair
      lines.append(
        "\(Digits.plural(Int(repair.correctedSymbolCount), "symbol")) corrected, at most "
          + "\(repair.worstCodewordCount) of \(repair.capacity) in a codeword")
    }
    if !continuity.isEmpty { lines.append("sequence count: \(continuity)") }
    return lines
  }

  /// The units that it lies in, and where in them.
  private var places: [String] {
    let completion = account.completion
    guard let place = completion.place else { return ["completed in \(completion.unit.text)"] }
    if let extent = place.extent { return ["completed in \(Self.text(of: place.last)): \(extent) of it"] }
    return [
      "begins in \(Self.text(of: place.first)): at byte \(place.first.offset) of it",
      "completed in \(Self.text(of: place.last)): at byte \(place.last.offset) of it",
    ]
  }

  private static func text(of byte: PacketPlace.Byte) -> String {
    byte.unit.text + (byte.frameIndex > 1 ? ", frame \(byte.frameIndex) of it" : "")
  }

  private func frames(_ provenance: PacketProvenance) -> String {
    let counts =
      provenance.frameCount == 1
      ? "in one frame, count \(provenance.first.count)"
      : "in \(provenance.frameCount) frames, counts \(provenance.first.count) to \(provenance.last.count)"
    return counts + (provenance.first.followsGap ? "; frames are missing before the first" : "; no gap before it")
  }

  // MARK: Values

  private var values: [String] {
    let rows = rows
    guard !rows.isEmpty else { return ["  no values"] }
    let files = Set(rows.flatMap { [$0.explanation.place.file, $0.explanation.parameterPlace.file] })
    let isOneFile = files.count == 1
    let names = names(of: rows)
    var table = TextTable(
      ["name", "byte.bit+bits", "hex", "encoding", "raw", "rule", "value", "unit", "limits", "defined at"],
      leftAlignedColumnCount: 10)
    for (row, name) in zip(rows, names) {
      let place = { (place: DatabasePlace) in
        isOneFile ? "line \(place.line)" : "\(Self.fileName(place.file)):\(place.line)"
      }
      let rule = row.explanation.rule
      table.append([
        name, Self.bits(row.sample), row.digits, Self.encoding(row), Self.text(of: row.raw, row.sample, isRaw: true),
        rule.isEmpty ? "" : "\(rule) (\(place(row.explanation.place)))",
        Self.text(of: row.value, row.sample, isRaw: false), row.unit, Self.standing(row),
        place(row.explanation.parameterPlace),
      ])
    }
    let file = isOneFile ? ", with the lines of \(files.first ?? "") where they and their rules are defined" : ""
    return ["  values\(file)"] + table.lines(indentation: "    ", widestColumn: 48)
  }

  /// The shortest names that tell the parameters of the database apart.
  private func names(of rows: [Row]) -> [String] {
    guard let mission else { return rows.map(\.name) }
    let shortest = ShortestNames.of(mission.context.catalog.names)
    return rows.map { row in
      let path = mission.context.catalog.names[Int(row.sample.slot)]
      let base = path.hasSuffix("[]") ? path.dropLast(2) : path[...]
      let name = shortest[Int(row.sample.slot)]
      return "\(name.hasSuffix("[]") ? name.dropLast(2) : name)\(row.name.dropFirst(base.count))"
    }
  }

  /// A number that is none, or not finite, as people write it.
  private static func text(of value: RenderedValue, _ sample: ParameterSample, isRaw: Bool) -> String {
    let form = isRaw ? sample.rawForm : sample.engineeringForm
    let isAbsent = !isRaw && (sample.validity == .notCalibrated || sample.validity == .noLabel)
    guard value == .absent, form == .float, !isAbsent else { return value.text }
    let number = Double(bitPattern: isRaw ? sample.rawBits : sample.engineeringBits)
    return number.isNaN ? "NaN" : number < 0 ? "-infinity" : "infinity"
  }

  /// Without its length, which stands beside it.
  private static func encoding(_ row: Row) -> String {
    let suffix = ", \(row.sample.bitCount) bits"
    let text = row.explanation.encoding
    return text.hasSuffix(suffix) ? String(text.dropLast(suffix.count)) : text
  }

  private static func bits(_ sample: ParameterSample) -> String {
    "\(Digits.place(Int(sample.bitOffset)))+\(sample.bitCount)"
  }

  /// Such as `warning: outside -6000 to 6000`, or `normal: outside -6000 to 6000 (warning), 1 of 2 violations`.
  private static func standing(_ row: Row) -> String {
    guard let standing = row.standing else { return row.fault ?? "" }
    var text = standing.level.name
    if let violation = standing.violation {
      text += ": \(violation.text)" + (violation.level == standing.level ? "" : " (\(violation.level.name))")
    }
    if standing.isCounting {
      text +=
        "\(standing.violation == nil ? ": " : ", ")\(standing.violationCount) of "
        + Digits.plural(standing.minimumViolations, "violation")
    } else if standing.level != .normal, standing.conformanceCount > 0 {
      text += ": \(standing.conformanceCount) of \(Digits.plural(standing.minimumConformance, "good value"))"
    }
    return [text, row.fault].compactMap(\.self).joined(separator: ", ")
  }

  private static func fileName(_ path: String) -> Substring {
    path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
  }
}

extension RenderedValue {
  /// For a person; control characters of texts as `·`.
  var text: String {
    switch self {
    case .integer(let number): String(number)
    case .unsigned(let number): String(number)
    case .number(let number): String(describing: number)
    case .single(let number): String(describing: number)
    case .flag(let flag): flag ? "true" : "false"
    case .text(let text):
      String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "·" : $0 }))
    case .absent: "-"
    }
  }
}
