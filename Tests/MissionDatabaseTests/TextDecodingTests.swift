import MissionDatabase
import Testing

@Suite("Texts and octets")
struct TextDecodingTests {
  /// A number, a text, and a number behind it.
  private func decode(
    _ digits: String, _ type: (inout DatabaseMaker, ParameterIndex) -> TypeIndex
  ) throws -> Decoded {
    var maker = DatabaseMaker()
    let byte = maker.unsigned(8)
    let size = maker.parameter("SIZE", byte)
    let type = type(&maker, size)
    let text = maker.parameter("TEXT", type)
    let after = maker.parameter("AFTER", byte)
    _ = maker.container("Packet", [entry(size), entry(text), entry(after)])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    return decoder.decoded(hex(digits))
  }

  @Test("a text of a constant size, with and without a terminator in it")
  func fixedSize() throws {
    let whole = try decode("06616263646566ff") { maker, _ in maker.string(.fixed(48), .whole) }
    #expect(whole["TEXT"] == .text("abcdef") && whole["AFTER"] == .integer(255))
    let ended = try decode("06616200006566ff") { maker, _ in maker.string(.fixed(48), .terminator([0])) }
    #expect(ended["TEXT"] == .text("ab") && ended["AFTER"] == .integer(255))
    #expect(ended.samples[1].bits == 8..<24)
    let full = try decode("06616263646566ff") { maker, _ in maker.string(.fixed(48), .terminator([0])) }
    #expect(full["TEXT"] == .text("abcdef") && full["AFTER"] == .integer(255))
  }

  @Test("a text whose size another value says")
  func saidSize() throws {
    let found = try decode("03616263ff") { maker, size in maker.string(octets(size), .whole) }
    #expect(found["TEXT"] == .text("abc") && found["AFTER"] == .integer(255))
    let empty = try decode("00ff") { maker, size in maker.string(octets(size), .whole) }
    #expect(empty["TEXT"] == .text("") && empty["AFTER"] == .integer(255))
  }

  @Test("a text up to a terminator, which belongs to what it takes")
  func terminated() throws {
    let found = try decode("0061620d0aff") { maker, _ in maker.string(nil, maximum: 48, .terminator([13, 10])) }
    #expect(found["TEXT"] == .text("ab") && found["AFTER"] == .integer(255))
    #expect(found.outcome.describedBitCount == 48)
  }

  @Test("without a terminator up to its largest size there is no text; without one in the packet it is short")
  func unterminated() throws {
    let long = try decode("00616263646566ff00") { maker, _ in maker.string(nil, maximum: 48, .terminator([0])) }
    #expect(long.outcome.completeness == .impossibleSize && long.end == "TEXT" && long.names == ["SIZE"])
    let cut = try decode("00616263") { maker, _ in maker.string(nil, maximum: 48, .terminator([0])) }
    #expect(cut.outcome.completeness == .short && cut.end == "TEXT")
  }

  @Test("a count in front of a text says how many octets it has")
  func counted() throws {
    let found = try decode("0000026162ff") { maker, _ in maker.string(nil, maximum: 48, .leadingSize(bitCount: 16)) }
    #expect(found["TEXT"] == .text("ab") && found["AFTER"] == .integer(255))
    #expect(found.samples[1].bits == 24..<40)
    let boxed = try decode("0603616263ffffee") { maker, size in
      maker.string(octets(size), .leadingSize(bitCount: 8))
    }
    #expect(boxed["TEXT"] == .text("abc") && boxed["AFTER"] == .integer(0xEE))
  }

