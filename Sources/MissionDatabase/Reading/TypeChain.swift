/// A type with those it is derived from: what the first of them says that says anything of it, counts.
struct TypeChain {
  /// An element with the space system from which its names are looked up.
  struct Link {
    var element: XMLElement
    var system: Int
    /// Whether it is not the type's own.
    var isInherited: Bool

    func leading(to child: XMLElement) -> Link { Link(element: child, system: system, isInherited: isInherited) }
  }

  /// The type itself, then its base, and so on; at least one.
  let links: [Link]
  /// The declarations of those that it is derived from.
  let bases: [Int]

  init(_ declaration: Int, in reader: XTCEReader) {
    let types = reader.declarations.types
    var links: [Link] = []
    var indices: [Int] = []
    var next: Int? = declaration
    while let index = next, links.count <= Limits.typeDepth {
      let type = types.declarations[index]
      links.append(Link(element: type.element, system: type.system, isInherited: !links.isEmpty))
      indices.append(index)
      next = type.element["baseType"].flatMap { reader.declarations.find($0, in: types, from: type.system) }
    }
    self.links = links
    bases = Array(indices.dropFirst())
  }

  /// The value of an attribute.
  subscript(attribute: String) -> String? {
    for link in links { if let value = link.element[attribute] { return value } }
    return nil
  }

  /// The element that has the attribute, or the type itself where none has it.
  func owner(_ attribute: String) -> XMLElement {
    (links.first { $0.element[attribute] != nil } ?? links[0]).element
  }

  /// A child by its name.
  func child(_ name: String) -> Link? { child { $0 == name } }

  /// The first child whose name will do.
  func child(where isMeant: (String) -> Bool) -> Link? {
    for link in links {
      for child in link.element.children where isMeant(child.name) { return link.leading(to: child) }
    }
    return nil
  }

  /// How its bits lie in a packet; for a time within its `Encoding`.
  var encoding: Link? {
    let isEncoding = { (name: String) in name.hasSuffix("DataEncoding") }
    if let link = child(where: isEncoding) { return link }
    guard let time = child("Encoding") else { return nil }
    for child in time.element.children where isEncoding(child.name) { return time.leading(to: child) }
    return nil
  }
}
