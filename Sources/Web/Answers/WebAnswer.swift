import LinkHealth
import Publish

/// What a client gets: a status, header fields and bytes.
struct WebAnswer: Sendable, Equatable {
  /// The status code of HTTP.
  var status: Int
  /// Beside those that every answer has.
  var fields: [Field] = []
  var body: [UInt8]
  /// Whether the connection ends with it.
  var closes = false

  /// A header field.
  struct Field: Sendable, Equatable {
    var name: String
    var value: String
  }

  /// An answer of one type of content.
  init(status: Int = 200, _ contentType: String, _ body: [UInt8]) {
    self.status = status
    self.body = body
    add("Content-Type", contentType)
  }

  /// A JSON document.
  init(status: Int = 200, json: String) { self.init(status: status, "application/json", Array(json.utf8)) }

  /// Lines of plain text.
  init(status: Int = 200, lines: [String]) {
    self.init(status: status, "text/plain; charset=utf-8", Array((lines.joined(separator: "\n") + "\n").utf8))
  }

  /// Why a command was not answered, in the words of the status socket.
  init(_ error: StatusError) {
    var json = JSONWriter()
    json.object { $0.object("error") { error.write(to: &$0) } }
    self.init(status: Self.status(of: error.code), json: json.text)
  }

  /// Why a request was refused. The connection ends with it, unless it was a request like any other.
  init(_ refusal: WebRefusal) {
    var json = JSONWriter()
    json.object { root in
      root.object("error") {
        $0.member("code", refusal.code)
        $0.member("message", refusal.message)
        $0.member("hint", refusal.hint)
      }
    }
    self.init(status: refusal.status, json: json.text)
    for (name, value) in refusal.fields { add(name, value) }
    closes = refusal.closes
  }

  mutating func add(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

  /// The status code that goes with an error of the protocol.
  static func status(of code: StatusError.Code) -> Int {
    switch code {
    case .badJSON, .badArgument: 400
    case .tooLong: 413
    case .unknownCommand, .notFound: 404
    case .notAllowed: 403
    case .conflict: 409
    case .busy: 503
    case .configInvalid, .internal: 500
    }
  }
}