  @Test("a count beyond what there is room for is impossible, beyond the packet it is short")
  func countedBeyond() throws {
    let long = try decode("0000056162636465ff") { maker, _ in
      maker.string(nil, maximum: 48, .leadingSize(bitCount: 16))
    }
    #expect(long.outcome.completeness == .impossibleSize && long.end == "TEXT")
    let huge = try decode("00ffffffffffffffff61") { maker, _ in
      maker.string(nil, maximum: 1 << 40, .leadingSize(bitCount: 64))
    }
    #expect(huge.outcome.completeness == .impossibleSize)
    let cut = try decode("0000046162") { maker, _ in maker.string(nil, maximum: 48, .leadingSize(bitCount: 16)) }
    #expect(cut.outcome.completeness == .short && cut.end == "TEXT")
    let boxed = try decode("0204616263ffffee") { maker, size in
      maker.string(octets(size), .leadingSize(bitCount: 8))
    }
    #expect(boxed.outcome.completeness == .impossibleSize)
  }

  @Test("texts that begin within a byte")
  func unaligned() throws {
    var maker = DatabaseMaker()
    let nibble = maker.unsigned(4)
    let lead = maker.parameter("LEAD", nibble)
    let type = maker.string(nil, maximum: 64, .terminator([0]))
    let text = maker.parameter("TEXT", type)
    let after = maker.parameter("AFTER", nibble)
    _ = maker.container("Packet", [entry(lead), entry(text), entry(after)])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    let found = decoder.decoded(hex("561627300f"))
    #expect(found["TEXT"] == .text("abs") && found["AFTER"] == .integer(15))
  }

  @Test("octets of a size that another value says, in bits")
  func binary() throws {
    let found = try decode("0cabcdef") { maker, size in maker.binary(value(size)) }
    // Twelve bits: the last four in the high places of an octet.
    #expect(found["TEXT"] == .octets([0xAB, 0xC0]))
    #expect(found["AFTER"] == .integer(0xDE))
  }

  @Test("a size below zero, or one that no integer holds, is impossible", arguments: [-1, Int.max, Int.min])
  func impossibleSizes(slope: Int) throws {
    let found = try decode("7fabcdef") { maker, size in
      maker.binary(
        .dynamic(ParameterReference(size), slope: slope, intercept: slope == -1 ? 0 : slope, usesCalibrated: false))
    }
    #expect(found.outcome.completeness == .impossibleSize && found.end == "TEXT" && found.names == ["SIZE"])
  }

  @Test("a size beyond the packet is short")
  func sizeBeyondPacket() throws {
    let found = try decode("04abcdef") { maker, size in maker.binary(octets(size)) }
    #expect(found.outcome.completeness == .short && found.end == "TEXT")
  }

  @Test("a size of a table: the first condition that holds, else the default, else there is none")
  func lookup() throws {
    func size(_ size: ParameterIndex, defaultValue: Int?) -> IntegerValue {
      .lookup(
        [
          DiscreteLookup(value: 8, criterion: raw(size, .isEqual, 1)),
          DiscreteLookup(value: 16, criterion: raw(size, .isLess, 4)),
        ], defaultValue: defaultValue)
    }
    func decoded(_ digits: String, _ defaultValue: Int?) throws -> Decoded {
      try decode(digits) { maker, parameter in maker.binary(size(parameter, defaultValue: defaultValue)) }
    }
    #expect(try decoded("01aabbcc", nil)["TEXT"] == .octets([0xAA]))
    #expect(try decoded("03aabbcc", nil)["TEXT"] == .octets([0xAA, 0xBB]))
    #expect(try decoded("09aabbcc", 0)["TEXT"] == .octets([]))
    #expect(try decoded("09aabbcc", nil).outcome.completeness == .impossibleSize)
  }

  // MARK: Characters

