import MissionDatabase
import TestSupport
import Testing

@Suite("Numbers in the bits of a packet")
struct NumberEncodingTests {
  /// Decodes one value that fills the packet, with some bits of something else before it.
  private func decode(_ encoding: DataEncoding, _ kind: EngineeringKind, _ bytes: [UInt8], lead: Int = 0) throws
    -> Decoded.Sample
  {
    var maker = DatabaseMaker()
    let type = maker.type(kind, encoding)
    let value = maker.parameter("VALUE", type)
    _ = maker.container("Packet", [entry(value, .fromStart(.fixed(lead)))])
    var decoder = PacketDecoder(try DecodePlan(maker.database))
    return try #require(decoder.decoded(bytes).samples.first)
  }

  private func integer(
    _ bytes: [UInt8], _ bitCount: Int, _ representation: IntegerEncoding.Representation,
    _ order: BitAndByteOrder = BitAndByteOrder(), lead: Int = 0
  ) throws -> Decoded.Sample {
    try decode(
      .integer(IntegerEncoding(bitCount: bitCount, representation: representation, order: order)),
      .integer(isSigned: true, bitCount: 64), bytes, lead: lead)
  }

  private func float(
    _ bytes: [UInt8], _ bitCount: Int, _ representation: FloatEncoding.Representation,
    _ order: BitAndByteOrder = BitAndByteOrder()
  ) throws -> Value {
    try decode(
      .float(FloatEncoding(bitCount: bitCount, representation: representation, order: order)), .float(bitCount: 64),
      bytes
    ).engineering
  }

