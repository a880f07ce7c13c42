internal import CExpat

/// What libexpat reports to: it builds the document and stops the parser where a bound is passed.
@safe
final class XMLEventSink {
  private let parser: XML_Parser
  private let bytes: [UInt8]
  private let file: String
  private var builder: XMLTreeBuilder
  /// That of the outermost element.
  private var namespace: String?
  /// Why the parser was stopped.
  private(set) var refusal: DatabaseProblem?
  private var isStopped = false
  private var position = LinePosition()
  /// Whether the document is in another encoding, of which libexpat alone knows the characters.
  private var isForeign: Bool

  init(parser: XML_Parser, bytes: [UInt8], file: String, elementCapacity: Int, expectedCount: Int) {
    unsafe self.parser = parser
    self.bytes = bytes
    self.file = file
    // UTF-16 begins with 0xFEFF, or with a `<`, of which one byte is zero.
    isForeign = bytes.prefix(2).contains { $0 == 0 || $0 >= 0xFE }
    builder = XMLTreeBuilder(elementCapacity: elementCapacity, expectedCount: expectedCount)
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
    unsafe XML_SetXmlDeclHandler(parser) { data, _, encoding, _ in
      guard let encoding = unsafe encoding else { return }
      unsafe XMLEventSink.at(data)?.expect(encoding: String(cString: encoding))
    }
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
    guard !isStopped else { return }
    let (line, column) = here
    if builder.records.isEmpty { namespace = unsafe Self.namespace(of: name, attributes) }
    stop(unsafe Self.add(name, attributes, line: line, column: column, to: &builder))
  }

  private static func add(
    _ name: UnsafePointer<CChar>, _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>, line: Int, column: Int,
    to builder: inout XMLTreeBuilder
  ) -> XMLTreeBuilder.Refusal? {
    let name = unsafe bytes(name)
    if let refusal = builder.begin(name.extracting(prefixByteCount(name)...), line: line, column: column) {
      return refusal
    }
    var pair = unsafe attributes
    while let name = unsafe pair[0], let value = unsafe pair[1] {
      unsafe pair += 2
      let attribute = unsafe bytes(name)
      // Attributes of XTCE have no prefix; those that have one are for XML itself.
      guard prefixByteCount(attribute) == 0, !isNamespace(attribute) else { continue }
      if let refusal = unsafe builder.add(attribute: attribute, value: bytes(value)) { return refusal }
    }
    return nil
  }

  private func expect(encoding: String) {
    if !["UTF-8", "US-ASCII"].contains(encoding.uppercased()) { isForeign = true }
  }

  private func end() {
    if !isStopped { builder.end() }
  }

  private func add(_ characters: UnsafeBufferPointer<CChar>) {
    guard !isStopped else { return }
    unsafe characters.withMemoryRebound(to: UInt8.self) { unsafe stop(builder.add(characters: $0.span)) }
  }

  /// Takes a token that means nothing here, unless it begins a document type declaration.
  private func pass(_ token: UnsafeBufferPointer<CChar>) {
    guard unsafe token.starts(with: "<!D".utf8.lazy.map { CChar(bitPattern: $0) }) else { return }
    stop(
      XMLTreeBuilder.Refusal(
        message: "a DOCTYPE is not read, because of what its entities can do", hint: "remove it: XTCE needs none"))
  }

  // MARK: Names

  /// What libexpat lends until its handler returns, up to the zero behind it.
  @_lifetime(immortal)
  private static func bytes(_ text: UnsafePointer<CChar>) -> Span<UInt8> {
    var count = 0
    while unsafe text[count] != 0 { count += 1 }
    let bytes = unsafe UnsafeRawBufferPointer(start: text, count: count).bindMemory(to: UInt8.self)
    return unsafe _overrideLifetime(bytes.span, copying: ())
  }

  /// How long the prefix of a name is, with its colon.
  private static func prefixByteCount(_ name: Span<UInt8>) -> Int {
    for index in name.indices.reversed() where name[index] == UInt8(ascii: ":") { return index + 1 }
    return 0
  }

  private static func isNamespace(_ name: Span<UInt8>) -> Bool {
    name.count == 5 && name[0] == UInt8(ascii: "x") && String(name) == "xmlns"
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

  private var here: (line: Int, column: Int) {
    if isForeign {
      return unsafe (Int(XML_GetCurrentLineNumber(parser)), Int(XML_GetCurrentColumnNumber(parser)) + 1)
    }
    let bytes = bytes
    position.advance(to: unsafe Int(XML_GetCurrentByteIndex(parser)), in: bytes.span)
    return (position.line, position.column)
  }

  private func stop(_ reason: XMLTreeBuilder.Refusal?) {
    guard let reason, !isStopped else { return }
    isStopped = true
    let (line, column) = here
    let place = DatabasePlace(file: file, line: line, column: column)
    refusal = DatabaseProblem(.error, reason.message, at: place, element: builder.openName, hint: reason.hint)
    _ = unsafe XML_StopParser(parser, 0)
  }
}
