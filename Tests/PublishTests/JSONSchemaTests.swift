import Publish
import TestSupport
import Testing

@Suite("The checker of JSON Schema 2020-12 that the tests use")
struct JSONSchemaTests {
  private func violations(_ schema: String, _ value: String) throws -> [String] {
    JSONSchema(try JSONReader.read(Array(schema.utf8))).violations(of: try JSONReader.read(Array(value.utf8)))
  }

  @Test(
    "each keyword tells right from wrong",
    arguments: [
      (#"{"type":"integer"}"#, "1", "1.5"), (#"{"type":"integer"}"#, "2.0", #""2""#),
      (#"{"type":"object"}"#, "{}", "[]"),
      (#"{"const":3}"#, "3", "4"), (#"{"enum":["a","b"]}"#, #""b""#, #""c""#),
      (#"{"minimum":0}"#, "0", "-1"), (#"{"maximum":7}"#, "7", "8"), (#"{"minLength":1}"#, #""x""#, #""""#),
      (#"{"pattern":"^[0-9]{2}Z$"}"#, #""12Z""#, #""123Z""#),
      (#"{"required":["a"]}"#, #"{"a":1}"#, #"{"b":1}"#),
      (#"{"properties":{"a":{"type":"string"}}}"#, #"{"a":"x","b":1}"#, #"{"a":1}"#),
      (#"{"properties":{"a":true},"additionalProperties":false}"#, #"{"a":1}"#, #"{"a":1,"b":1}"#),
      (#"{"additionalProperties":{"type":"integer"}}"#, #"{"b":1}"#, #"{"b":"x"}"#),
      (#"{"items":{"type":"integer"}}"#, "[1,2]", #"[1,"x"]"#),
      (#"{"oneOf":[{"const":1},{"const":2}]}"#, "2", "3"), (#"{"oneOf":[{"minimum":1},{"minimum":2}]}"#, "1", "2"),
      (##"{"$ref":"#/$defs/a","$defs":{"a":{"const":1}}}"##, "1", "2"),
      (
        #"{"oneOf":[{"properties":{"a":true}},false],"properties":{"c":true},"unevaluatedProperties":false}"#,
        #"{"a":1,"c":2}"#, #"{"a":1,"d":2}"#
      ),
      (
        #"{"oneOf":[{"properties":{"a":true},"required":["a"]},{"required":["b"]}],"unevaluatedProperties":false}"#,
        #"{"a":1}"#, #"{"b":1}"#
      ),
    ])
  func knowsKeyword(schema: String, right: String, wrong: String) throws {
    #expect(try violations(schema, right) == [])
    #expect(try violations(schema, wrong) != [])
  }

  @Test("a keyword that it does not know is a violation, and so is a reference to nowhere")
  func refusesUnknownKeyword() throws {
    #expect(try violations(#"{"minItems":1}"#, "[]").count == 1)
    #expect(try violations(##"{"$ref":"#/$defs/b"}"##, "1").count == 1)
  }
}
