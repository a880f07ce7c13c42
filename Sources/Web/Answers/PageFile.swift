import CPage

/// The files of the live page, which are part of the program.
enum PageFile: Int, CaseIterable, Sendable {
  case document, style, script, icon

  /// The one at a path.
  init?(path: String) {
    guard let file = Self.allCases.first(where: { $0.path == path }) else { return nil }
    self = file
  }

  /// Where it is.
  var path: String {
    switch self {
    case .document: "/"
    case .style: "/page.css"
    case .script: "/page.js"
    case .icon: "/favicon.svg"
    }
  }

  /// What stands in `Content-Type`.
  var contentType: String {
    switch self {
    case .document: "text/html; charset=utf-8"
    case .style: "text/css; charset=utf-8"
    case .script: "text/javascript; charset=utf-8"
    case .icon: "image/svg+xml"
    }
  }

  /// What is in it.
  var bytes: [UInt8] { EmbeddedFile.bytes(rawValue) }
}

/// The schemas of documents, which are part of the program too.
enum SchemaFile: Int, CaseIterable, Sendable {
  /// Of documents that only the web has schemas for, by their names.
  case documents = 4
  /// Of the answer to `status`, and of its parts.
  case status
  /// Of an event, and of its parts.
  case events

  /// What is in it.
  var bytes: [UInt8] { EmbeddedFile.bytes(rawValue) }
}

private enum EmbeddedFile {
  static func bytes(_ index: Int) -> [UInt8] {
    var count = 0
    guard let start = unsafe page_bytes(Int32(index), &count) else { return [] }
    return unsafe Array(UnsafeBufferPointer(start: start, count: count))
  }
}
