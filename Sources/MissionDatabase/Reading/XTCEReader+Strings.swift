/// Texts in packets.
extension XTCEReader {
  func readString(_ link: TypeChain.Link) -> StringEncoding? {
    let element = link.element
    guard let characters = readCharacterSet(element) else { return nil }
    guard isInOrder(element, "texts", isOrderless: Self.isOrderless(element, characters)) else { return nil }
    if let size = element.child("SizeInBits") { return readSize(size, characters, link.system) }
    if let variable = element.child("Variable") { return readVariable(variable, characters, link.system) }
    refuse(element, "it has neither <SizeInBits> nor <Variable>")
    return nil
  }

  /// Whether a text is bytes that are characters by themselves, without a number before them that has several.
  private static func isOrderless(_ element: XMLElement, _ characters: StringEncoding.CharacterSet) -> Bool {
    if case .utf16 = characters { return false }
    let rooms = [element.child("SizeInBits"), element.child("Variable")].compactMap(\.self)
    return !rooms.contains { $0.child("LeadingSize") != nil }
  }

  private func readCharacterSet(_ element: XMLElement) -> StringEncoding.CharacterSet? {
    switch (element["encoding"] ?? "UTF-8").uppercased() {
    case "US-ASCII": return .usASCII
    case "ISO-8859-1": return .iso8859Latin1
    case "WINDOWS-1252": return .windows1252
    case "UTF-8": return .utf8
    case "UTF-16BE": return .utf16(isBigEndian: true)
    case "UTF-16LE": return .utf16(isBigEndian: false)
    case "UTF-16":
      refuse(
        element, "UTF-16 with a byte order mark is not supported", hint: "write UTF-16BE or UTF-16LE")
    case let word: refuse(element, "character set \"\(word.shortened)\" is not supported")
    }
    return nil
  }

  /// A text that takes the same room always; in XTCE 1.1 also one whose room a packet says, or its end alone.
  private func readSize(
    _ size: XMLElement, _ characters: StringEncoding.CharacterSet, _ system: Int
  ) -> StringEncoding? {
    guard let ending = readEnding(size, characters) else { return nil }
    // Some databases write the number without the element around it.
    let isNumber = ["FixedValue", "DynamicValue", "DiscreteLookupList"].contains { size.child($0) != nil }
    guard let room = size.child("Fixed") ?? (isNumber ? size : nil) else {
      return encoding(characters, nil, maximum: Limits.packetBitCount, ending, size)
    }
    guard let bitCount = readIntegerValue(room, from: system, in: 1...Limits.packetBitCount) else { return nil }
    var maximum = Limits.packetBitCount
    if case .fixed(let count) = bitCount { maximum = count }
    return encoding(characters, bitCount, maximum: maximum, ending, size)
  }

  /// A text whose room is said by the packet, or by where it ends.
  private func readVariable(
    _ variable: XMLElement, _ characters: StringEncoding.CharacterSet, _ system: Int
  ) -> StringEncoding? {
    guard let maximum = integer("maxSizeInBits", of: variable, in: 1...Limits.packetBitCount),
      let ending = readEnding(variable, characters)
    else { return nil }
    var bitCount: IntegerValue?
    if !Self.isSizeIgnored(variable),
      variable.child("DynamicValue") != nil || variable.child("DiscreteLookupList") != nil
    {
      bitCount = readIntegerValue(variable, from: system, in: 0...Limits.packetBitCount)
      if bitCount == nil { return nil }
    }
    return encoding(characters, bitCount, maximum: maximum, ending, variable)
  }

  private func encoding(
    _ characters: StringEncoding.CharacterSet, _ bitCount: IntegerValue?, maximum: Int, _ ending: StringEncoding.Ending,
    _ element: XMLElement
  ) -> StringEncoding? {
    if bitCount == nil, ending == .whole {
      refuse(element, "nothing says where the text ends")
      return nil
    }
    if case .fixed(let count)? = bitCount, !count.isMultiple(of: 8) {
      refuse(element, "a text of \(count) bits, which are not whole bytes")
      return nil
    }
    return StringEncoding(characters: characters, bitCount: bitCount, maximumBitCount: maximum, ending: ending)
  }

  /// XTCE wants a size even where the end of the text says it; by the custom of Yamcs it then names no parameter at
  /// all.
  private static func isSizeIgnored(_ variable: XMLElement) -> Bool {
    variable.child("DynamicValue")?.child("ParameterInstanceRef")?["parameterRef"] == "_yamcs_ignore"
  }

  /// A leading size counts octets, not bits: the standard does not say which. A terminator is of whole characters;
  /// where none is written it is the character zero, which the schema writes as one byte, and in UTF-16 is two.
  private func readEnding(
    _ element: XMLElement, _ characters: StringEncoding.CharacterSet
  ) -> StringEncoding.Ending? {
    if let leading = element.child("LeadingSize") {
      return integer("sizeInBitsOfSizeTag", of: leading, default: 16, in: 1...32)
        .map(StringEncoding.Ending.leadingSize(bitCount:))
    }
    guard let terminator = element.child("TerminationChar") else { return .whole }
    var isWide = false
    if case .utf16 = characters { isWide = true }
    let zero = isWide ? "0000" : "00"
    let text = terminator.text.isEmpty ? zero : terminator.text
    guard let octets = Literal.octets(text), 1...4 ~= octets.count else {
      refuse(terminator, "\"\(text.shortened)\" is not one to four bytes in hexadecimal")
      return nil
    }
    guard !isWide || octets.count.isMultiple(of: 2) else {
      refuse(
        terminator, "\"\(text.shortened)\" is not a character of UTF-16, which has two bytes",
        hint: "the character zero is \(zero)")
      return nil
    }
    return .terminator(octets)
  }
}
