/// How the bits of a value lie in a packet.
extension XTCEReader {
  /// What an encoding leaves in hand, as far as its element says it.
  func rawForm(_ chain: TypeChain) -> RawForm {
    guard let encoding = chain.encoding?.element else { return .none }
    switch encoding.name {
    case "IntegerDataEncoding":
      return Self.representation(encoding["encoding"] ?? "unsigned").map(Self.isSigned) ?? false ? .signed : .unsigned
    case "FloatDataEncoding": return .float
    case "StringDataEncoding": return .text
    default: return .octets
    }
  }

  func readEncoding(_ link: TypeChain.Link) -> DataEncoding? {
    let element = link.element
    if let check = element.child("ErrorDetectCorrect") {
      warn(check, "the check that it describes is not done")
    }
    switch element.name {
    case "IntegerDataEncoding": return readInteger(element).map(DataEncoding.integer)
    case "FloatDataEncoding": return readFloat(element).map(DataEncoding.float)
    case "StringDataEncoding": return readString(link).map(DataEncoding.string)
    case "BinaryDataEncoding": return readBinary(link)
    default:
      refuse(element, "there is no such encoding in XTCE")
      return nil
    }
  }

  // MARK: Numbers

  private func readInteger(_ element: XMLElement) -> IntegerEncoding? {
    guard let bitCount = integer("sizeInBits", of: element, default: 8, in: 1...64) else { return nil }
    let word = element["encoding"] ?? "unsigned"
    guard let representation = Self.representation(word) else {
      refuse(
        element, "encoding \"\(word.shortened)\" is not one of XTCE",
        hint: Spelling.hint(
          word, among: ["unsigned", "twosComplement", "signMagnitude", "onesComplement", "BCD", "packedBCD"]))
      return nil
    }
    let digitBitCount = representation == .bcd ? 8 : 4
    if representation == .bcd || representation == .packedBCD, !bitCount.isMultiple(of: digitBitCount) {
      refuse(element, "\(bitCount) bits are no whole number of decimal digits of \(digitBitCount) bits")
      return nil
    }
    guard let order = readOrder(element, bitCount) else { return nil }
    return IntegerEncoding(bitCount: bitCount, representation: representation, order: order)
  }

  /// The spellings of XTCE 1.2, of 1.1, and `signed`, which recorded databases have.
  private static func representation(_ word: String) -> IntegerEncoding.Representation? {
    switch word {
    case "unsigned": .unsigned
    case "twosComplement", "twosCompliment", "signed": .twosComplement
    case "signMagnitude": .signMagnitude
    case "onesComplement", "onesCompliment": .onesComplement
    case "BCD": .bcd
    case "packedBCD": .packedBCD
    default: nil
    }
  }

  private static func isSigned(_ representation: IntegerEncoding.Representation) -> Bool {
    switch representation {
    case .twosComplement, .signMagnitude, .onesComplement: true
    case .unsigned, .bcd, .packedBCD: false
    }
  }

  private func readFloat(_ element: XMLElement) -> FloatEncoding? {
    guard let bitCount = integer("sizeInBits", of: element, default: 32, in: 1...128) else { return nil }
    let word = element["encoding"] ?? "IEEE754_1985"
    let representation: FloatEncoding.Representation
    let bitCounts: [Int]
    switch word {
    case "IEEE754_1985", "IEEE754": (representation, bitCounts) = (.ieee754, [16, 32, 64])
    case "MILSTD_1750A": (representation, bitCounts) = (.milStd1750A, [32, 48])
    case "DEC", "IBM", "TI":
      refuse(element, "numbers of \(word) are not supported")
      return nil
    default:
      refuse(
        element, "encoding \"\(word.shortened)\" is not one of XTCE",
        hint: Spelling.hint(word, among: ["IEEE754_1985", "IEEE754", "MILSTD_1750A"]))
      return nil
    }
    guard bitCounts.contains(bitCount) else {
      let list = bitCounts.map(String.init).joined(separator: ", ")
      refuse(element, "\(word) numbers of \(bitCount) bits are not supported, but those of \(list)")
      return nil
    }
    return readOrder(element, bitCount).map {
      FloatEncoding(bitCount: bitCount, representation: representation, order: $0)
    }
  }

