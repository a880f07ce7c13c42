import LinkHealth

extension Rejection {
  /// For a person: where, what, why, and its first bytes.
  var lines: [String] {
    var place = place?.text ?? "somewhere before"
    if let frameIndex { place += ", frame \(frameIndex) of it" }
    var lines = ["\(place): \(Self.title(stage)) (\(reason))", "  \(what)"]
    if !expected.isEmpty { lines.append("  expected  \(expected)") }
    if !seen.isEmpty { lines.append("  seen      \(seen)") }
    lines += remarks.map { "  \($0)" }
    if !hint.isEmpty { lines.append("  hint: \(hint)") }
    if !bytes.isEmpty { lines += DissectionText.lines(Dissection.ByteDump(of: bytes[...], totalByteCount: byteCount)) }
    return lines
  }

  /// How far it came, for a person.
  fileprivate static func name(of stage: Stage, hasFrames: Bool) -> String {
    switch stage {
    case .zone: hasFrames ? "packet zone of the frame data field" : "bytes of packets"
    case .serviceData: "service data"
    case .datagram, .stream, .codeblock, .frame, .packet, .values: stage.rawValue
    }
  }

  private static func title(_ stage: Stage) -> String {
    switch stage {
    case .datagram: "datagram rejected"
    case .stream: "bytes of the stream skipped"
    case .codeblock: "codeblock without a frame"
    case .frame: "frame rejected"
    case .zone: "bytes of packets discarded"
    case .serviceData: "service data discarded"
    case .packet: "packet rejected"
    case .values: "packet not decoded as a whole"
    }
  }

  /// For a program.
  var json: String {
    var json = JSONWriter()
    json.object { write(to: &$0) }
    return json.text
  }

  private func write(to json: inout JSONWriter) {
    json.member("class", "REJECTED")
    json.member("stage", stage.rawValue)
    json.member("reason", reason)
    place?.write(to: &json)
    if let frameIndex { json.member("frame_of_unit", frameIndex) }
    json.member("what", what)
    if !expected.isEmpty { json.member("expected", expected) }
    if !seen.isEmpty { json.member("seen", seen) }
    if !remarks.isEmpty { json.member("remarks", remarks) }
    if !hint.isEmpty { json.member("hint", hint) }
    json.member("bytes", byteCount)
    json.member("hex", bytes.map(Digits.hex).joined())
  }
}

extension UnitPlace {
  func write(to json: inout JSONWriter) {
    if let number { json.member("unit", number) }
    switch position {
    case .byte(let offset): json.member("byte_offset", offset)
    case .record(let number): json.member("record", number)
    }
    if let time { json.member("time", time) }
    json.member("unit_bytes", byteCount)
  }
}

extension RejectionTally {
  /// Codeblocks where there are some, else what was received one by one.
  private static func unitCount(_ ledger: LossLedger) -> Int {
    ledger.codeblocks.received > 0 ? ledger.codeblocks.received : ledger.datagrams.received
  }

  /// For a person: how many there are, by reason, and how many of them were not told of.
  func lines(_ ledger: LossLedger) -> [String] {
    var carried = Digits.plural(Self.unitCount(ledger), "unit")
    if ledger.frames.received > 0 { carried += ", \(Digits.plural(ledger.frames.received, "frame"))" }
    carried += ", \(Digits.plural(ledger.packets.completed, "packet"))"
    guard count > 0 else { return ["nothing was rejected or discarded: \(carried)"] }
    var table = TextTable(["stage", "reason", "times", "bytes", "not shown"], leftAlignedColumnCount: 2)
    for entry in sorted {
      let rest = entry.count - entry.shownCount
      table.append([
        Rejection.name(of: entry.stage, hasFrames: ledger.frames.received > 0), entry.reason, entry.count.grouped,
        entry.byteCount > 0 ? entry.byteCount.grouped : "",
        rest > 0 ? rest.grouped : "",
      ])
    }
    let rest = omittedCount > 0 ? "; \(omittedCount.grouped) of them are not shown, see --limit" : ""
    return ["rejected or discarded \(count.grouped) times, of \(carried)\(rest)"] + table.lines()
  }

  /// For a program: the last line.
  func json(_ ledger: LossLedger) -> String {
    var json = JSONWriter()
    json.object { root in
      root.member("class", "REJECTIONS")
      root.member("units", Self.unitCount(ledger))
      root.member("frames", ledger.frames.received)
      root.member("packets", ledger.packets.completed)
      root.member("count", count)
      root.member("not_shown", omittedCount)
      root.array("reasons") { array in
        for entry in sorted {
          array.object {
            $0.member("stage", entry.stage.rawValue)
            $0.member("reason", entry.reason)
            $0.member("count", entry.count)
            if entry.byteCount > 0 { $0.member("bytes", entry.byteCount) }
            $0.member("not_shown", entry.count - entry.shownCount)
          }
        }
      }
    }
    return json.text
  }
}
