import Dispatch
import Glibc
import Publish
import Testing

/// A log in a directory of its own, on a queue of its own, with a clock that stands still.
struct LogBench {
  let directory = TemporaryDirectory()
  let clock = ManualClock()
  let notices = Collected<LogNotice>()
  let lines = Collected<EventLine>()
  let queue = DispatchQueue(label: "log under test")
  let compression = DispatchQueue(label: "compression under test")

  func log(path: String? = nil, _ adjust: (inout RollingLog.Options) -> Void = { _ in }) -> RollingLog {
    var options = RollingLog.Options(directory: path ?? directory.path, name: "events", runID: "r1")
    adjust(&options)
    return RollingLog(
      options, queue: queue, compression: compression,
      outlets: RollingLog.Outlets(line: { lines.append($0) }, notice: { notices.append($0) }),
      clocks: StatusServer.Clocks(wall: { clock.now }, monotonic: { clock.now }))
  }

  /// Waits until everything appended so far is written.
  func settle() { queue.sync {} }

  func record(_ number: Int = 0) -> EventRecord {
    EventRecord(.daemon, severity: .info, time: morning, body: #"{"action":"test","number":\#(number)}"#)
  }

  func sequenceNumbers(_ name: String) throws -> [Int] {
    try directory.lines(name).map { try unwrap(JSONReader.read(Array($0.utf8))["seq"]?.integer) }
  }
}

@Suite("Rolling log: files and their names, conventions §6")
struct RollingLogTests {
  @Test("records are lines, numbered from one, and are handed on as written")
  func writesRecords() throws {
    let bench = LogBench()
    let log = bench.log()
    try log.open()
    log.append(bench.record(7))
    log.append(EventRecord(.link, severity: .notice, time: morning, link: "dss1", body: #"{"action":"up"}"#))
    log.close()
    let expected = [
      #"{"timestamp":"2026-11-21T09:24:37.251547Z","event_type":"daemon","severity":"info","seq":1,"run_id":"r1","#
        + #""daemon":{"action":"test","number":7}}"#,
      #"{"timestamp":"2026-11-21T09:24:37.251547Z","event_type":"link","severity":"notice","seq":2,"run_id":"r1","#
        + #""link":"dss1","link_state":{"action":"up"}}"#,
    ]
    #expect(try bench.directory.lines("events.jsonl") == expected)
    #expect(bench.lines.elements.map(\.text) == expected)
    #expect(log.counters.recordCount == 2)
    #expect(bench.notices.elements == [])
  }

  @Test("the disk is asked only when something was written since, or after every record if that is wanted")
  func synchronizesWhatWasWritten() throws {
    let bench = LogBench()
    let log = bench.log()
    try log.open()
    log.synchronize()
    log.append(bench.record(1))
    log.append(bench.record(2))
    log.synchronize()
    log.synchronize()
    bench.settle()
    #expect(log.counters.synchronizationCount == 1)
    log.close()

    let careful = LogBench()
    let every = careful.log { $0.synchronizesEveryRecord = true }
    try every.open()
    for number in 0..<3 { every.append(careful.record(number)) }
    careful.settle()
    #expect(every.counters.synchronizationCount == 3)
    every.close()
  }

  @Test("the file is the owner's to write and the group's to read")
  func setsMode() throws {
    let bench = LogBench()
    let log = bench.log()
    try log.open()
    var status = stat()
    #expect(unsafe stat(bench.directory.file("events.jsonl"), &status) == 0)
    #expect(status.st_mode & 0o777 & ~0o640 == 0)
    #expect(status.st_mode & 0o600 == 0o600)
    log.close()
  }

  @Test("a file that would grow too large is finished first, and the numbers go on")
  func rotatesBySize() throws {
    let bench = LogBench()
    let log = bench.log { $0.maximumFileByteCount = 300 }
    try log.open()
    for number in 0..<3 { log.append(bench.record(number)) }
    log.close()
    #expect(try bench.directory.names() == ["events-20261121T092437Z-000001.jsonl", "events.jsonl"])
    #expect(try bench.sequenceNumbers("events-20261121T092437Z-000001.jsonl") == [1, 2])
    #expect(try bench.sequenceNumbers("events.jsonl") == [3])
    #expect(
      bench.notices.elements == [.rotated(path: bench.directory.file("events-20261121T092437Z-000001.jsonl"))])
    #expect(log.counters.rotationCount == 1)
  }

  @Test("rotations within one second have names of their own")
  func namesRotationsApart() throws {
    let bench = LogBench()
    let log = bench.log { $0.maximumFileByteCount = 1 }
    try log.open()
    for number in 0..<4 { log.append(bench.record(number)) }
    log.close()
    #expect(
      try bench.directory.names() == [
        "events-20261121T092437Z-000001.jsonl", "events-20261121T092437Z-000002.jsonl",
        "events-20261121T092437Z-000003.jsonl", "events.jsonl",
      ])
  }

