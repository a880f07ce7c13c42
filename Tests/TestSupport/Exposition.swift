/// The metrics of a document, read by the rules of its format, without any code of the daemon.
///
/// Standard: "Exposition formats" of the Prometheus documentation, version 0.0.4; OpenMetrics 1.0.0.
package struct Exposition {
  /// Which rules.
  package enum Rules {
    case text
    case openMetrics
  }

  /// A line that is no comment.
  package struct Sample: Equatable {
    package var name: String
    package var labels: [(name: String, value: String)]
    package var value: Double

    package static func == (one: Sample, other: Sample) -> Bool {
      one.name == other.name && one.value == other.value
        && one.labels.elementsEqual(other.labels) { $0.name == $1.name && $0.value == $1.value }
    }

    /// The value of a label; nothing where there is no such label.
    package func label(_ name: String) -> String? { labels.first { $0.name == name }?.value }
  }

  /// A metric with all its samples.
  package struct Family {
    package var name: String
    package var type = ""
    package var help = ""
    package var samples: [Sample] = []
  }

  /// In their order.
  package private(set) var families: [Family] = []
  /// What breaks a rule, with the line it stands in.
  package private(set) var faults: [String] = []
  private let rules: Rules
  private var lineNumber = 0

  /// Reads a document.
  package init(_ text: String, _ rules: Rules) {
    self.rules = rules
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.popLast() != "" { faults.append("the last line does not end") }
    if rules == .openMetrics, lines.popLast() != "# EOF" { faults.append("no # EOF at the end") }
    for line in lines {
      lineNumber += 1
      if line.hasPrefix("# ") { readComment(line) } else { readSample(line) }
    }
    for family in families { check(family) }
    let names = families.map(\.name)
    if Set(names).count != names.count { faults.append("a family stands there twice") }
  }

  /// The samples of a name.
  package func samples(_ name: String) -> [Sample] { families.flatMap(\.samples).filter { $0.name == name } }

  /// The sum over the samples of a name with these labels.
  package func sum(_ name: String, _ labels: [String: String] = [:]) -> Double {
    samples(name).filter { sample in labels.allSatisfy { sample.label($0.key) == $0.value } }
      .reduce(0) { $0 + $1.value }
  }

  private mutating func fail(_ reason: String) { faults.append("line \(lineNumber): \(reason)") }

  // MARK: Lines

  private mutating func readComment(_ line: String) {
    let parts = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 4, Self.isName(parts[2]) else { return fail("neither HELP nor TYPE") }
    if families.last?.name != parts[2] { families.append(Family(name: parts[2])) }
    guard var family = families.popLast() else { return }
    switch parts[1] {
    case "HELP" where family.help.isEmpty && family.samples.isEmpty:
      var cursor = Cursor(parts[3])
      family.help = cursor.unescaped(until: nil, quotes: rules == .openMetrics) ?? ""
      if family.help.isEmpty { fail("no help") }
    case "TYPE" where family.type.isEmpty && family.samples.isEmpty:
      family.type = parts[3]
      let types =
        rules == .text
        ? ["counter", "gauge", "histogram", "summary", "untyped"]
        : ["counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset", "unknown"]
      if !types.contains(parts[3]) { fail("no such type") }
    default: fail("out of order: \(line)")
    }
    families.append(family)
  }

  private mutating func readSample(_ line: String) {
    var cursor = Cursor(line)
    let name = cursor.take { $0 != "{" && $0 != " " }
    guard Self.isName(name) else { return fail("no name: \(line)") }
    var sample = Sample(name: name, labels: [], value: 0)
    if cursor.skip("{") {
      repeat {
        let label = cursor.take { $0 != "=" }
        guard Self.isLabel(label), cursor.skip("="), cursor.skip("\""),
          let value = cursor.unescaped(until: "\"", quotes: true)
        else { return fail("no label: \(line)") }
        sample.labels.append((label, value))
      } while cursor.skip(",")
      guard cursor.skip("}") else { return fail("labels do not end: \(line)") }
    }
    guard cursor.skip(" "), let value = Self.number(cursor.rest) else { return fail("no value: \(line)") }
    sample.value = value
    if Set(sample.labels.map(\.name)).count != sample.labels.count { fail("a label stands there twice") }
    guard var family = families.popLast() else { return fail("a sample of nothing") }
    if !Self.suffixes(family.type, rules).contains(where: { family.name + $0 == name }) {
      fail("\(name) is no sample of \(family.name), which is a \(family.type)")
    }
    family.samples.append(sample)
    families.append(family)
  }

  /// What may stand behind the name of a family.
  private static func suffixes(_ type: String, _ rules: Rules) -> [String] {
    switch (type, rules) {
    case ("histogram", _): ["_bucket", "_sum", "_count"]
    case ("counter", .openMetrics): ["_total"]
    case ("info", .openMetrics): ["_info"]
    default: [""]
    }
  }

  // MARK: Families

  private mutating func check(_ family: Family) {
    if family.type.isEmpty || family.help.isEmpty { faults.append("\(family.name): no type or no help") }
    let keys = family.samples.map { $0.name + $0.labels.map { "\u{1}\($0.name)\u{2}\($0.value)" }.sorted().joined() }
    if Set(keys).count != keys.count { faults.append("\(family.name): a sample stands there twice") }
    for sample in family.samples where family.type == "counter" || family.type == "histogram" {
      if !(sample.value >= 0) { faults.append("\(sample.name): \(sample.value)") }
    }
    for sample in family.samples where family.type == "info" && sample.value != 1 {
      faults.append("\(sample.name): \(sample.value)")
    }
    if rules == .openMetrics,
      ["_total", "_created", "_bucket", "_sum", "_count"].contains(where: family.name.hasSuffix)
    {
      faults.append("\(family.name): a family must not be called so")
    }
    if family.type == "histogram" { checkHistograms(family) }
  }

  private mutating func checkHistograms(_ family: Family) {
    func key(_ sample: Sample) -> String {
      sample.labels.filter { $0.name != "le" }.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
    }
    for (labels, samples) in Dictionary(grouping: family.samples, by: key) {
      let buckets = samples.filter { $0.name.hasSuffix("_bucket") }
      let bounds = buckets.compactMap { $0.label("le").flatMap(Self.number) }
      let counts = buckets.map(\.value)
      let total = samples.first { $0.name.hasSuffix("_count") }?.value
      let isWhole =
        bounds.count == buckets.count && bounds.last == .infinity && bounds == bounds.sorted()
        && Set(bounds).count == bounds.count && counts == counts.sorted() && counts.last == total
        && samples.contains { $0.name.hasSuffix("_sum") }
      if !isWhole { faults.append("\(family.name){\(labels)}: no histogram") }
    }
  }

  // MARK: Words

  private static func isName(_ text: String) -> Bool { text.wholeMatch(of: /[a-zA-Z_:][a-zA-Z0-9_:]*/) != nil }
  private static func isLabel(_ text: String) -> Bool { text.wholeMatch(of: /[a-zA-Z_][a-zA-Z0-9_]*/) != nil }

  private static func number(_ text: String) -> Double? {
    switch text {
    case "NaN": .nan
    case "+Inf": .infinity
    case "-Inf": -.infinity
    default: text.wholeMatch(of: /[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?/) == nil ? nil : Double(text)
    }
  }

  /// A place in a line.
  private struct Cursor {
    private var characters: Substring.UnicodeScalarView

    init(_ text: String) { characters = Substring(text).unicodeScalars }

    var rest: String { String(characters) }

    mutating func take(while isWanted: (Unicode.Scalar) -> Bool) -> String {
      let taken = characters.prefix(while: isWanted)
      characters = characters.dropFirst(taken.count)
      return String(taken)
    }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
      guard characters.first == scalar else { return false }
      characters.removeFirst()
      return true
    }

    /// A text in which a backslash stands before what would end it; nothing when it does not end, or has another.
    mutating func unescaped(until end: Unicode.Scalar?, quotes: Bool) -> String? {
      var text = String.UnicodeScalarView()
      while let scalar = characters.popFirst() {
        if scalar == end { return String(text) }
        guard scalar == "\\" else {
          text.append(scalar)
          continue
        }
        switch characters.popFirst() {
        case "\\": text.append("\\")
        case "n": text.append("\n")
        case "\"" where quotes: text.append("\"")
        default: return nil
        }
      }
      return end == nil ? String(text) : nil
    }
  }
}
