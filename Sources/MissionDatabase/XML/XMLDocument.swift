/// The elements of an XML document, without comments, processing instructions and namespaces: in the order of the
/// document, each with its place.
final class XMLDocument: Sendable {
  /// An element, related to others by their places in `records`.
  struct Record: Sendable {
    var name: Int32
    var parent: Int32
    var firstChild: Int32
    var nextSibling: Int32
    var line: Int32
    var column: Int32
    var firstAttribute: Int32
    var attributeCount: Int32
    var text: String
  }

  /// An attribute of an element.
  struct Attribute: Sendable {
    var name: Int32
    var value: String
  }

  let file: String
  let records: [Record]
  let attributes: [Attribute]
  /// What elements and attributes are called, each once.
  let names: [String]
  /// The namespace of the outermost element; absent where it has none.
  let namespace: String?

  init(file: String, records: [Record], attributes: [Attribute], names: [String], namespace: String? = nil) {
    self.file = file
    self.records = records
    self.attributes = attributes
    self.names = names
    self.namespace = namespace
  }

  /// The outermost element.
  var root: XMLElement { XMLElement(document: self, index: 0) }
}
