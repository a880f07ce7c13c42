import Publish

/// The messages of an event stream: the lines of the status socket, each under its name.
///
/// Standard: HTML Living Standard §9.2.5, the interpretation of an event stream.
enum StreamMessage {
  /// How soon a client comes back that has lost its connection.
  static let retry = Array("retry: 2000\n\n".utf8)
  /// Shows that the stream is there.
  static let heartbeat = Array(": \n\n".utf8)

  /// A line as the data of an event; its line feed ends the field.
  static func message(_ name: String, id: EventID? = nil, line: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(line.count + 64)
    if let id { bytes += "id: \(id.text)\n".utf8 }
    bytes += "event: \(name)\ndata: ".utf8
    bytes += line
    bytes += "\n".utf8
    return bytes
  }

  /// Says what was lost.
  static func lost(_ loss: OutboundQueue.Loss) -> [UInt8] { message("lost", line: StatusMessage.lost(loss)) }

  /// The last words, and why.
  static func bye(_ reason: String) -> [UInt8] { message("bye", line: StatusMessage.bye(reason)) }
}

/// What a client says that it has seen last: which run of the daemon, and the number of the event.
struct EventID: Equatable, Sendable {
  let runID: String
  let sequenceNumber: UInt64

  init(runID: String, sequenceNumber: UInt64) {
    self.runID = runID
    self.sequenceNumber = sequenceNumber
  }

  /// Reads what `text` has written; `nil` for anything else.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.count <= 64, let number = UInt64(parts[1]) else {
      return nil
    }
    self.init(runID: String(parts[0]), sequenceNumber: number)
  }

  var text: String { "\(runID)-\(sequenceNumber)" }
}
