/// Puts the elements that a parser finds into a document, and says when it must stop.
struct XMLTreeBuilder {
  private(set) var records: [XMLDocument.Record] = []
  private(set) var attributes: [XMLDocument.Attribute] = []
  private var vocabulary = XMLNames()
  /// The elements around the parser, each with the last of its children so far, or -1.
  private var open: [(index: Int32, lastChild: Int32)] = []
  private var text: [UInt8] = []
  /// By the place of a name, how many elements may still have it.
  private var capacities: [Int] = []

  /// How many elements it may still take.
  private let elementCapacity: Int

  /// - Parameter expectedCount: How many there will be, as far as is known.
  init(elementCapacity: Int, expectedCount: Int = 0) {
    self.elementCapacity = elementCapacity
    records.reserveCapacity(min(expectedCount, elementCapacity))
    attributes.reserveCapacity(2 * min(expectedCount, elementCapacity))
  }

  /// What elements and attributes are called, each once.
  var names: [String] { vocabulary.names }

  /// The name of the innermost element that has not ended; empty outside of all.
  var openName: String { open.last.map { names[Int(records[Int($0.index)].name)] } ?? "" }

  /// Why a document is not read on.
  struct Refusal {
    var message: String
    var hint: String?
  }

  mutating func begin(_ name: Span<UInt8>, line: Int, column: Int) -> Refusal? {
    guard open.count < Limits.elementDepth else {
      return Refusal(message: "elements lie deeper than \(Limits.elementDepth) within each other")
    }
    guard records.count < elementCapacity else {
      return Refusal(message: "there are more than \(Limits.elementCount) elements")
    }
    guard name.count <= Limits.tagByteCount else { return Self.tooLongName }
    guard let nameIndex = vocabulary.place(of: name) else { return Self.tooManyNames }
    if let refusal = take(Int(nameIndex)) { return refusal }
    let index = Int32(records.count)
    if let last = open.indices.last {
      let sibling = Int(open[last].lastChild)
      if sibling >= 0 {
        records[sibling].nextSibling = index
      } else {
        records[Int(open[last].index)].firstChild = index
      }
      open[last].lastChild = index
    }
    records.append(
      XMLDocument.Record(
        name: nameIndex, parent: open.last?.index ?? -1, firstChild: -1, nextSibling: -1,
        line: Int32(clamping: line), column: Int32(clamping: column),
        firstAttribute: Int32(attributes.count), attributeCount: 0, text: ""))
    open.append((index, -1))
    text.removeAll(keepingCapacity: true)
    return nil
  }

  /// An attribute of the element that began last.
  mutating func add(attribute name: Span<UInt8>, value: Span<UInt8>) -> Refusal? {
    let element = records.count - 1
    guard records[element].attributeCount < Limits.attributeCount else {
      return Refusal(message: "an element has more than \(Limits.attributeCount) attributes")
    }
    guard value.count <= Limits.attributeByteCount else {
      return Refusal(
        message: "the value of attribute `\(String(name))` is longer than \(Limits.attributeByteCount) bytes")
    }
    guard name.count <= Limits.tagByteCount else { return Self.tooLongName }
    guard let nameIndex = vocabulary.place(of: name) else { return Self.tooManyNames }
    attributes.append(XMLDocument.Attribute(name: nameIndex, value: String(value)))
    records[element].attributeCount += 1
    return nil
  }

  mutating func add(characters: Span<UInt8>) -> Refusal? {
    guard text.count + characters.count <= Limits.textByteCount else {
      return Refusal(message: "an element has more than \(Limits.textByteCount) bytes of text")
    }
    unsafe characters.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
    return nil
  }

  mutating func end() {
    guard let last = open.popLast() else { return }
    if last.lastChild < 0 { records[Int(last.index)].text = Self.trimmed(text) }
    text.removeAll(keepingCapacity: true)
  }

  private static func trimmed(_ text: [UInt8]) -> String {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
    guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(decoding: text[first...last], as: UTF8.self)
  }

  /// Of what a database may have so many and no more, the first that is too many ends reading.
  private mutating func take(_ name: Int) -> Refusal? {
    while capacities.count <= name { capacities.append(Self.declarations(names[capacities.count])?.capacity ?? .max) }
    capacities[name] -= 1
    guard capacities[name] < 0, let declarations = Self.declarations(names[name]) else { return nil }
    return Refusal(message: "there are more than \(declarations.capacity) \(declarations.word)")
  }

  /// What an element declares, as far as there is a bound for it.
  private static func declarations(_ name: String) -> (word: String, capacity: Int)? {
    switch name {
    case "SpaceSystem": ("space systems", Limits.spaceSystemCount)
    case "Parameter": ("parameters", Limits.parameterCount)
    case "SequenceContainer": ("containers", Limits.containerCount)
    case _ where name.hasSuffix("ParameterType"): ("\(name)s", Limits.typeCount)
    default: nil
    }
  }

  private static let tooLongName = Refusal(
    message: "the name of an element or an attribute is longer than \(Limits.tagByteCount) bytes",
    hint: "this is something else than XTCE")

  private static let tooManyNames = Refusal(
    message: "there are more than \(Limits.vocabularyCount) names of elements and attributes",
    hint: "XTCE has a few hundred: this is something else")
}