  @Test("a file is finished when its first record is a day old, over restarts too")
  func rotatesByAge() throws {
    let bench = LogBench()
    var log = bench.log()
    try log.open()
    log.append(bench.record())
    bench.clock.advance(seconds: 86_399)
    log.tick()
    log.close()
    #expect(try bench.directory.names() == ["events.jsonl"])
    log = bench.log()
    try log.open()
    bench.clock.advance(seconds: 1)
    log.tick()
    log.close()
    #expect(try bench.directory.names() == ["events-20261122T092437Z-000001.jsonl", "events.jsonl"])
    #expect(try bench.directory.text("events.jsonl") == "")
  }

  @Test("the numbers go on after a restart, from the last file that has a record")
  func continuesNumbering() throws {
    let bench = LogBench()
    for number in 0..<3 {
      let log = bench.log()
      try log.open()
      log.append(bench.record(number))
      log.close()
    }
    #expect(try bench.sequenceNumbers("events.jsonl") == [1, 2, 3])
    let log = bench.log()
    try log.open()
    log.rotate()
    log.close()
    let next = bench.log { $0.maximumFileByteCount = 1 }
    try next.open()
    for number in 0..<2 { next.append(bench.record(number)) }
    next.close()
    #expect(
      try bench.directory.names() == [
        "events-20261121T092437Z-000001.jsonl", "events-20261121T092437Z-000002.jsonl", "events.jsonl",
      ])
    #expect(try bench.sequenceNumbers("events-20261121T092437Z-000002.jsonl") == [4])
    #expect(try bench.sequenceNumbers("events.jsonl") == [5])
  }

  @Test("the oldest finished files go when all of them together are too large")
  func boundsTotal() throws {
    let bench = LogBench()
    let log = bench.log {
      $0.maximumFileByteCount = 1
      $0.maximumTotalByteCount = 500
    }
    try log.open()
    for number in 0..<9 { log.append(bench.record(number)) }
    log.close()
    #expect(
      try bench.directory.names() == [
        "events-20261121T092437Z-000006.jsonl", "events-20261121T092437Z-000007.jsonl",
        "events-20261121T092437Z-000008.jsonl", "events.jsonl",
      ])
  }

  @Test("files of others in the directory stay as they are")
  func leavesOthersAlone() throws {
    let bench = LogBench()
    for name in ["events-backup.jsonl", "events-20261121T092437-000001.jsonl.gz", "stats.jsonl", "eventsx.jsonl"] {
      bench.directory.write("x", to: name)
    }
    let log = bench.log {
      $0.maximumFileByteCount = 1
      $0.maximumTotalByteCount = 0
    }
    try log.open()
    for number in 0..<3 { log.append(bench.record(number)) }
    log.close()
    #expect(
      try bench.directory.names() == [
        "events-20261121T092437-000001.jsonl.gz", "events-backup.jsonl", "events.jsonl", "eventsx.jsonl",
        "stats.jsonl",
      ])
  }

  @Test("a file moved away by others is noticed within a tick, and on request")
  func followsName() throws {
    let bench = LogBench()
    let log = bench.log()
    try log.open()
    log.append(bench.record())
    bench.settle()
    #expect(unsafe rename(bench.directory.file("events.jsonl"), bench.directory.file("moved.1")) == 0)
    log.tick()
    log.append(bench.record())
    bench.settle()
    #expect(unsafe rename(bench.directory.file("events.jsonl"), bench.directory.file("moved.2")) == 0)
    log.reopen()
    log.append(bench.record())
    log.close()
    #expect(try bench.sequenceNumbers("moved.1") == [1])
    #expect(try bench.sequenceNumbers("moved.2") == [2])
    #expect(try bench.sequenceNumbers("events.jsonl") == [3])
  }
}
