/// Conditions, and what they compare.
extension XTCEReader {
  /// A reference to a value: which, and whether it is the engineering value or the raw one.
  struct Instance {
    var target: Target
    var usesCalibrated: Bool
  }

  func readInstance(_ element: XMLElement, from system: Int) -> Instance? {
    guard let reference = required("parameterRef", of: element),
      let usesCalibrated = boolean("useCalibratedValue", of: element, default: true)
    else { return nil }
    if let instance = element["instance"], Literal.integer(instance) != 0 {
      refuse(element, "only the newest value of a parameter is known, and not instance \(instance.shortened)")
      return nil
    }
    guard let target = resolvedParameter(reference, element, from: system) else { return nil }
    return Instance(target: target, usesCalibrated: usesCalibrated)
  }

  func resolvedParameter(_ reference: String, _ element: XMLElement, from system: Int) -> Target? {
    switch parameter(reference, from: system) {
    case .found(let target):
      guard types[target.type.value] != nil else {
        failSilently()
        return nil
      }
      return hasElements(target, element) ? target : nil
    case .broken:
      failSilently()
      return nil
    case .missing: return unresolved("parameter", reference, element)
    }
  }

  /// The condition in an element: `Comparison`, `ComparisonList` or `BooleanExpression`.
  func readCriterion(_ element: XMLElement, from system: Int) -> Criterion? {
    let criteria = element.children.filter { Self.criteria.contains($0.name) }
    if criteria.count > 1 {
      refuse(
        criteria[1], "there is a <\(criteria[0].name)> already, and a condition is one of them",
        hint: "a <ComparisonList> holds where all that is in it holds")
      return nil
    }
    for child in element.children {
      switch child.name {
      case "Comparison": return readComparison(child, system).map(Criterion.comparison)
      case "ComparisonList": return readList(child, system, joining: Criterion.all)
      case "BooleanExpression": return readExpression(child, system)
      case "CustomAlgorithm", "InputAlgorithm":
        refuse(child, "a condition that is an algorithm, and algorithms are not executed")
        return nil
      case "NextContainer":
        refuse(child, "a condition on the packet that follows is not supported")
        return nil
      default: continue
      }
    }
    refuse(element, "it has no <Comparison>, <ComparisonList> or <BooleanExpression>")
    return nil
  }

  private static let criteria = [
    "Comparison", "ComparisonList", "BooleanExpression", "CustomAlgorithm", "InputAlgorithm", "NextContainer",
  ]

  private func readExpression(_ element: XMLElement, _ system: Int) -> Criterion? {
    let terms = element.children.prefix(2).map { $0 }
    if terms.count > 1 {
      refuse(
        terms[1], "there is a <\(terms[0].name.shortened)> already, and an expression is one condition",
        hint: "<ANDedConditions> hold where all that is in them holds, <ORedConditions> where any of it does")
      return nil
    }
    if let term = terms.first { return readTerm(term, system) }
    refuse(element, "it is empty")
    return nil
  }

  /// The depth of elements is bounded, so this cannot go deep.
  private func readTerm(_ element: XMLElement, _ system: Int) -> Criterion? {
    switch element.name {
    case "Comparison": return readComparison(element, system).map(Criterion.comparison)
    case "Condition": return readCondition(element, system).map(Criterion.comparison)
    case "ANDedConditions": return readList(element, system, joining: Criterion.all)
    case "ORedConditions": return readList(element, system, joining: Criterion.any)
    // Of XTCE 1.3.
    case let name where name.hasPrefix("XOR"): return readExclusive(element, system)
    default:
      refuse(element, "there is no such condition in XTCE")
      return nil
    }
  }

  private func readList(
    _ element: XMLElement, _ system: Int, joining join: ([Criterion]) -> Criterion
  ) -> Criterion? {
    var criteria: [Criterion] = []
    var isWhole = true
    for child in element.children {
      if let criterion = readTerm(child, system) { criteria.append(criterion) } else { isWhole = false }
    }
    guard isWhole else { return nil }
    guard let first = criteria.first else {
      refuse(element, "it is empty")
      return nil
    }
    return criteria.count == 1 ? first : join(criteria)
  }

  private func readExclusive(_ element: XMLElement, _ system: Int) -> Criterion? {
    let terms = Array(element.children)
    guard terms.count == 2 else {
      refuse(element, "it has \(terms.count) conditions, and an exclusive one has two")
      return nil
    }
    guard let left = readTerm(terms[0], system), let right = readTerm(terms[1], system) else { return nil }
    return .exclusive(left, right)
  }

  // MARK: Comparisons

  private func readComparison(_ element: XMLElement, _ system: Int) -> Comparison? {
    guard let value = required("value", of: element), let instance = readInstance(element, from: system),
      let relation = readRelation(element["comparisonOperator"] ?? "==", element),
      let operand = readOperand(value, instance, relation, element)
    else { return nil }
    return Comparison(instance.target.reference, usesCalibrated: instance.usesCalibrated, relation, operand)
  }

  private func readCondition(_ element: XMLElement, _ system: Int) -> Comparison? {
    let references = element.children.filter { $0.name == "ParameterInstanceRef" }
    guard let first = references.first, let word = element.child("ComparisonOperator") else {
      refuse(element, "it has no <ParameterInstanceRef> with a <ComparisonOperator>")
      return nil
    }
    guard let left = readInstance(first, from: system), let relation = readRelation(word.text, word) else { return nil }
    if let value = element.child("Value") {
      return readOperand(value.text, left, relation, value).map {
        Comparison(left.target.reference, usesCalibrated: left.usesCalibrated, relation, $0)
      }
    }
    guard references.count == 2 else {
      refuse(element, "it has neither a <Value> nor a second <ParameterInstanceRef>")
      return nil
    }
    guard let right = readInstance(references[1], from: system) else { return nil }
    return Comparison(
      left.target.reference, usesCalibrated: left.usesCalibrated, relation,
      .parameter(right.target.reference, usesCalibrated: right.usesCalibrated))
  }

  private func readRelation(_ word: String, _ element: XMLElement) -> Comparison.Relation? {
    if let relation = Comparison.Relation(rawValue: word) { return relation }
    refuse(
      element, "there is no comparison \"\(word.shortened)\" in XTCE",
      hint: Spelling.hint(word, among: Comparison.Relation.allCases.map(\.rawValue)))
    return nil
  }
}
