internal import CYaml

/// Where an event stands in its text: line and column from 1, the column in Unicode scalars.
struct TextMark: Hashable, Comparable {
  var line: Int
  var column: Int

  static func < (left: TextMark, right: TextMark) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// One step of a YAML text, with nothing resolved: aliases stay names, scalars stay text.
struct YAMLEvent {
  enum Kind {
    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case alias
    case scalar(String, isPlain: Bool)
    case sequenceStart
    case sequenceEnd
    case mappingStart
    case mappingEnd
  }

  var kind: Kind
  var start: TextMark
  var end: TextMark
  var hasAnchor = false
  var hasTag = false
}

/// What the scanner refused, in its own words, and where.
struct YAMLSyntaxError: Error {
  var problem: String
  var mark: TextMark
  /// Where the construct began that could not be finished.
  var contextMark: TextMark?
}

/// Reads the events of a YAML text one by one, so that a reader can stop before anything grows.
///
/// libyaml itself keeps the next thousand characters or so in view and resolves nothing.
@safe
struct YAMLEventSource: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>
  private let isReady: Bool

  /// - Parameter bytes: Valid UTF-8 without a byte order mark.
  init(_ bytes: [UInt8]) {
    unsafe input = .allocate(capacity: max(1, bytes.count))
    _ = unsafe input.initialize(from: bytes)
    unsafe parser = .allocate(capacity: 1)
    unsafe parser.initialize(to: yaml_parser_t())
    isReady = unsafe yaml_parser_initialize(parser) == 1
    guard isReady else { return }
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
  }

  deinit {
    if isReady { unsafe yaml_parser_delete(parser) }
    unsafe parser.deallocate()
    unsafe input.deallocate()
  }

  /// The next event; after `streamEnd` there is no other.
  mutating func next() throws(YAMLSyntaxError) -> YAMLEvent {
    guard isReady else { throw YAMLSyntaxError(problem: "out of memory", mark: TextMark(line: 1, column: 1)) }
    var raw = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &raw) == 1 else { throw failure() }
    let event = unsafe Self.event(of: raw)
    unsafe yaml_event_delete(&raw)
    return event
  }

  private func failure() -> YAMLSyntaxError {
    let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "out of memory"
    let context = unsafe parser.pointee.context
    return YAMLSyntaxError(
      problem: problem,
      mark: unsafe TextMark(parser.pointee.problem_mark),
      contextMark: unsafe context == nil ? nil : TextMark(parser.pointee.context_mark))
  }

  private static func event(of raw: yaml_event_t) -> YAMLEvent {
    var event = unsafe YAMLEvent(kind: .streamEnd, start: TextMark(raw.start_mark), end: TextMark(raw.end_mark))
    switch unsafe raw.type {
    case YAML_STREAM_START_EVENT: event.kind = .streamStart
    case YAML_DOCUMENT_START_EVENT: event.kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: event.kind = .documentEnd
    case YAML_ALIAS_EVENT: event.kind = .alias
    case YAML_SEQUENCE_END_EVENT: event.kind = .sequenceEnd
    case YAML_MAPPING_END_EVENT: event.kind = .mappingEnd
    case YAML_SEQUENCE_START_EVENT:
      event.kind = .sequenceStart
      event.hasAnchor = unsafe raw.data.sequence_start.anchor != nil
      event.hasTag = unsafe raw.data.sequence_start.tag != nil
    case YAML_MAPPING_START_EVENT:
      event.kind = .mappingStart
      event.hasAnchor = unsafe raw.data.mapping_start.anchor != nil
      event.hasTag = unsafe raw.data.mapping_start.tag != nil
    case YAML_SCALAR_EVENT:
      let scalar = unsafe raw.data.scalar
      let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
      event.kind = unsafe .scalar(String(decoding: bytes, as: UTF8.self), isPlain: isPlain)
      event.hasAnchor = unsafe scalar.anchor != nil
      // The lone tag `!` leaves no tag behind, only a plain scalar that must not be taken as one.
      event.hasTag = unsafe scalar.tag != nil || (isPlain && scalar.plain_implicit == 0)
    default: break  // the end of the stream, or no event after it
    }
    return event
  }
}

extension TextMark {
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }
}