  @Test(
    "octets as characters of each set; what is none becomes the sign for that",
    arguments: [
      (StringEncoding.CharacterSet.usASCII, "61e462", "a\u{FFFD}b"), (.iso8859Latin1, "61e480", "aä\u{80}"),
      (.windows1252, "80e481", "€ä\u{FFFD}"), (.utf8, "61c3a4ff", "aä\u{FFFD}"),
      (.utf16(isBigEndian: true), "006120ac", "a€"), (.utf16(isBigEndian: false), "6100ac20", "a€"),
    ])
  func characters(set: StringEncoding.CharacterSet, digits: String, expected: String) throws {
    let bytes = hex(digits)
    let found = try decode("00" + digits + "ff") { maker, _ in
      maker.type(
        .string,
        .string(
          StringEncoding(characters: set, bitCount: .fixed(8 * bytes.count), maximumBitCount: 0, ending: .whole)))
    }
    #expect(found["TEXT"] == .text(expected))
  }

  @Test("a terminator of two octets is looked for at whole characters only")
  func wideTerminator() throws {
    // U+0100 U+0061 has two zero octets within; only the last two end it.
    let found = try decode("00610001000000ff") { maker, _ in
      maker.type(
        .string,
        .string(
          StringEncoding(
            characters: .utf16(isBigEndian: false), bitCount: nil, maximumBitCount: 64, ending: .terminator([0, 0]))))
    }
    #expect(found["TEXT"] == .text("a\u{1}") && found["AFTER"] == .integer(255))
  }

  // MARK: Numbers and truth values as texts

  @Test(
    "numbers that are written down",
    arguments: [
      ("100", Value.integer(100)), ("-17 ", .integer(-17)), ("+5", .integer(5)), ("  42", .integer(42)),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("18446744073709551615", .unsigned(.max)), ("2.5", .integer(3)), ("1e3", .integer(1000)), ("", .none),
      ("-", .none), ("12x", .none), ("1 2", .none), ("99999999999999999999999", .none), ("0x10", .none),
    ])
  func writtenIntegers(text: String, expected: Value) throws {
    #expect(try number(text, .integer(isSigned: true, bitCount: 64)) == expected)
  }

  @Test(
    "numbers with a fraction that are written down",
    arguments: [
      ("-3.14", -3.14), ("100", 100), (".5", 0.5), ("5.", 5), ("1.5E2", 150), ("-2.5e-3", -0.0025), ("1e22", 1e22),
      ("0e999", 0), ("1e-400", 0), ("0.1", 0.1), ("123456.789", 123456.789),
    ])
  func writtenFractions(text: String, expected: Double) throws {
    #expect(try number(text, .float(bitCount: 64)) == .number(expected))
  }

  @Test("what is written like no number is none", arguments: [".", "e5", "1e", "1e+", "--1", "1.2.3", "1e5.5", "nan"])
  func noNumbers(text: String) throws { #expect(try number(text, .float(bitCount: 64)) == Value.none) }

  private func number(_ text: String, _ kind: EngineeringKind) throws -> Value? {
    let octets = Array(text.utf8)
    let digits = octets.map { String($0, radix: 16) }.map { $0.count == 1 ? "0" + $0 : $0 }.joined()
    return try decode("00" + digits + "ff") { maker, _ in
      maker.type(
        kind,
        .string(
          StringEncoding(
            characters: .usASCII, bitCount: .fixed(8 * octets.count), maximumBitCount: 0, ending: .whole)))
    }["TEXT"]
  }

  @Test(
    "truth values as texts, in either case; else as numbers; else there is none",
    arguments: [
      ("59657321", Value.boolean(true)), ("6e6f6f6f", .boolean(false)), ("30303031", .boolean(true)),
      ("30303030", .boolean(false)), ("71717171", .none),
    ])
  func writtenTruth(digits: String, expected: Value) throws {
    let found = try decode("00" + digits + "ff") { maker, _ in
      maker.type(
        .boolean(one: "yes!", zero: "nooo"),
        .string(StringEncoding(characters: .utf8, bitCount: .fixed(32), maximumBitCount: 0, ending: .terminator([0]))))
    }
    #expect(found["TEXT"] == expected)
    #expect(found.samples[1].validity == (expected == Value.none ? .noLabel : .valid))
  }
}
