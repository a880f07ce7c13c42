import Publish
import Testing

@Suite("JSON of requests: strict and bounded, RFC 8259")
struct JSONReaderTests {
  @Test("every kind of value is read")
  func readsValues() throws {
    let value = try JSONReader.read(Array(#" {"a":[1,-2.5e1,"x\u00e9\n",true,false,null,{}],"b":[]} "#.utf8))
    #expect(
      value
        == .object([
          .init(
            name: "a",
            value: .array([.integer(1), .number(-25), .string("xé\n"), .bool(true), .bool(false), .null, .object([])])),
          .init(name: "b", value: .array([])),
        ]))
  }

  @Test("a surrogate pair is one character")
  func joinsSurrogates() throws {
    #expect(try JSONReader.read(Array(#""\ud83d\ude80""#.utf8)) == .string("🚀"))
  }

  @Test(
    "what is not JSON is refused",
    arguments: [
      ("", JSONSyntaxError.Reason.unexpectedEnd), ("{", .unexpectedEnd), (#"{"a""#, .unexpectedEnd),
      ("[1,]", .unexpectedByte), ("{,}", .unexpectedByte), ("tru", .unexpectedEnd), ("nul1", .unexpectedByte),
      ("01", .unexpectedByte), ("-", .badNumber), ("1.", .badNumber), ("1e", .badNumber), ("1e999", .badNumber),
      (#""\x""#, .badString), (#""\ud800""#, .badString), (#""\udc00""#, .badString), ("\"\u{01}\"", .badString),
      ("\"a\0b\"", .badString), (#"{"a":1,"a":2}"#, .duplicateMember), ("1 2", .unexpectedByte),
      ("'a'", .unexpectedByte),
    ])
  func refuses(text: String, reason: JSONSyntaxError.Reason) {
    let error = #expect(throws: JSONSyntaxError.self) { _ = try JSONReader.read(Array(text.utf8)) }
    #expect(error?.reason == reason)
  }

  @Test("nesting is read to a depth of sixteen and no deeper", arguments: [(16, true), (17, false), (4000, false)])
  func boundsDepth(depth: Int, isAccepted: Bool) {
    let text = String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
    #expect(((try? JSONReader.read(Array(text.utf8))) != nil) == isAccepted)
  }

  @Test("bytes that are not UTF-8 are refused")
  func refusesBadUTF8() {
    let error = #expect(throws: JSONSyntaxError.self) { _ = try JSONReader.read([0x22, 0xC3, 0x28, 0x22]) }
    #expect(error?.reason == .notUTF8)
  }

  @Test("no bytes make it trap", arguments: [1, 2, 3, 4] as [UInt64])
  func survivesRandomBytes(seed: UInt64) {
    var generator = SplitMix(state: seed)
    let alphabet = Array(#"{}[]",:\u0123456789abcdefnulltrue-+.eE "#.utf8) + [0, 0x80, 0xFF]
    for _ in 0..<20_000 {
      let count = Int(generator.next() % 40)
      let bytes = (0..<count).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] }
      _ = try? JSONReader.read(bytes)
    }
  }
}

/// A generator whose seed is in the test's name.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
