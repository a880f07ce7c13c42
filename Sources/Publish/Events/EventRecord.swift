package import LinkHealth

/// One event, as a value, before it has a place in a log.
package struct EventRecord: Equatable, Sendable {
  /// The frame of a capture that an event is about.
  package struct CapturePosition: Equatable, Sendable {
    /// The name of the file as it was given.
    package var file: String
    /// The number of the frame in the file, from 1.
    package var frame: Int

    /// A position in a capture.
    package init(file: String, frame: Int) {
      self.file = file
      self.frame = frame
    }
  }

  /// What it is about.
  package var eventType: EventType
  /// How much it matters.
  package var severity: EventSeverity
  /// When it happened, in nanoseconds since 1970, UTC.
  package var time: Int64
  /// The name of the link it happened on.
  package var link: String?
  /// The address of the sender.
  package var sourceAddress: String?
  /// The port of the sender.
  package var sourcePort: Int?
  /// The spacecraft identifier.
  package var scid: Int?
  /// The virtual channel identifier.
  package var vcid: Int?
  /// The application process identifier.
  package var apid: Int?
  /// Where it is in a capture that is being replayed.
  package var capture: CapturePosition?
  /// The JSON text of the object that the line names after the event type.
  package var body: String

  /// An event whose body is JSON already.
  package init(
    _ eventType: EventType, severity: EventSeverity, time: Int64, link: String? = nil, sourceAddress: String? = nil,
    sourcePort: Int? = nil, scid: Int? = nil, vcid: Int? = nil, apid: Int? = nil, capture: CapturePosition? = nil,
    body: String = "{}"
  ) {
    self.eventType = eventType
    self.severity = severity
    self.time = time
    self.link = link
    self.sourceAddress = sourceAddress
    self.sourcePort = sourcePort
    self.scid = scid
    self.vcid = vcid
    self.apid = apid
    self.capture = capture
    self.body = body
  }

  /// The same, with the members of the body written by `members`.
  package init(
    _ eventType: EventType, severity: EventSeverity, time: Int64, link: String? = nil,
    members: (inout JSONWriter) -> Void
  ) {
    var writer = JSONWriter()
    writer.object(nil, members)
    self.init(eventType, severity: severity, time: time, link: link, body: writer.text)
  }

  /// The log line without its line feed: the common fields in their fixed order, then the body.
  package func render(seq: UInt64, runID: String) -> String {
    var writer = JSONWriter()
    writer.object { line in
      line.member("timestamp", UTCTimestamp.rfc3339(time))
      line.member("event_type", eventType.rawValue)
      line.member("severity", severity.rawValue)
      line.member("seq", seq)
      line.member("run_id", runID)
      if let link { line.member("link", link) }
      if let sourceAddress { line.member("src_ip", sourceAddress) }
      if let sourcePort { line.member("src_port", sourcePort) }
      if let scid { line.member("scid", scid) }
      if let vcid { line.member("vcid", vcid) }
      if let apid { line.member("apid", apid) }
      if let capture {
        line.object("capture") {
          $0.member("file", capture.file)
          $0.member("frame", capture.frame)
        }
      }
      line.member(eventType.bodyName, json: body)
    }
    return writer.text
  }
}

/// One event as it stands in a log, with what a subscriber filters by.
package struct EventLine: Equatable, Sendable {
  /// What it is about.
  package let eventType: EventType
  /// The name of the link it happened on.
  package let link: String?
  /// Its number among all records of the log.
  package let sequenceNumber: UInt64
  /// The JSON text of the line, without a line feed.
  package let text: String

  /// A line that is written already.
  package init(eventType: EventType, link: String?, sequenceNumber: UInt64 = 0, text: String) {
    self.eventType = eventType
    self.link = link
    self.sequenceNumber = sequenceNumber
    self.text = text
  }
}
