import Synchronization

/// What came of comparing one item with its truth.
struct Comparison {
  /// What should be equal and is not: a failure.
  private(set) var differences: [String] = []
  /// How many figures were equal.
  private(set) var agreedCount = 0
  /// Where our rule of counting is another one on purpose, and our figures follow from the truth's by arithmetic.
  private(set) var rules: [String] = []
  /// Why our figures cannot be the truth's, although all of them are as expected.
  private(set) var refusal: String?

  mutating func expect<Value: Equatable>(_ what: String, _ ours: Value, _ truth: Value) {
    if ours == truth { agreedCount += 1 } else { differences.append("\(what): \(ours), truth \(truth)") }
  }

  mutating func note(rule: String) {
    if !rules.contains(rule) { rules.append(rule) }
  }

  mutating func note(refusal: String) { self.refusal = refusal }
}

/// Gathers what came of every item, and tells when the last of them is done.
enum CorpusScore {
  private static let results = Mutex<[String: Comparison]>([:])

  static func note(_ item: String, _ comparison: Comparison) {
    let complete = results.withLock { results in
      results[item] = comparison
      return results.count == Corpus.itemCount ? results : nil
    }
    if let complete { tell(complete) }
  }

  private static func tell(_ results: [String: Comparison]) {
    let agreeing = results.values.filter { $0.differences.isEmpty && $0.refusal == nil }
    let byRule = agreeing.filter { !$0.rules.isEmpty }.count
    var lines = [
      "corpus: agreed \(agreeing.count) of \(results.count): \(agreeing.count - byRule) figure by figure, "
        + "\(byRule) by a rule of ours that is stated"
    ]
    for (item, comparison) in results.sorted(by: { $0.key < $1.key }) {
      if !comparison.differences.isEmpty {
        lines.append("corpus: \(item) differs: \(comparison.differences.joined(separator: "; "))")
      } else if let refusal = comparison.refusal {
        lines.append("corpus: \(item) not agreed: \(refusal)")
      } else if !comparison.rules.isEmpty {
        lines.append("corpus: \(item): \(comparison.rules.joined(separator: "; "))")
      }
    }
    print(lines.joined(separator: "\n"))
  }
}
