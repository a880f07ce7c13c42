internal import CExpat

/// What libexpat reports to: it builds the document and stops the parser where a bound is passed.
@safe
final class XMLEventSink {
  private let parser: XML_Parser
  private let file: String
  private var builder: XMLTreeBuilder
  /// That of the outermost element.
  private var namespace: String?
  /// Why the parser was stopped.
  private(set) var refusal: DatabaseProblem?

  init(parser: XML_Parser, file: String, elementCapacity: Int) {
    unsafe self.parser = parser
    self.file = file
    builder = XMLTreeBuilder(elementCapacity: elementCapacity)
  }

  var document: XMLDocument {
    XMLDocument(
      file: file, records: builder.records, attributes: builder.attributes, names: builder.names, namespace: namespace)
  }

  /// Makes the parser report to this, which has to outlive it.
  func install() {
    unsafe XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    unsafe XML_SetElementHandler(
      parser,
      { data, name, attributes in
        guard let name = unsafe name, let attributes = unsafe attributes else { return }
        unsafe XMLEventSink.at(data)?.begin(name, attributes)
      },
      { data, _ in unsafe XMLEventSink.at(data)?.end() })
    unsafe XML_SetCharacterDataHandler(parser) { data, start, count in
      guard let start = unsafe start else { return }
      unsafe XMLEventSink.at(data)?.add(UnsafeBufferPointer(start: start, count: Int(count)))
    }
    // What has no handler of its own comes here token by token, `<!DOCTYPE` among it: a handler for that is called
    // where the declaration has been read already.
    unsafe XML_SetDefaultHandlerExpand(parser) { data, start, count in
      guard let start = unsafe start else { return }
      unsafe XMLEventSink.at(data)?.pass(UnsafeBufferPointer(start: start, count: Int(count)))
    }
  }

  private static func at(_ data: UnsafeMutableRawPointer?) -> XMLEventSink? {
    unsafe data.map { unsafe Unmanaged<XMLEventSink>.fromOpaque($0).takeUnretainedValue() }
  }

  // MARK: Events

  private func begin(
    _ name: UnsafePointer<CChar>, _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>
  ) {
    guard refusal == nil else { return }
    let place = here
    let isOutermost = builder.records.isEmpty
    stop(unsafe builder.begin(Self.localName(name), line: place.line, column: place.column))
    if isOutermost { namespace = unsafe Self.namespace(of: name, attributes) }
    var pair = unsafe attributes
    while refusal == nil, let name = unsafe pair[0], let value = unsafe pair[1] {
      unsafe pair += 2
      // Attributes of XTCE have no prefix; those that have one are for XML itself.
      let attribute = unsafe String(cString: name)
      guard attribute != "xmlns", !attribute.utf8.contains(UInt8(ascii: ":")) else { continue }
      stop(unsafe builder.add(attribute: attribute, value: String(cString: value)))
    }
  }

  private func end() {
    if refusal == nil { builder.end() }
  }

  private func add(_ characters: UnsafeBufferPointer<CChar>) {
    guard refusal == nil else { return }
    stop(unsafe builder.add(characters: characters.lazy.map { UInt8(bitPattern: $0) }))
  }

  /// Takes a token that means nothing here, unless it begins a document type declaration.
  private func pass(_ token: UnsafeBufferPointer<CChar>) {
    guard unsafe token.starts(with: "<!D".utf8.lazy.map { CChar(bitPattern: $0) }) else { return }
    stop(
      XMLTreeBuilder.Refusal(
        message: "a DOCTYPE is not read, because of what its entities can do", hint: "remove it: XTCE needs none"))
  }

  /// What an element declares to be its own namespace.
  private static func namespace(
    of name: UnsafePointer<CChar>, _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>
  ) -> String? {
    let name = unsafe String(cString: name)
    let prefix = name.utf8.lastIndex(of: UInt8(ascii: ":")).map { ":\(name[..<$0])" } ?? ""
    var pair = unsafe attributes
    while let attribute = unsafe pair[0], let value = unsafe pair[1] {
      unsafe pair += 2
      if unsafe String(cString: attribute) == "xmlns\(prefix)" { return unsafe String(cString: value) }
    }
    return nil
  }

  private static func localName(_ name: UnsafePointer<CChar>) -> String {
    let name = unsafe String(cString: name)
    guard let colon = name.utf8.lastIndex(of: UInt8(ascii: ":")) else { return name }
    return String(name[name.utf8.index(after: colon)...])
  }

  private var here: DatabasePlace {
    unsafe DatabasePlace(
      file: file, line: Int(XML_GetCurrentLineNumber(parser)), column: Int(XML_GetCurrentColumnNumber(parser)) + 1)
  }

  private func stop(_ reason: XMLTreeBuilder.Refusal?) {
    guard refusal == nil, let reason else { return }
    refusal = DatabaseProblem(.error, reason.message, at: here, element: builder.openName, hint: reason.hint)
    _ = unsafe XML_StopParser(parser, 0)
  }
}
