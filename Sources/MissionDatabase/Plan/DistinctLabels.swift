/// The labels of an enumeration or a boolean, each once, in the order of the database; of a boolean, that of zero first.
struct DistinctLabels: Sendable {
  private(set) var texts: [String] = []
  private var places: [String: Int32] = [:]

  /// Those of a type; none where it has none.
  init(_ kind: EngineeringKind) {
    switch kind {
    case .enumerated(let ranges): for range in ranges { append(range.label) }
    case .boolean(let one, let zero):
      texts = [zero, one]
      places = [one: 1]
      places[zero] = 0
    case .integer, .float, .string, .binary, .absoluteTime, .relativeTime, .aggregate, .array: break
    }
  }

  var isEmpty: Bool { texts.isEmpty }

  /// Whether one may be the same text as another: both labels of a boolean.
  var hasEqualTexts: Bool { places.count < texts.count }

  /// The place of a label, of the first one where it stands twice.
  func place(of text: String) -> Int32? { places[text] }

  private mutating func append(_ label: String) {
    guard places[label] == nil else { return }
    places[label] = Int32(texts.count)
    texts.append(label)
  }
}
