/// The labels of an enumeration or a boolean, in the order of the database: of a boolean that of zero first.
struct DistinctLabels: Sendable {
  let texts: [String]
  private let places: [String: Int32]

  /// Those of a type; none where it has none.
  init(_ kind: EngineeringKind) {
    switch kind {
    case .enumerated(let ranges):
      var known: Set<String> = []
      self.init(ranges.map(\.label).filter { known.insert($0).inserted })
    case .boolean(let one, let zero): self.init([zero, one])
    case .integer, .float, .string, .binary, .absoluteTime, .relativeTime, .aggregate, .array: self.init([])
    }
  }

  /// Labels in their order. Both of a boolean may be the same text; each stands for itself.
  init(_ texts: [String]) {
    self.texts = texts
    places = Dictionary(texts.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
  }

  var isEmpty: Bool { texts.isEmpty }

  /// Whether one may be the same text as another: both labels of a boolean.
  var hasEqualTexts: Bool { places.count < texts.count }

  /// The place of a label, of the first one where it stands twice.
  func place(of text: String) -> Int32? { places[text] }
}