  @Test("every vector of the integer encodings", .enabled(if: VectorFile.isPresent, "\(VectorFile.absence)"))
  func integerVectors() throws {
    let vectors = try VectorFile.group("int_encodings")
    #expect(vectors.count == 7)
    var agreed = 0
    for vector in vectors {
      let bytes = try #require(vector.bytes("hex"))
      let representation: IntegerEncoding.Representation =
        switch vector["encoding"] {
        case "twosComplement16": .twosComplement
        case "signMagnitude16": .signMagnitude
        case "onesComplement16": .onesComplement
        case "packedBCD 4 digits": .packedBCD
        default: .bcd
        }
      let found = try integer(bytes, 8 * bytes.count, representation)
      let expected = Value.integer(Int64(try #require(vector.integer("value"))))
      #expect(found.engineering == expected, "\(vector["hex"] ?? "")")
      if found.engineering == expected { agreed += 1 }
    }
    print("int_encodings: \(agreed) of \(vectors.count)")
  }

  @Test(
    "every vector of MIL-STD-1750A", .enabled(if: VectorFile.isPresent, "\(VectorFile.absence)"),
    arguments: [(32, 11), (48, 7)])
  func militaryVectors(bitCount: Int, vectorCount: Int) throws {
    let vectors = try VectorFile.numbers("mil1750a_\(bitCount)")
    #expect(vectors.count == vectorCount)
    var agreed = 0
    for (bytes, value) in vectors {
      let found = try float(bytes, bitCount, .milStd1750A)
      #expect(found == .number(value))
      if found == .number(value) { agreed += 1 }
    }
    print("mil1750a_\(bitCount): \(agreed) of \(vectors.count)")
  }

  @Test(
    "two's complement of every size, at every bit of a byte",
    arguments: 1...64, [0, 1, 3, 7])
  func twosComplement(bitCount: Int, lead: Int) throws {
    // Minus one, and the smallest number: all ones, and a one with zeros behind it.
    for (pattern, expected) in [
      (UInt64.max, Int64(-1)), (1 << UInt64(bitCount - 1), Int64.min >> Int64(64 - bitCount)),
    ] {
      var bytes = [UInt8](repeating: 0, count: 10)
      for bit in 0..<bitCount where pattern >> UInt64(bitCount - 1 - bit) & 1 == 1 {
        bytes[(lead + bit) / 8] |= 0x80 >> UInt8((lead + bit) % 8)
      }
      #expect(try integer(bytes, bitCount, .twosComplement, lead: lead).engineering == .integer(expected))
    }
  }

  @Test("64 bits without a sign are more than a signed integer holds")
  func unsigned64() throws {
    #expect(try integer(hex("fffffffffffffffe"), 64, .unsigned).engineering == .unsigned(.max - 1))
  }

  @Test("minus zero is zero; the largest magnitudes fit", arguments: [8, 64])
  func signs(bitCount: Int) throws {
    let zeros = [UInt8](repeating: 0, count: bitCount / 8 - 1)
    let ones = [UInt8](repeating: 0xFF, count: bitCount / 8 - 1)
    let largest = Int64.max >> Int64(64 - bitCount)
    #expect(try integer([0x80] + zeros, bitCount, .signMagnitude).engineering == .integer(0))
    #expect(try integer([0xFF] + ones, bitCount, .signMagnitude).engineering == .integer(-largest))
    #expect(try integer([0xFF] + ones, bitCount, .onesComplement).engineering == .integer(0))
    #expect(try integer([0x80] + zeros, bitCount, .onesComplement).engineering == .integer(-largest))
    #expect(try integer([0x7F] + ones, bitCount, .onesComplement).engineering == .integer(largest))
  }

  @Test(
    "a digit above nine makes it no number",
    arguments: [
      (IntegerEncoding.Representation.packedBCD, "12a4"), (.packedBCD, "f234"), (.bcd, "010a"), (.bcd, "1002"),
    ])
  func invalidDigits(representation: IntegerEncoding.Representation, digits: String) throws {
    let found = try integer(hex(digits), 16, representation)
    #expect(found.raw == .none)
    #expect(found.engineering == .none)
    #expect(found.validity == .notCalibrated)
  }

  @Test("sixteen digits of packed decimal, and twelve bits of it")
  func packedDecimal() throws {
    #expect(try integer(hex("9999999999999999"), 64, .packedBCD).engineering == .integer(9_999_999_999_999_999))
    #expect(try integer(hex("1230"), 12, .packedBCD).engineering == .integer(123))
  }

  @Test(
    "IEEE 754 of 16 bits, by its table",
    arguments: [
      ("3c00", 1.0), ("c000", -2.0), ("7bff", 65504.0), ("0400", 0x1p-14), ("0001", 0x1p-24), ("8000", -0.0),
      ("7c00", Double.infinity), ("fc00", -Double.infinity), ("3555", 0.333251953125),
    ])
  func half(digits: String, expected: Double) throws {
    #expect(try float(hex(digits), 16, .ieee754) == .number(expected))
  }

  @Test("what is no number stays none: of 16, 32 and 64 bits", arguments: ["7e00", "7fc00000", "7ff8000000000000"])
  func notANumber(digits: String) throws {
    guard case .number(let value) = try float(hex(digits), 4 * digits.count, .ieee754) else {
      Issue.record("not a number, but a value")
      return
    }
    #expect(value.isNaN)
  }

  @Test("IEEE 754 of 32 and 64 bits")
  func wideFloats() throws {
    #expect(try float(hex("4048f5c3"), 32, .ieee754) == .number(Double(Float(3.14))))
    #expect(try float(hex("400921fb54442d18"), 64, .ieee754) == .number(.pi))
  }

  @Test("octets in any order")
  func octetOrder() throws {
    let little = BitAndByteOrder(octets: [0, 1])
    #expect(try integer(hex("3412"), 16, .unsigned, little).engineering == .integer(0x1234))
    let little32 = BitAndByteOrder(octets: [0, 1, 2, 3])
    #expect(try float(hex("000010c0"), 32, .ieee754, little32) == .number(-2.25))
    let little24 = BitAndByteOrder(octets: [0, 1, 2])
    #expect(try integer(hex("feffff"), 24, .twosComplement, little24).engineering == .integer(-2))
    // The words of a middle-endian machine: the low octet of each first.
    let middle = BitAndByteOrder(octets: [2, 3, 0, 1])
    #expect(try integer(hex("22114433"), 32, .unsigned, middle).engineering == .integer(0x1122_3344))
    let large = BitAndByteOrder(octets: [3, 2, 1, 0])
    #expect(try integer(hex("11223344"), 32, .unsigned, large).engineering == .integer(0x1122_3344))
  }

  @Test("bits from the least significant one on")
  func bitOrder() throws {
    let order = BitAndByteOrder(isLeastSignificantBitFirst: true)
    #expect(try integer([0b1000_0000], 8, .unsigned, order).engineering == .integer(1))
    #expect(try integer([0b0101_0000], 4, .unsigned, order).engineering == .integer(0b1010))
    #expect(try integer([0b1100_0000], 3, .twosComplement, order).engineering == .integer(3))
    #expect(try integer([0b0010_0000], 3, .twosComplement, order).engineering == .integer(-4))
  }

  @Test("the octets first, then the bits of all of them")
  func bothOrders() throws {
    // 0x1234 with octets swapped is 0x3412, 0011 0100 0001 0010; reversed, 0100 1000 0010 1100.
    let order = BitAndByteOrder(octets: [0, 1], isLeastSignificantBitFirst: true)
    #expect(try integer(hex("1234"), 16, .unsigned, order).engineering == .integer(0x482C))
  }
}