  /// `byteOrder` of XTCE 1.2, or `ByteOrderList` of 1.1, which comes to the same.
  private func readOrder(_ element: XMLElement, _ bitCount: Int) -> BitAndByteOrder? {
    var order = BitAndByteOrder()
    switch element["bitOrder"] ?? "mostSignificantBitFirst" {
    case "mostSignificantBitFirst": break
    case "leastSignificantBitFirst": order.isLeastSignificantBitFirst = true
    case let word:
      refuse(
        element, "`bitOrder` is \"\(word.shortened)\", which is not one of XTCE",
        hint: Spelling.hint(word, among: ["mostSignificantBitFirst", "leastSignificantBitFirst"]))
      return nil
    }
    let octetCount = (bitCount + 7) / 8
    // What is no number is there nevertheless, and makes the order one that cannot be.
    var written: [UInt8?]?
    switch element["byteOrder"] {
    case nil, "mostSignificantByteFirst": break
    case "leastSignificantByteFirst": written = (0..<octetCount).map { UInt8($0) }
    case let word? where !word.utf8.contains { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }:
      refuse(element, "`byteOrder` is \"\(word.shortened)\", which is not one of XTCE", hint: Self.byteOrderHint(word))
      return nil
    case let list?:
      written = list.split(separator: ",", omittingEmptySubsequences: false).map {
        UInt8(Literal.trimmed(String($0)))
      }
    }
    if let list = element.child("ByteOrderList") {
      written = list.children.map { $0["byteSignificance"].flatMap { UInt8($0) } }
    }
    guard let written, octetCount > 1 || written != [0] else { return order }
    let significances = written.compactMap(\.self)
    guard significances.count == written.count, significances.sorted() == (0..<octetCount).map(UInt8.init) else {
      refuse(element, "the order of bytes is not one of \(octetCount) bytes, each named once")
      return nil
    }
    if significances == (0..<octetCount).reversed().map(UInt8.init) { return order }
    guard bitCount.isMultiple(of: 8) else {
      refuse(
        element, "an order of bytes for \(bitCount) bits, which are not whole bytes: XTCE does not say what that means",
        hint: "only the most significant byte first is supported there")
      return nil
    }
    order.octets = significances
    return order
  }

  /// Most of the world says it otherwise than XTCE.
  private static func byteOrderHint(_ word: String) -> String {
    let choices = ["mostSignificantByteFirst", "leastSignificantByteFirst"]
    let hint = Spelling.hint(word, among: choices)
    let plain = word.lowercased()
    guard !hint.hasSuffix("meant?"), let meant = plain.hasPrefix("little") ? 1 : plain.hasPrefix("big") ? 0 : nil else {
      return "\(hint), or a list of numbers such as `1,0`"
    }
    return "\(hint); is `\(choices[meant])` meant?"
  }

  // MARK: Octets

  private func readBinary(_ link: TypeChain.Link) -> DataEncoding? {
    if let algorithm = link.element.child("FromBinaryTransformAlgorithm") {
      refuse(algorithm, "what a packet holds is changed by an algorithm, and algorithms are not executed")
      return nil
    }
    guard isInOrder(link.element, "bytes") else { return nil }
    guard let size = link.element.child("SizeInBits") else {
      refuse(link.element, "it has no <SizeInBits>")
      return nil
    }
    return readIntegerValue(size, from: link.system, in: 0...Limits.packetBitCount).map(DataEncoding.binary(bitCount:))
  }

  /// Whether texts or bytes come in the order in which they are read. The bytes of a text that are characters by
  /// themselves are in that order whatever is written, as others read it too.
  func isInOrder(_ element: XMLElement, _ what: String, isOrderless: Bool = false) -> Bool {
    if let order = element["bitOrder"], order != "mostSignificantBitFirst" {
      refuse(element, "\(what) with the least significant bit first are not supported")
      return false
    }
    let order = element["byteOrder"] ?? "mostSignificantByteFirst"
    guard order != "mostSignificantByteFirst" || element.child("ByteOrderList") != nil else { return true }
    if isOrderless {
      warn(element, "an order of bytes says nothing of these texts: it is passed over")
      return true
    }
    refuse(
      element, "\(what) with another order of bytes than the most significant one first are not supported",
      hint: what == "texts" ? "of UTF-16, write UTF-16LE; a leading size is read most significant byte first" : nil)
    return false
  }
}
