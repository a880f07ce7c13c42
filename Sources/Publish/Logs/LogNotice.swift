import LinkHealth

/// What a log has to say about itself.
package enum LogNotice: Equatable, Sendable {
  /// A file was finished and renamed to `path`.
  case rotated(path: String)
  /// Records are being dropped from here on.
  case degraded(PublishError)
  /// Records are written again; `droppedRecordCount` were lost meanwhile.
  case recovered(path: String, droppedRecordCount: UInt64)
  /// The file was damaged behind its last whole record when it was opened; what was no line was cut off.
  case truncated(path: String, byteCount: Int, cutByteCount: Int)
  /// A finished file could not be packed and stays as it is; it is tried again.
  case uncompressed(PublishError)
}

extension EventRecord {
  /// A log's notice as an event of type `log`.
  package init(_ notice: LogNotice, at time: Int64) {
    switch notice {
    case .rotated(let path):
      self.init(.log, severity: .info, time: time) {
        $0.member("action", "rotate")
        $0.member("path", path)
      }
    case .degraded(let error):
      self.init(.log, severity: .error, time: time) { error.write(to: &$0, action: "degraded") }
    case .uncompressed(let error):
      self.init(.log, severity: .warning, time: time) { error.write(to: &$0, action: "uncompressed") }
    case .recovered(let path, let droppedRecordCount):
      self.init(.log, severity: .notice, time: time) {
        $0.member("action", "recovered")
        $0.member("path", path)
        $0.member("dropped", droppedRecordCount)
      }
    case .truncated(let path, let byteCount, let cutByteCount):
      self.init(.log, severity: .warning, time: time) {
        $0.member("action", "truncated")
        $0.member("path", path)
        $0.member("bytes", byteCount)
        $0.member("cut_bytes", cutByteCount)
      }
    }
  }
}

extension PublishError {
  fileprivate func write(to json: inout JSONWriter, action: String) {
    json.member("action", action)
    json.member("path", path)
    json.member("reason", message)
    switch self {
    case .system(let operation, _, let errno):
      json.member("operation", operation.rawValue)
      json.member("errno", errno)
    case .shortOfSpace(_, let freeByteCount, let minimumByteCount):
      json.member("free_bytes", freeByteCount)
      json.member("min_free_bytes", minimumByteCount)
    case .notARegularFile, .notASocket, .socketPathTooLong, .socketOfAnotherUser, .socketInUse: break
    }
  }
}
