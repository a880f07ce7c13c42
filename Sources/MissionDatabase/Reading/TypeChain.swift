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

  /// The type itself.
  let own: Link
  /// What it is derived from, then what that is derived from, and so on; most types are derived from none.
  let inherited: [Link]
  /// The declarations of those.
  let bases: [Int]

  /// - Parameter baseOfType: The declaration that each type is derived from.
  init(_ declaration: Int, in types: [Declarations.Declaration], _ baseOfType: [Int?]) {
    own = Link(element: types[declaration].element, system: types[declaration].system, isInherited: false)
    var bases: [Int] = []
    var next = baseOfType[declaration]
    while let base = next, bases.count < Limits.typeDepth {
      bases.append(base)
      next = baseOfType[base]
    }
    self.bases = bases
    inherited = bases.map { Link(element: types[$0].element, system: types[$0].system, isInherited: true) }
  }

  /// The value of an attribute.
  subscript(attribute: String) -> String? {
    if let value = own.element[attribute] { return value }
    for link in inherited { if let value = link.element[attribute] { return value } }
    return nil
  }

  /// The element that has the attribute, or the type itself where none has it.
  func owner(_ attribute: String) -> XMLElement {
    if inherited.isEmpty || own.element[attribute] != nil { return own.element }
    return (inherited.first { $0.element[attribute] != nil } ?? own).element
  }

  /// A child by its name.
  func child(_ name: String) -> Link? { child { $0 == name } }

  /// The first child whose name will do.
  func child(where isMeant: (String) -> Bool) -> Link? {
    for child in own.element.children where isMeant(child.name) { return own.leading(to: child) }
    for link in inherited {
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
