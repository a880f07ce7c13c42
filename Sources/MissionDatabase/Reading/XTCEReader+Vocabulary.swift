/// Words that XTCE does not have. One that is nearly one of its words was meant to be that, and would be passed over:
/// a `sizeInBit` would leave a size at its default, and move all that follows.
extension XTCEReader {
  func checkVocabulary() {
    let tables: [(table: Declarations.Table, subject: (Int) -> Subject)] = [
      (declarations.types, Subject.type), (declarations.parameters, Subject.parameter),
      (declarations.containers, Subject.container),
    ]
    var wordsOfDocument: [ObjectIdentifier: DocumentWords] = [:]
    var words: DocumentWords?
    for (table, subject) in tables {
      for (index, declaration) in table.declarations.enumerated() where !excluded.contains(subject(index)) {
        guard !problems.isFull else { return }
        self.subject = subject(index)
        let document = declaration.element.document
        if words?.document !== document {
          words = wordsOfDocument[ObjectIdentifier(document)] ?? DocumentWords(document)
          wordsOfDocument[ObjectIdentifier(document)] = words
        }
        if let words { check(declaration.element, words) }
      }
    }
    subject = nil
  }

  /// The depth of elements is bounded, so this cannot go deep.
  private func check(_ element: XMLElement, _ words: DocumentWords) {
    guard let rule = words.rule(of: element) else { return }
    for attribute in element.attributes where !rule.attributes[Int(attribute.name)] {
      let name = element.document.names[Int(attribute.name)]
      tell(element, "attribute `\(name.shortened)`", of: rule.source.attributes, name)
    }
    var childCount = 0
    var stranger = ""
    for child in element.children {
      childCount += 1
      if rule.children[child.nameIndex] {
        check(child, words)
      } else if !rule.source.refusesOthers, child.name != stranger {
        // A row of them is told once.
        stranger = child.name
        tell(child, "element <\(child.name.shortened)> in <\(element.name)>", of: rule.source.children, child.name)
      }
    }
    // Those that are looked for among them would be looked for long.
    if childCount > Limits.childCount, !Vocabulary.lists.contains(element.name) {
      refuse(element, "it has \(childCount) elements in it, and no more than \(Limits.childCount) are read")
    }
  }

  func tell(
    _ element: XMLElement, _ what: @autoclosure () -> String, of words: Set<String>, _ word: String
  ) {
    if let meant = words.filter({ Self.isNearly(word, $0) }).min() {
      refuse(element, "XTCE has no \(what())", hint: "is `\(meant)` meant?")
    } else if problems.keepsNoWarning {
      problems.omitWarning()
    } else {
      warn(element, "XTCE has no \(what()): it is passed over")
    }
  }

  /// Whether two words differ by case, or by one letter or two that are wrong, missing or too many.
  private static func isNearly(_ left: String, _ right: String) -> Bool {
    // What is too long or too short is found out before anything is compared.
    guard abs(left.utf8.count - right.utf8.count) <= 2 else { return false }
    let (left, right) = (Array(left.lowercased().utf8), Array(right.lowercased().utf8))
    guard left != right else { return true }
    let most = min(2, right.count / 4)
    guard abs(left.count - right.count) <= most else { return false }
    var distances = Array(0...right.count)
    for (row, byte) in left.enumerated() {
      var diagonal = distances[0]
      distances[0] = row + 1
      for column in right.indices {
        let changed = diagonal + (byte == right[column] ? 0 : 1)
        diagonal = distances[column + 1]
        distances[column + 1] = min(changed, diagonal + 1, distances[column] + 1)
      }
    }
    return distances[right.count] <= most
  }
}
