import CCSDSLink
import Ingest
import LinkHealth

/// Why units of a link were rejected for one reason, with the last of them and what would have accepted them.
struct RejectionExplanation {
  /// As much as is shown of the beginning of a unit.
  private static let headByteCount = 256
  /// Bytes in a line; what is shown of the rest of a unit are whole lines.
  private static let rowByteCount = 16

  let entry: RejectionRecord.Entry
  let advice: SettingAdvice?
  private let rule: RejectionRule
  private let rejections: [Rejection]

  init(_ entry: RejectionRecord.Entry, _ status: LinkStatus, _ advice: SettingAdvice?) {
    self.entry = entry
    self.advice = advice
    let parameters = status.snapshot.parameters
    rule = RejectionRule(entry.reason, parameters)
    let words = RejectionWords(parameters, nil)
    rejections = entry.units.map { words.kept($0, entry.reason) }
  }

  /// For a program: one object.
  var json: String {
    var json = JSONWriter()
    json.object { root in
      root.member("stage", entry.reason.stage.rawValue)
      root.member("reason", entry.reason.name)
      root.member("count", entry.count)
      root.member("passed_over", entry.passedOverCount)
      root.member("rule", rule.text)
      if let hint = rejections.first?.hint, !hint.isEmpty { root.member("hint", hint) }
      if let advice { root.object("nearest") { write(advice, to: &$0) } }
      root.array("units") { array in
        for (unit, rejection) in zip(entry.units, rejections) { array.object { write(unit, rejection, to: &$0) } }
      }
    }
    return json.text
  }

  private func write(_ advice: SettingAdvice, to json: inout JSONWriter) {
    json.array("settings") { array in
      for setting in advice.settings {
        array.object {
          $0.member("key", setting.key)
          if let value = setting.value { $0.member("value", value) } else { $0.member("leave_out", true) }
        }
      }
    }
    json.member("accepts", advice.acceptedCount)
    json.member("of", advice.triedCount)
    json.member("proof", advice.proof.name)
    json.member("words", [advice.proofText, advice.remark].filter { !$0.isEmpty }.joined(separator: "; "))
  }

  private func write(_ unit: RejectedUnit, _ rejection: Rejection, to json: inout JSONWriter) {
    json.member("number", unit.number)
    if let time = unit.receivedAt { json.member("time", ReceptionTime(nanosecondsSince1970: time).rfc3339) }
    if let source = unit.source { json.member("source", "\(source)") }
    json.member("bytes", unit.byteCount)
    json.member("kept_bytes", unit.bytes.count)
    json.member("what", rejection.what)
    if !rejection.expected.isEmpty { json.member("expected", rejection.expected) }
    if !rejection.seen.isEmpty { json.member("seen", rejection.seen) }
    if !rejection.remarks.isEmpty { json.member("remarks", rejection.remarks) }
    let marks = rule.marks(in: unit)
    json.array("marks") { array in
      for mark in marks {
        array.object {
          $0.member("offset", mark.lowerBound)
          $0.member("bytes", mark.count)
        }
      }
    }
    json.array("dump") { array in
      for range in Self.shown(of: unit, marks) {
        array.object {
          $0.member("offset", range.lowerBound)
          $0.member("hex", unit.bytes[range].map(Digits.hex).joined())
        }
      }
    }
  }

  /// The beginning of a unit, and the lines behind it that hold something marked.
  private static func shown(of unit: RejectedUnit, _ marks: [Range<Int>]) -> [Range<Int>] {
    let end = unit.bytes.count
    var ranges = [0..<min(end, headByteCount)]
    for mark in marks where mark.upperBound > headByteCount {
      let start = max(headByteCount, mark.lowerBound / rowByteCount * rowByteCount)
      // Of what is too long its beginning will do.
      let rows = min(headByteCount, mark.upperBound - start + rowByteCount - 1) / rowByteCount * rowByteCount
      ranges.append(start..<min(end, start + max(rowByteCount, rows)))
    }
    return ranges.filter { !$0.isEmpty }
  }
}

extension SettingAdvice.Proof {
  /// The name in the document.
  fileprivate var name: String {
    switch self {
    case .none: "none"
    case .content: "content"
    case .check: "check"
    }
  }
}
