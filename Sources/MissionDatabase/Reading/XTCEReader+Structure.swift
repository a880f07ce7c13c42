/// What is around types, parameters and containers: a set whose name is wrong would be lost with all that is in it.
extension XTCEReader {
  func checkStructure() {
    for system in declarations.systems where !problems.isFull {
      checkStructure(of: system.element, andOf: ["TelemetryMetaData", "CommandMetaData"])
      for part in system.element.children where part.name == "TelemetryMetaData" || part.name == "CommandMetaData" {
        checkStructure(of: part, andOf: ["ParameterTypeSet", "ParameterSet", "ContainerSet"])
      }
    }
  }

  /// - Parameter inner: Elements in it that are looked into too.
  private func checkStructure(of element: XMLElement, andOf inner: [String]) {
    guard let rule = Vocabulary.rules[element.name] else { return }
    for attribute in element.attributes {
      let name = element.document.names[Int(attribute.name)]
      if !rule.attributes.contains(name) {
        tell(element, "attribute `\(name.shortened)`", of: rule.attributes, name)
      }
    }
    var previous = ""
    for child in element.children where !problems.isFull {
      let name = child.name
      // Most are as the one before; a row of strangers is told once.
      guard name != previous else { continue }
      if rule.children.contains(name) {
        previous = name
        if inner.contains(name) { checkStructure(of: child, andOf: []) }
      } else if name == "include" {
        previous = name
        refuse(
          child, "files are not included by others",
          hint: "give each file of the mission database to the link by itself")
      } else if !name.hasSuffix("ParameterType") {
        // What is called a type is refused where it is read.
        previous = name
        tell(child, "element <\(name.shortened)> in <\(element.name)>", of: rule.children, name)
      }
    }
  }
}
