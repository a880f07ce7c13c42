import LinkHealth

/// What a log has to say about itself.
package enum LogNotice: Equatable, Sendable {
  /// A file was finished and renamed to `path`.
  case rotated(path: String)
  /// Records are being dropped from here on.
  case degraded(PublishError)
  /// Records are written again; `droppedRecordCount` were lost meanwhile.
  case recovered(path: String, droppedRecordCount: UInt64)
  /// The file ended in the middle of a record when it was opened; the broken line was ended where it is.
  case truncated(path: String, byteCount: Int)
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
      self.init(.log, severity: .error, time: time) {
        $0.member("action", "degraded")
        $0.member("path", error.path)
        if case .system(let operation, _, let errno) = error {
          $0.member("operation", operation.rawValue)
          $0.member("errno", errno)
        }
      }
    case .recovered(let path, let droppedRecordCount):
      self.init(.log, severity: .notice, time: time) {
        $0.member("action", "recovered")
        $0.member("path", path)
        $0.member("dropped", droppedRecordCount)
      }
    case .truncated(let path, let byteCount):
      self.init(.log, severity: .warning, time: time) {
        $0.member("action", "truncated")
        $0.member("path", path)
        $0.member("bytes", byteCount)
      }
    }
  }
}
