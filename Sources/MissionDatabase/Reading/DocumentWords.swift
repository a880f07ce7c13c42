/// The rules of the vocabulary by the names that are in a document, so that nothing is looked up by its letters.
final class DocumentWords {
  /// What may stand in an element, for each name of the document.
  struct Rule {
    let source: Vocabulary.Rule
    let attributes: [Bool]
    let children: [Bool]
  }

  let document: XMLDocument
  private let rules: [Rule?]

  init(_ document: XMLDocument) {
    self.document = document
    let places = Dictionary(uniqueKeysWithValues: document.names.enumerated().map { ($1, $0) })
    func mark(_ words: Set<String>) -> [Bool] {
      var isAmong = [Bool](repeating: false, count: places.count)
      for word in words { if let place = places[word] { isAmong[place] = true } }
      return isAmong
    }
    rules = document.names.map { name in
      Vocabulary.rules[name].map { rule in
        Rule(source: rule, attributes: mark(rule.attributes), children: mark(rule.children))
      }
    }
  }

  /// What may stand in an element; nil where anything may.
  func rule(of element: XMLElement) -> Rule? { rules[element.nameIndex] }
}
