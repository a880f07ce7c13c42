import LinkHealth
import Publish
import Testing

@Suite("Event log line, conventions §6")
struct EventRecordTests {
  @Test("the common fields come in their fixed order, then the object named after the type")
  func rendersEveryField() {
    let record = EventRecord(
      .frameReject, severity: .warning, time: 1_795_253_077_251_547_999, link: "dss1", sourceAddress: "192.0.2.7",
      sourcePort: 40_000, scid: 42, vcid: 1, apid: 2047, capture: .init(file: "pass.pcap", frame: 17),
      body: #"{"reason":"fecf","count":1}"#)
    #expect(
      record.render(seq: 42, runID: "r1")
        == #"{"timestamp":"2026-11-21T09:24:37.251547Z","event_type":"frame_reject","severity":"warning","seq":42,"#
        + #""run_id":"r1","link":"dss1","src_ip":"192.0.2.7","src_port":40000,"scid":42,"vcid":1,"apid":2047,"#
        + #""capture":{"file":"pass.pcap","frame":17},"frame_reject":{"reason":"fecf","count":1}}"#)
  }

  @Test("what is unknown is left out")
  func leavesOutTheUnknown() {
    let record = EventRecord(.daemon, severity: .info, time: 0) { $0.member("action", "start") }
    #expect(
      record.render(seq: 1, runID: "r1")
        == #"{"timestamp":"1970-01-01T00:00:00.000000Z","event_type":"daemon","severity":"info","seq":1,"#
        + #""run_id":"r1","daemon":{"action":"start"}}"#)
  }

  @Test("the event types are a closed set of promised names")
  func namesEventTypes() {
    #expect(
      EventType.allCases.map(\.rawValue) == [
        "daemon", "link", "frame_reject", "frame_gap", "packet_gap", "packet_reject", "frame_sync", "codeblock_reject",
        "parameter", "clock", "log", "config", "client", "replay", "stats", "pass",
      ])
  }

  @Test("severities have the priorities of syslog")
  func numbersSeverities() {
    #expect(EventSeverity.allCases.map(\.priority) == [7, 6, 5, 4, 3])
  }

  @Test(
    "a log's notice is an event of type log",
    arguments: [
      (LogNotice.rotated(path: "/l/a"), #"{"action":"rotate","path":"/l/a"}"#, EventSeverity.info),
      (
        .degraded(.system(.writeLog, path: "/l/e", errno: 28)),
        #"{"action":"degraded","path":"/l/e","reason":"/l/e: the log cannot be written: No space left on device","#
          + #""operation":"writeLog","errno":28}"#, .error
      ),
      (.recovered(path: "/l/e", droppedRecordCount: 7), #"{"action":"recovered","path":"/l/e","dropped":7}"#, .notice),
      (
        .truncated(path: "/l/e", byteCount: 9, cutByteCount: 4),
        #"{"action":"truncated","path":"/l/e","bytes":9,"cut_bytes":4}"#, .warning
      ),
      (
        .degraded(.shortOfSpace(path: "/l", freeByteCount: 5, minimumByteCount: 6)),
        #"{"action":"degraded","path":"/l","reason":"/l: only 5 bytes are free, and 6 have to stay free","#
          + #""free_bytes":5,"min_free_bytes":6}"#, .error
      ),
      (
        .uncompressed(.system(.compressLog, path: "/l/e.gz", errno: 28)),
        #"{"action":"uncompressed","path":"/l/e.gz","#
          + #""reason":"/l/e.gz: a finished log file cannot be packed: No space left on device","#
          + #""operation":"compressLog","errno":28}"#, .warning
      ),
    ])
  func describesNotices(notice: LogNotice, body: String, severity: EventSeverity) {
    let record = EventRecord(notice, at: morning)
    #expect(record.eventType == .log)
    #expect(record.body == body)
    #expect(record.severity == severity)
  }
}

@Suite("Timestamps, RFC 3339 in UTC with six digits")
struct UTCTimestampTests {
  @Test(
    "an instant is written and read back",
    arguments: [
      (Int64(0), "1970-01-01T00:00:00.000000Z"),
      (1_795_253_077_251_547_000, "2026-11-21T09:24:37.251547Z"),
      (951_782_400_000_000_000, "2000-02-29T00:00:00.000000Z"),
      (-1000, "1969-12-31T23:59:59.999999Z"),
    ])
  func writesAndReads(time: Int64, text: String) {
    #expect(UTCTimestamp.rfc3339(time) == text)
    #expect(UTCTimestamp.nanoseconds(rfc3339: text) == time)
  }

  @Test("the form in file names has no punctuation")
  func writesCompactForm() { #expect(UTCTimestamp.compact(morning) == "20261121T092437Z") }

  @Test(
    "any other text is refused",
    arguments: [
      "", "2026", "2026-11-21T09:24:37Z", "2026-11-21 09:24:37.251547Z", "2026-13-21T09:24:37.251547Z",
      "2026-02-30T09:24:37.251547Z", "2026-11-21T24:24:37.251547Z", "2026-11-21T09:24:37.25154aZ",
      "9999-11-21T09:24:37.251547Z",
    ])
  func refuses(text: String) { #expect(UTCTimestamp.nanoseconds(rfc3339: text) == nil) }
}
