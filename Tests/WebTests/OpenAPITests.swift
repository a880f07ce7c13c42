import LinkHealth
import Publish
import Testing
import Web

@Suite("The description of the interface, OpenAPI 3.1")
struct OpenAPITests {
  private static func document() throws -> JSONValue {
    let text = OpenAPIDocument.text("0.1.0")
    return try JSONReader.read(Array(text.utf8))
  }

  @Test("every command is in it with all of its arguments and every refusal")
  func isComplete() throws {
    let document = try Self.document()
    #expect(document["openapi"] == .string("3.1.0"))
    for command in StatusCommand.allCases {
      let get = try #require(document["paths"]?["/api/v1/\(command.rawValue)"]?["get"], "\(command)")
      guard case .array(let parameters)? = get["parameters"] else {
        Issue.record("\(command) has no parameters")
        continue
      }
      let names = parameters.filter { $0["in"] == .string("query") }.compactMap { $0["name"]?.string }
      #expect(names == command.argumentNames)
      for status in [200, 400, 401, 403, 404, 405, 408, 413, 414, 421, 431, 500, 503] {
        #expect(get["responses"]?["\(status)"] != nil, "\(command) \(status)")
      }
    }
    for path in ["/metrics", "/healthz", "/readyz", "/api/v1/openapi.json"] {
      #expect(document["paths"]?[path]?["get"]?["responses"]?["200"] != nil, "\(path)")
    }
  }

  @Test("nothing is referred to that is not there")
  func refersToWhatIsThere() throws {
    let document = try Self.document()
    var references: [String] = []
    func collect(_ value: JSONValue) {
      switch value {
      case .object(let members):
        for member in members {
          if member.name == "$ref", let text = member.value.string { references.append(text) }
          collect(member.value)
        }
      case .array(let elements): elements.forEach(collect)
      case .null, .bool, .integer, .number, .string: break
      }
    }
    collect(document)
    #expect(references.count > 100)
    for reference in Set(references) {
      var value: JSONValue? = document
      for name in reference.split(separator: "/").dropFirst() { value = value?[String(name)] }
      #expect(value != nil, "\(reference)")
    }
  }
}
