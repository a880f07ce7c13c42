import LinkHealth

/// The last events, for clients that come late.
package struct RecentEvents {
  /// How many are kept.
  package static let capacity = 1000
  /// How long one may be that is kept.
  static let maximumLineByteCount = 16 << 10

  private var lines: [EventLine] = []
  private var oldest = 0

  /// None yet.
  package init() {}

  /// Takes an event, and lets go of the oldest one if there are enough.
  package mutating func append(_ line: EventLine) {
    guard line.eventType != .stats, line.text.utf8.count <= Self.maximumLineByteCount else { return }
    if lines.count < Self.capacity {
      lines.append(line)
    } else {
      lines[oldest] = line
      oldest = (oldest + 1) % Self.capacity
    }
  }

  /// Answers `events {n, tail, since, type, link}` with the newest of those that fit, oldest first.
  package func answer(_ arguments: StatusArguments) -> Result<String, StatusError> {
    do throws(StatusError) {
      let tail = try arguments.count("tail", upTo: Self.capacity)
      let count = try arguments.count("n", upTo: Self.capacity) ?? tail ?? 20
      let types = try EventFilter.types(arguments.list("type"))
      let link = try arguments.string("link")
      let since = try since(arguments)
      var texts: [String] = []
      var byteCount = 0
      for line in newestFirst() where types.contains(line.eventType) && (link == nil || line.link == link) {
        if let since, let time = Self.timestamp(of: line), time < since { continue }
        byteCount += line.text.utf8.count + 1
        guard texts.count < count, byteCount <= StatusPage.maximumByteCount else { break }
        texts.append(line.text)
      }
      var writer = JSONWriter()
      writer.object { $0.array("events") { for text in texts.reversed() { $0.element(json: text) } } }
      return .success(writer.text)
    } catch { return .failure(error) }
  }

  /// Those that came after the record of a number, the oldest first, and how many records between are not held: the
  /// number of one that is held is known to whoever got it.
  package func since(_ sequenceNumber: UInt64) -> (lines: [EventLine], missedCount: UInt64) {
    let held = newestFirst().prefix { $0.sequenceNumber > sequenceNumber }
    let missed = (held.last?.sequenceNumber).map { $0 - sequenceNumber - 1 } ?? 0
    return (held.reversed(), missed)
  }

  private func newestFirst() -> some Sequence<EventLine> {
    (0..<lines.count).lazy.map { lines[(oldest + lines.count - 1 - $0) % lines.count] }
  }

  private func since(_ arguments: StatusArguments) throws(StatusError) -> Int64? {
    guard let text = try arguments.string("since") else { return nil }
    guard let time = UTCTimestamp.nanoseconds(rfc3339: text) else {
      throw StatusError(.badArgument, "'since' must be a time such as 2026-11-21T09:24:37.251547Z")
    }
    return time
  }

  private static func timestamp(of line: EventLine) -> Int64? {
    UTCTimestamp.nanoseconds(rfc3339: line.text.dropFirst(14).prefix(27))
  }
}
