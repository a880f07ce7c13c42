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
      lines.append("  suspect: its frames were barely corrected, so that its values may be wrong")
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
    lines.append("completed in \(account.place.text)")
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
    let files = Set(rows.map(\.explanation.place.file))
    let isOneFile = files.count == 1
    var table = TextTable(
      [
        "name", "byte.bit+bits", "encoding", "raw", "rule", "value", "unit", "limits",
        isOneFile ? "line" : "defined at",
      ],
      leftAlignedColumnCount: 9)
    for row in rows {
      let place = row.explanation.place
      table.append([
        Self.clipped(row.name, 40), Self.bits(row.sample), Self.clipped(Self.encoding(row), 28),
        Self.clipped(row.raw.text, 24), Self.clipped(row.explanation.rule, 40), Self.clipped(row.value.text, 36),
        row.unit, Self.standing(row), isOneFile ? "\(place.line)" : "\(Self.fileName(place.file)):\(place.line)",
      ])
    }
    let title = isOneFile ? "values, as \(files.first ?? "") says by line" : "values"
    return ["  \(title)"] + table.lines(indentation: "    ")
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

  private static func standing(_ row: Row) -> String {
    let level = row.level.map(\.name)
    guard let fault = row.fault else { return level ?? "" }
    return level.map { "\($0), \(fault)" } ?? fault
  }

  private static func clipped(_ text: String, _ count: Int) -> String {
    text.count > count ? text.prefix(count - 1) + "…" : text
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
