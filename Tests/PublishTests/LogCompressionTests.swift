import Dispatch
import Glibc
import Publish
import Testing

@Suite("Rolling log: finished files are packed", .timeLimit(.minutes(10)))
struct LogCompressionTests {
  private let name = "events-20261121T092437Z-000001.jsonl"

  private func packed(_ bench: LogBench, records: Int = 50) throws -> RollingLog {
    let log = bench.log { $0.compresses = true }
    try log.open()
    for number in 0..<records { log.append(bench.record(number)) }
    log.rotate()
    bench.settle()
    bench.compression.sync {}
    return log
  }

  @Test("gzip reads what the log wrote; the source is gone, and the header says where the numbers end")
  func packs() throws {
    let bench = LogBench()
    let log = try packed(bench)
    #expect(try bench.directory.names() == [name + ".gz", "events.jsonl"])
    let text = try unwrap(bench.directory.unpacked(name + ".gz"))
    #expect(text.split(separator: "\n").map(String.init) == bench.lines.elements.map(\.text))
    // The header: ten bytes of which the fourth has the flag of a comment, then the comment. RFC 1952 §2.3.
    let head = try bench.directory.bytes(name + ".gz").prefix(22)
    #expect(Array(head.prefix(4)) == [0x1F, 0x8B, 8, 16])
    #expect(Array(head.dropFirst(10)) == Array("last seq 50\0".utf8))
    #expect(log.counters.compressedFileCount == 1)
    log.close()
  }

  @Test("the numbers go on from a packed file, with and without the header's word for it")
  func continuesNumbering() throws {
    let bench = LogBench()
    try packed(bench).close()
    #expect(unsafe unlink(bench.directory.file("events.jsonl")) == 0)
    let next = bench.log { $0.compresses = true }
    try next.open()
    next.append(bench.record())
    next.close()
    #expect(try bench.sequenceNumbers("events.jsonl") == [51])

    #expect(unsafe unlink(bench.directory.file("events.jsonl")) == 0)
    try bench.directory.packAnew(name + ".gz")
    let other = bench.log()
    try other.open()
    other.append(bench.record())
    other.close()
    #expect(try bench.sequenceNumbers("events.jsonl") == [51])
  }

  @Test("what an earlier run left plain is packed at the start; beside its packed form only the source goes")
  func catchesUp() throws {
    let bench = LogBench()
    let other = "events-20261120T092437Z-000000.jsonl"
    let log = bench.log()
    try log.open()
    log.append(bench.record())
    log.rotate()
    log.close()
    bench.directory.write("{\"seq\":0}\n", to: other)
    try bench.directory.packAnew(other, keepingSource: true)
    let before = try bench.directory.bytes(other + ".gz")
    let next = bench.log { $0.compresses = true }
    try next.open()
    bench.compression.sync {}
    next.close()
    #expect(try bench.directory.names() == [other + ".gz", name + ".gz", "events.jsonl"])
    #expect(try bench.directory.bytes(other + ".gz") == before)
  }

  @Test("a packed form that is not that of the source is made anew", arguments: ["", "junk", "cut"])
  func replacesDamagedFile(damage: String) throws {
    let bench = LogBench()
    bench.directory.write("{\"seq\":1}\n{\"seq\":2}\n", to: name)
    if damage == "cut" {
      try bench.directory.packAnew(name, keepingSource: true)
      let path = bench.directory.file(name + ".gz")
      #expect(unsafe truncate(path, off_t(try bench.directory.bytes(name + ".gz").count - 1)) == 0)
    } else {
      bench.directory.write(damage, to: name + ".gz")
    }
    let log = bench.log { $0.compresses = true }
    try log.open()
    bench.compression.sync {}
    log.close()
    #expect(try bench.directory.names() == [name + ".gz", "events.jsonl"])
    #expect(bench.directory.unpacked(name + ".gz") == "{\"seq\":1}\n{\"seq\":2}\n")
  }

  @Test("caps count what is packed by its packed length; one file in two forms is one file")
  func boundsPackedFiles() throws {
    let bench = LogBench()
    for number in 1...5 {
      let name = "events-2026112\(number)T000000Z-00000\(number).jsonl"
      bench.directory.write(String(repeating: "x", count: 100), to: name + ".gz")
      if number < 3 { bench.directory.write("y", to: name) }
    }
    let log = bench.log { $0.maximumFileCount = 3 }
    try log.open()
    log.close()
    #expect(
      try bench.directory.names() == [
        "events-20261123T000000Z-000003.jsonl.gz", "events-20261124T000000Z-000004.jsonl.gz",
        "events-20261125T000000Z-000005.jsonl.gz", "events.jsonl",
      ])
    #expect(log.counters.deletedFileCount == 2)
    let smaller = bench.log { $0.maximumTotalByteCount = 200 }
    try smaller.open()
    smaller.close()
    #expect(smaller.counters.deletedFileCount == 1)
  }

  @Test("a finished file goes when it is older than the days it may have, by the time in its name")
  func boundsDays() throws {
    let bench = LogBench()
    let names = ["events-20261118T092437Z-000001.jsonl.gz", "events-20261119T092437Z-000002.jsonl"]
    for name in names { bench.directory.write("x", to: name) }
    let log = bench.log { $0.maximumDayCount = 3 }
    // Three days and a quarter of a second, and two days and as much.
    try log.open()
    #expect(try bench.directory.names() == [names[1], "events.jsonl"])
    bench.clock.advance(seconds: 86_400)
    log.tick()
    log.close()
    #expect(try bench.directory.names() == ["events.jsonl"])
  }

  @Test("a file that cannot be packed stays, is told of once and tried again after ten minutes")
  func keepsWhatCannotBePacked() throws {
    let bench = LogBench()
    bench.directory.write("{\"seq\":1}\n", to: name)
    // A directory stands where the packed file is to be made.
    #expect(unsafe mkdir(bench.directory.file(name + ".gz.tmp"), 0o700) == 0)
    let log = bench.log { $0.compresses = true }
    try log.open()
    bench.compression.sync {}
    for _ in 0..<3 {
      bench.clock.advance(seconds: 599)
      log.tick()
      bench.settle()
      bench.compression.sync {}
    }
    #expect(log.counters.compressionErrorCount == 2)
    #expect(bench.notices.elements.count == 1)
    #expect(try bench.directory.text(name) == "{\"seq\":1}\n")
    #expect(unsafe rmdir(bench.directory.file(name + ".gz.tmp")) == 0)
    bench.clock.advance(seconds: 600)
    log.tick()
    bench.settle()
    bench.compression.sync {}
    #expect(try bench.directory.names() == [name + ".gz", "events.jsonl"])
    log.close()
  }
}
