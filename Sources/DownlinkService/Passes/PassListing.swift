import CCSDSWire
import LinkHealth
import Publish

/// The reports of a directory, a line for each.
package struct PassListing {
  private let heads: [JSONValue]
  private let texts: [String]

  /// Reads the reports of a directory: that of a replay, or `passes` in the state directory of a daemon.
  ///
  /// - Throws: When there is no such directory.
  package init(directory path: String) throws(ServiceError) {
    let folder = try PassFolder(reading: path)
    var heads: [JSONValue] = []
    var texts: [String] = []
    for id in folder.ids {
      guard let bytes = folder.read(id + PassFolder.Form.json.rawValue, atMost: 32 << 20),
        let value = try? JSONReader.read(bytes)
      else { continue }
      heads.append(value)
      texts.append(String(decoding: bytes, as: UTF8.self).filter { $0 != "\n" })
    }
    (self.heads, self.texts) = (heads, texts)
  }

  /// Each report as a JSON object on a line.
  package var jsonLines: [String] { texts }

  /// A table for a person.
  package var lines: [String] {
    guard !heads.isEmpty else { return ["no reports of passes"] }
    var table = TextTable(["pass", "state", "acquisition", "seconds", "frames", "missing", "complete", "label"])
    for head in heads {
      let isSilent = head["state"]?.string == "silent"
      let begin = head["aos"]?.string ?? head["announced"]?["start"]?.string ?? "-"
      table.append([
        head["id"]?.string ?? "-", isSilent ? "silent" : head["ended_by"]?.string ?? "-", String(begin.prefix(19)),
        Self.number(head["duration_seconds"]), Self.number(head["good_frames"]), Self.number(head["missing_frames"]),
        PassWords.percent(Self.double(head["completeness"])),
        PassWords.printable(head["announced"]?["label"]?.string ?? ""),
      ])
    }
    return table.lines()
  }

  private static func number(_ value: JSONValue?) -> String {
    switch value {
    case .integer(let number): number.grouped
    case .number(let number): Int(number.rounded()).grouped
    case .null, .bool, .string, .array, .object, nil: "-"
    }
  }

  private static func double(_ value: JSONValue?) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .number(let number): number
    case .null, .bool, .string, .array, .object, nil: nil
    }
  }
}

extension Replay.Outcome {
  /// The reports of its passes for a person.
  package var passLines: [String] {
    guard !passes.isEmpty else { return ["no pass"] }
    return Array(passes.map { PassText($0).lines }.joined(separator: ["", ""]))
  }

  /// The same for programs: a JSON object on a line for each.
  package var passJSONLines: [String] {
    let leapSeconds = LeapSeconds().table
    return passes.map { $0.json(leapSeconds) }
  }

  /// What is missing of each: a JSON object on a line.
  package var passGapLines: [String] {
    let leapSeconds = LeapSeconds().table
    return passes.map { GapList($0).json(leapSeconds) }
  }
}
