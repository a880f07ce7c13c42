import LinkHealth
import Publish

/// What can be asked, what is answered, and what refused, for programs that read it.
///
/// Standard: OpenAPI 3.1.0.
package enum OpenAPIDocument {
  /// The document, made anew; it is long.
  package static func text(_ version: String) -> String {
    var json = JSONWriter()
    json.object { root in
      root.member("openapi", "3.1.0")
      root.object("info") {
        $0.member("title", "downlinkd")
        $0.member("version", version)
        $0.member(
          "description",
          "The health of the links of a ground station: the documents of the status socket over HTTP. All of it is "
            + "read-only, from snapshots that are a second old at most. HEAD is answered wherever GET is, every other "
            + "method with 405. Members are added, never renamed: a reader ignores what it does not know.")
      }
      root.object("paths") { paths in
        paths.object("/metrics") { write(metrics, to: &$0) }
        paths.object("/healthz") { write(health, to: &$0) }
        paths.object("/readyz") { write(readiness, to: &$0) }
        for command in StatusCommand.allCases {
          paths.object(WebRoute.commandPrefix + command.rawValue) { write(operation(of: command), to: &$0) }
        }
        paths.object("/api/v1/openapi.json") { write(description, to: &$0) }
      }
      root.object("components") { components in
        components.object("schemas") { OpenAPISchemas.write(to: &$0) }
        components.object("responses") { responses in
          for status in refusals { responses.object("\(status)") { writeRefusal(status, to: &$0) } }
        }
        components.object("securitySchemes") { schemes in
          for scheme in ["bearer", "basic"] {
            schemes.object(scheme) {
              $0.member("type", "http")
              $0.member("scheme", scheme)
            }
          }
        }
      }
      root.array("security") { list in
        list.object { _ in }
        for scheme in ["bearer", "basic"] { list.object { $0.array(scheme) { _ in } } }
      }
    }
    return json.text
  }

  // MARK: Operations

  private struct Operation {
    var id: String
    var summary: String
    var arguments: [String] = []
    /// What a good answer is, by its type of content.
    var contents: [(type: String, schema: String)]
    /// What 503 means, where it is not that there is too much to do.
    var verdict: String?
  }

  private static let plainText = "{\"type\":\"string\"}"

  private static let metrics = Operation(
    id: "metrics", summary: "the metrics, in the text format of Prometheus or OpenMetrics",
    contents: ExpositionFormat.allCases.map { ($0.contentType, plainText) })
  private static let health = Operation(
    id: "healthz", summary: "whether the process is well and its queues drain",
    contents: [("text/plain; charset=utf-8", plainText)], verdict: "It is not; each line says why.")
  private static let readiness = Operation(
    id: "readyz", summary: "whether all links listen and the logs are written",
    contents: [("text/plain; charset=utf-8", plainText)], verdict: "They are not; each line says why.")
  private static let description = Operation(
    id: "openapi", summary: "this description", contents: [("application/json", "{\"type\":\"object\"}")])

  private static func operation(of command: StatusCommand) -> Operation {
    let name = command.rawValue
    let contents =
      command == .watch
      ? [("text/event-stream", plainText)]
      : [("application/json", "{\"$ref\":\"#/components/schemas/\(name)\"}")]
    return Operation(id: name, summary: command.summary, arguments: command.argumentNames, contents: contents)
  }

  private static func write(_ operation: Operation, to path: inout JSONWriter) {
    path.object("get") { get in
      get.member("operationId", operation.id)
      get.member("summary", operation.summary)
      if operation.id == StatusCommand.watch.rawValue { get.member("description", streamDescription) }
      get.array("parameters") { array in
        for name in operation.arguments { array.object { OpenAPIArgument(name).write(to: &$0) } }
        if operation.id == StatusCommand.watch.rawValue { array.object { writeLastEventID(to: &$0) } }
      }
      get.object("responses") { responses in
        responses.object("200") { writeContents(operation, "What was asked for.", to: &$0) }
        if let verdict = operation.verdict {
          responses.object("503") { writeVerdict(operation, verdict, to: &$0) }
        }
        for status in refusals where operation.verdict == nil || status != 503 {
          responses.object("\(status)") { $0.member("$ref", "#/components/responses/\(status)") }
        }
      }
    }
  }

  private static func writeContents(_ operation: Operation, _ words: String, to response: inout JSONWriter) {
    response.member("description", words)
    response.object("content") { contents in
      for content in operation.contents { contents.object(content.type) { $0.member("schema", json: content.schema) } }
    }
  }

  private static func writeVerdict(_ operation: Operation, _ verdict: String, to response: inout JSONWriter) {
    response.member("description", verdict + " Or there is too much to do; come again in a moment.")
    response.object("content") { contents in
      for content in operation.contents { contents.object(content.type) { $0.member("schema", json: content.schema) } }
      contents.object("application/json") { $0.member("schema", json: "{\"$ref\":\"#/components/schemas/error\"}") }
    }
  }

  private static let streamDescription =
    "Server-sent events. 'hello' comes first and says which run of the daemon this is; then come 'event', 'stats' and "
    + "'parameters' with the lines of the status socket; 'lost' says how many events were left out, because this "
    + "client was too slow or came back too late; 'bye' is the last, with the reason. The id of an event goes into "
    + "Last-Event-ID when a client comes back: what it has missed, of the last thousand, comes first."

  private static func writeLastEventID(to parameter: inout JSONWriter) {
    parameter.member("name", "Last-Event-ID")
    parameter.member("in", "header")
    parameter.member("description", "The id of the last event that was seen. What is none is as good as nothing.")
    parameter.object("schema") { $0.member("type", "string") }
  }

  // MARK: Refusals

  /// The status codes of all refusals and errors.
  private static let refusals: [Int] = Set(
    WebRefusal.all.map(\.status) + StatusError.Code.allCases.map(WebAnswer.status)
  ).sorted()

  private static func writeRefusal(_ status: Int, to response: inout JSONWriter) {
    let codes =
      WebRefusal.all.filter { $0.status == status }.map(\.code)
      + StatusError.Code.allCases.filter { WebAnswer.status(of: $0) == status }.map(\.rawValue)
    response.member("description", "Refused, with one of the codes " + Set(codes).sorted().joined(separator: ", "))
    response.object("content") {
      $0.object("application/json") { $0.member("schema", json: "{\"$ref\":\"#/components/schemas/error\"}") }
    }
  }
}
