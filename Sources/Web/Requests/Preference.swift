package import LinkHealth

/// What a client would rather have, by the header fields `Accept` and `Accept-Encoding`.
///
/// Standard: RFC 9110 §12.
package enum Preference {
  /// The format of metrics: OpenMetrics only for those who ask for it by name and do not prefer plain text.
  package static func metricsFormat(accept fields: [String]) -> ExpositionFormat {
    let ranges = fields.flatMap(items)
    func quality(_ type: String, version: String) -> Double? {
      ranges.filter { $0.name == type && ($0.parameters["version"] ?? version) == version }.map(\.quality).max()
    }
    let open = quality("application/openmetrics-text", version: "1.0.0") ?? 0
    let wildcards = ranges.filter { $0.name == "text/*" }.map(\.quality).max()
    let plain =
      quality("text/plain", version: "0.0.4") ?? wildcards ?? ranges.filter { $0.name == "*/*" }.map(\.quality).max()
    return open > 0 && open >= plain ?? 0 ? .openMetrics : .text
  }

  /// Whether the answer may be packed with gzip: only for those who say so.
  package static func takesGzip(acceptEncoding fields: [String]) -> Bool {
    let codings = fields.flatMap(items)
    let named = codings.first { $0.name == "gzip" || $0.name == "x-gzip" } ?? codings.first { $0.name == "*" }
    return named.map { $0.quality > 0 } ?? false
  }

  private struct Item {
    var name: String
    var parameters: [String: String] = [:]
    var quality = 1.0
  }

  private static func items(_ field: String) -> [Item] {
    field.split(separator: ",").compactMap { text in
      let parts = text.split(separator: ";").map { trimmed($0).lowercased() }
      guard let name = parts.first, !name.isEmpty else { return nil }
      var item = Item(name: name)
      for part in parts.dropFirst() {
        let sides = part.split(separator: "=", maxSplits: 1)
        guard sides.count == 2 else { continue }
        let (name, value) = (trimmed(sides[0]), trimmed(sides[1]).filter { $0 != "\"" })
        if name == "q" {
          item.quality = Double(value).flatMap { (0...1).contains($0) ? $0 : nil } ?? 0
        } else {
          item.parameters[name] = value
        }
      }
      return item
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    let rest = text.drop(while: isBlank)
    return String(rest.reversed().drop(while: isBlank).reversed())
  }
}
