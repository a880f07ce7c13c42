import CPage

/// The files of the live page, which are part of the program.
package enum PageFile: String, CaseIterable, Sendable {
  case document = "index.html"
  case style = "page.css"
  case icon = "favicon.svg"
  /// What begins everything, and the modules that it imports.
  case script = "page.js"
  case alarms = "alarms.js"
  case channels = "channels.js"
  case chart = "chart.js"
  case dom = "dom.js"
  case events = "events.js"
  case feed = "feed.js"
  case figures = "figures.js"
  case flow = "flow.js"
  case history = "history.js"
  case ledger = "ledger.js"
  case limits = "limits.js"
  case links = "links.js"
  case parameters = "parameters.js"
  case passes = "passes.js"
  case problems = "problems.js"
  case words = "words.js"

  /// The one at a path.
  package init?(path: String) {
    guard let file = Self.allCases.first(where: { $0.path == path }) else { return nil }
    self = file
  }

  /// Where it is.
  package var path: String { self == .document ? "/" : "/" + rawValue }

  /// What stands in `Content-Type`.
  package var contentType: String {
    switch self {
    case .document: "text/html; charset=utf-8"
    case .style: "text/css; charset=utf-8"
    case .icon: "image/svg+xml"
    case .script, .alarms, .channels, .chart, .dom, .events, .feed, .figures, .flow,
      .history, .ledger, .limits, .links, .parameters, .passes, .problems, .words:
      "text/javascript; charset=utf-8"
    }
  }

  /// What is in it.
  package var bytes: [UInt8] { EmbeddedFile.bytes(rawValue) }
}

/// The schemas of documents, which are part of the program too.
package enum SchemaFile: String, CaseIterable, Sendable {
  /// Of documents that only the web has schemas for, by their names.
  case documents = "documents.json"
  /// Of the answer to `status`, and of its parts.
  case status = "status.schema.json"
  /// Of an event, and of its parts.
  case events = "events.schema.json"

  /// What is in it.
  package var bytes: [UInt8] { EmbeddedFile.bytes(rawValue) }
}

private enum EmbeddedFile {
  package static func bytes(_ name: String) -> [UInt8] {
    var count = 0
    guard let start = unsafe page_bytes(name, &count) else { return [] }
    return unsafe Array(UnsafeBufferPointer(start: start, count: count))
  }
}
