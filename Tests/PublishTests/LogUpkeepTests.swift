import Glibc
import Publish
import Testing

@Suite("Rolling log: others at its files, and room on the disk")
struct LogUpkeepTests {
  @Test("a file deleted by others takes no line with it that came later")
  func survivesDeletion() throws {
    let bench = LogBench()
    let log = bench.log()
    try log.open()
    log.append(bench.record(1))
    bench.settle()
    #expect(unsafe unlink(bench.directory.file("events.jsonl")) == 0)
    log.append(bench.record(2))
    log.append(bench.record(3))
    log.close()
    #expect(try bench.sequenceNumbers("events.jsonl") == [2, 3])
    #expect(bench.notices.elements == [])
    #expect(log.counters.droppedRecordCount == 0)
  }

  @Test("a file copied and cut by others goes on from its beginning, without zeros, and grows to its full size again")
  func survivesCopyAndTruncate() throws {
    let bench = LogBench()
    let log = bench.log { $0.maximumFileByteCount = 1000 }
    try log.open()
    for number in 0..<5 { log.append(bench.record(number)) }
    bench.settle()
    #expect(unsafe truncate(bench.directory.file("events.jsonl"), 0) == 0)
    for number in 0..<5 { log.append(bench.record(number)) }
    log.close()
    #expect(try bench.directory.names() == ["events.jsonl"])
    #expect(try bench.sequenceNumbers("events.jsonl") == [6, 7, 8, 9, 10])
  }

  @Test("the age of a file that was cut by others counts from its new first record")
  func countsAgeAfterTruncate() throws {
    let bench = LogBench()
    let log = bench.log()
    try log.open()
    log.append(bench.record())
    bench.settle()
    #expect(unsafe truncate(bench.directory.file("events.jsonl"), 0) == 0)
    bench.clock.advance(seconds: 80_000)
    log.append(bench.record())
    bench.settle()
    bench.clock.advance(seconds: 80_000)
    log.tick()
    log.close()
    #expect(try bench.directory.names() == ["events.jsonl"])
  }

  @Test("a file that others put in the place of ours is taken up where it ends")
  func takesUpReplacement() throws {
    let bench = LogBench()
    let log = bench.log()
    try log.open()
    log.append(bench.record())
    bench.settle()
    #expect(unsafe rename(bench.directory.file("events.jsonl"), bench.directory.file("moved")) == 0)
    bench.directory.write("{\"seq\":1}\n{\"seq", to: "events.jsonl")
    log.tick()
    log.append(bench.record())
    log.close()
    #expect(try bench.sequenceNumbers("events.jsonl") == [1, 2])
    #expect(
      bench.notices.elements == [.truncated(path: bench.directory.file("events.jsonl"), byteCount: 5, cutByteCount: 5)])
  }

  @Test("below the room that has to stay, the oldest files go, of whichever log; then records are dropped and counted")
  func keepsRoom() throws {
    let bench = LogBench()
    for name in ["stats-20261118T000000Z-000009.jsonl.gz", "events-20261119T000000Z-000001.jsonl", "other.jsonl"] {
      bench.directory.write("x", to: name)
    }
    // No disk has so much.
    let log = bench.log {
      $0.minimumFreeByteCount = .max
      $0.siblingNames = ["stats"]
    }
    try log.open()
    log.append(bench.record())
    log.append(bench.record())
    for _ in 0..<3 {
      bench.clock.advance(seconds: 100)
      log.tick()
    }
    log.close()
    #expect(try bench.directory.names() == ["events.jsonl", "other.jsonl"])
    #expect(try bench.directory.text("events.jsonl") == "")
    #expect(log.counters.droppedRecordCount == 2)
    #expect(log.counters.deletedFileCount == 2)
    #expect(log.counters.isDegraded)
    #expect(bench.notices.elements.count == 1)
    #expect(bench.notices.elements.first?.isShortOfSpace == true)
  }

  @Test("on a small disk, only as many finished files go as it takes; when others make room, the log recovers")
  func makesRoom() throws {
    let bench = LogBench()
    guard let disk = SmallDisk(path: bench.directory.path) else { return }
    for number in 1...3 {
      bench.directory.write(
        String(repeating: "x", count: 8192), to: "events-2026111\(number)T000000Z-00000\(number).jsonl")
    }
    // 64 KiB less 24 KiB of finished files and what the disk itself takes.
    let log = bench.log { $0.minimumFreeByteCount = 45_000 }
    try log.open()
    #expect(log.counters.deletedFileCount == 1)
    bench.directory.write(String(repeating: "y", count: 40_000), to: "ballast")
    log.tick()
    log.append(bench.record())
    bench.settle()
    #expect(log.counters.isDegraded)
    #expect(log.counters.deletedFileCount == 3)
    #expect(unsafe unlink(bench.directory.file("ballast")) == 0)
    bench.clock.advance(seconds: 1)
    log.tick()
    log.append(bench.record())
    log.close()
    #expect(try bench.sequenceNumbers("events.jsonl") == [2])
    #expect(
      bench.notices.elements.last == .recovered(path: bench.directory.file("events.jsonl"), droppedRecordCount: 1))
    #expect(bench.notices.elements.count == 2)
    _ = disk
  }

  @Test("a type writes fifty lines a second, whoever sends; the others are counted, and take no number")
  func boundsFloods() throws {
    let bench = LogBench()
    let log = bench.log()
    try log.open()
    for _ in 0..<1000 {
      log.append(EventRecord(.client, severity: .warning, time: morning, body: "{}"))
      log.append(EventRecord(.link, severity: .info, time: morning, link: "dss1", body: "{}"))
    }
    bench.settle()
    bench.clock.advance(seconds: 1)
    log.append(EventRecord(.client, severity: .warning, time: morning, body: "{}"))
    log.close()
    let types = bench.lines.elements.map(\.eventType)
    #expect(types.count { $0 == .client } == 51)
    #expect(types.count { $0 == .link } == 1000)
    #expect(log.counters.suppressed.byType == [.client: 950])
    #expect(log.counters.droppedRecordCount == 0)
    #expect(try bench.sequenceNumbers("events.jsonl") == Array(1...1051))
  }
}

extension LogNotice {
  fileprivate var isShortOfSpace: Bool { if case .degraded(.shortOfSpace) = self { true } else { false } }
}
