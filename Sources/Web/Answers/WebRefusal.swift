/// Why a request is refused before anybody looks at what it asks: a closed set.
enum WebRefusal: Equatable, Sendable {
  /// It is not HTTP as it should be; says what is wrong.
  case badRequest(String)
  case timeout
  case method
  case body
  case targetTooLong
  case headTooLarge
  case host
  case token
  case tooManyConnections
  case overloaded

  /// All of them.
  static let all: [WebRefusal] = [
    .badRequest("malformed"), .timeout, .method, .body, .targetTooLong, .headTooLarge, .host, .token,
    .tooManyConnections, .overloaded,
  ]

  /// The status code of HTTP.
  var status: Int {
    switch self {
    case .badRequest: 400
    case .token: 401
    case .method: 405
    case .timeout: 408
    case .body: 413
    case .targetTooLong: 414
    case .host: 421
    case .headTooLarge: 431
    case .tooManyConnections, .overloaded: 503
    }
  }

  /// The word in `error.code`.
  var code: String {
    switch self {
    case .badRequest: "bad_request"
    case .token: "unauthorized"
    case .method: "method_not_allowed"
    case .timeout: "request_timeout"
    case .body: "body_refused"
    case .targetTooLong: "target_too_long"
    case .host: "host_not_allowed"
    case .headTooLarge: "head_too_large"
    case .tooManyConnections: "too_many_connections"
    case .overloaded: "busy"
    }
  }

  /// What is wrong, for a person.
  var message: String {
    switch self {
    case .badRequest(let reason): reason
    case .token: "a token is needed here"
    case .method: "only GET and HEAD are answered"
    case .timeout: "the request did not arrive in time"
    case .body: "a request has no body here"
    case .targetTooLong: "the request line is too long"
    case .host: "the server is not called that"
    case .headTooLarge: "the header fields are too long"
    case .tooManyConnections: "there are too many connections already"
    case .overloaded: "too much is on its way to others already"
    }
  }

  /// What to do instead.
  var hint: String {
    switch self {
    case .badRequest: "see /api/v1/openapi.json for what can be asked"
    case .token: "send 'Authorization: Bearer' and what is in web.token_file"
    case .method: "give commands with 'downlinkctl'"
    case .timeout: "send a request at once"
    case .body: "put the arguments behind a question mark"
    case .targetTooLong: "a request line has at most 4096 bytes"
    case .host: "ask by address, or add the name to web.hosts"
    case .headTooLarge: "a request has at most 8192 bytes"
    case .tooManyConnections: "close some, or raise web.max_connections or web.max_connections_per_address"
    case .overloaded: "come again in a moment"
    }
  }

  /// Header fields that go with it.
  var fields: [(String, String)] {
    switch self {
    case .token:
      [
        ("WWW-Authenticate", "Bearer realm=\"downlinkd\""),
        ("WWW-Authenticate", "Basic realm=\"downlinkd\", charset=\"UTF-8\""),
      ]
    case .method: [("Allow", "GET, HEAD")]
    case .tooManyConnections, .overloaded: [("Retry-After", "1")]
    case .badRequest, .timeout, .body, .targetTooLong, .host, .headTooLarge: []
    }
  }

  /// Whether the connection ends with it: where something may follow that is no request.
  var closes: Bool {
    switch self {
    case .token, .overloaded: false
    case .badRequest, .timeout, .method, .body, .targetTooLong, .host, .headTooLarge, .tooManyConnections: true
    }
  }

  /// Under what it is counted.
  var counted: WebCounters.Refusal {
    switch self {
    case .badRequest: .badRequest
    case .token: .token
    case .method: .method
    case .timeout: .headTimeout
    case .body: .bodyRefused
    case .targetTooLong: .targetTooLong
    case .host: .host
    case .headTooLarge: .headTooLarge
    case .tooManyConnections: .connections
    case .overloaded: .overloaded
    }
  }
}
