/// An element of a document.
struct XMLElement: Sendable {
  let document: XMLDocument
  /// Its place in the order of the document.
  let index: Int

  private var record: XMLDocument.Record { document.records[index] }

  /// Without a namespace prefix.
  var name: String { document.names[Int(record.name)] }

  /// The place of its name in those of the document.
  var nameIndex: Int { Int(record.name) }

  /// The characters of an element without elements in it, without white space around them.
  var text: String { record.text }

  var place: DatabasePlace {
    DatabasePlace(file: document.file, line: Int(record.line), column: Int(record.column))
  }

  /// The value of an attribute without a namespace prefix.
  subscript(attribute: String) -> String? {
    let record = record
    let first = Int(record.firstAttribute)
    for attributeIndex in first..<(first + Int(record.attributeCount)) {
      let candidate = document.attributes[attributeIndex]
      if document.names[Int(candidate.name)] == attribute { return candidate.value }
    }
    return nil
  }

  /// Its attributes in their order.
  var attributes: ArraySlice<XMLDocument.Attribute> {
    let first = Int(record.firstAttribute)
    return document.attributes[first..<(first + Int(record.attributeCount))]
  }

  /// The elements right within it.
  var children: Children { Children(document: document, nextIndex: record.firstChild) }

  /// The first of its children with a name.
  func child(_ name: String) -> XMLElement? {
    for child in children where child.name == name { return child }
    return nil
  }

  /// A walk over the elements within an element.
  struct Children: Sequence, IteratorProtocol {
    fileprivate let document: XMLDocument
    fileprivate var nextIndex: Int32

    mutating func next() -> XMLElement? {
      guard nextIndex >= 0 else { return nil }
      defer { nextIndex = document.records[Int(nextIndex)].nextSibling }
      return XMLElement(document: document, index: Int(nextIndex))
    }
  }
}
