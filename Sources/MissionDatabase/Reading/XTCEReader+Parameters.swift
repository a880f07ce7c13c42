/// Parameters.
extension XTCEReader {
  func readParameters() {
    for (index, declaration) in declarations.parameters.declarations.enumerated() {
      guard !problems.isFull, let place = places.parameters[index] else { continue }
      subject = .parameter(index)
      parameters[place] = readParameter(declaration)
    }
    subject = nil
  }

  private func readParameter(_ declaration: Declarations.Declaration) -> Parameter? {
    let element = declaration.element
    guard let reference = required("parameterTypeRef", of: element),
      let type = resolvedType(reference, element, from: declaration.system)
    else { return nil }
    if let condition = element.child("ParameterProperties")?.child("ValidityCondition") {
      warn(condition, "the condition is not looked at: the parameter counts as valid")
    }
    return Parameter(
      path: declaration.path, aliases: Self.aliases(of: element), summary: Self.summary(of: element), type: type,
      place: element.place)
  }

  private static func aliases(of element: XMLElement) -> [String] {
    guard let set = element.child("AliasSet") else { return [] }
    return set.children.compactMap { alias in
      guard alias.name == "Alias", let name = alias["alias"] else { return nil }
      return "\(alias["nameSpace"] ?? ""):\(name)"
    }
  }
}
