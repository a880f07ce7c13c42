import Glibc
import Publish
import Testing

@Suite("Rolling log: what an earlier run has left")
struct LogRecoveryTests {
  /// What the log has after it was opened over `text` and one record was appended.
  private func reopened(_ text: String) throws -> (text: String, notices: [LogNotice], number: Int?, path: String) {
    let bench = LogBench()
    bench.directory.write(text, to: "events.jsonl")
    let log = bench.log()
    try log.open()
    log.append(bench.record())
    log.close()
    let last = try unwrap(bench.lines.elements.last)
    return (
      try bench.directory.text("events.jsonl"), bench.notices.elements,
      try JSONReader.read(Array(last.text.utf8))["seq"]?.integer, bench.directory.file("events.jsonl")
    )
  }

  @Test("half a line is cut off, its number left out and the loss reported")
  func cutsTornLine() throws {
    let result = try reopened("{\"seq\":41}\n{\"timestamp\":\"2026-1")
    #expect(result.text.hasPrefix("{\"seq\":41}\n{\"timestamp\":\"2026-11-21T09:24:37.251547Z\""))
    #expect(result.number == 43)
    #expect(result.notices == [.truncated(path: result.path, byteCount: 20, cutByteCount: 20)])
  }

  @Test(
    "zeros that a power cut has left are cut off, however many there are", arguments: [1, 4096, 100_000, 5_000_000])
  func cutsZeros(zeroCount: Int) throws {
    let result = try reopened("{\"seq\":7}\n" + String(repeating: "\0", count: zeroCount))
    #expect(result.text.hasPrefix("{\"seq\":7}\n{\"timestamp\""))
    #expect(result.number == 9)
    #expect(result.notices == [.truncated(path: result.path, byteCount: zeroCount, cutByteCount: zeroCount)])
  }

  @Test("a line with zeros in it goes, with what is behind it")
  func cutsZerosInLine() throws {
    let result = try reopened("{\"seq\":7}\n{\"se\0\0\0\0\n{\"seq\"\n")
    #expect(result.text.hasPrefix("{\"seq\":7}\n{\"timestamp\""))
    #expect(result.notices == [.truncated(path: result.path, byteCount: 16, cutByteCount: 16)])
  }

  @Test("whole lines that are no records stay, are passed over in search of the last number, and reported")
  func keepsForeignLines() throws {
    let result = try reopened("{\"seq\":8}\nnot a record\n{\"seq\":-1}\n\n")
    #expect(result.text.hasPrefix("{\"seq\":8}\nnot a record\n{\"seq\":-1}\n\n{\"timestamp\""))
    #expect(result.number == 10)
    #expect(result.notices == [.truncated(path: result.path, byteCount: 25, cutByteCount: 0)])
  }

  @Test("nothing is reported of a file that is empty or whole", arguments: ["", "{\"seq\":3}\n"])
  func acceptsWholeFile(text: String) throws {
    let result = try reopened(text)
    #expect(result.notices == [])
    #expect(result.number == (text.isEmpty ? 1 : 4))
  }

  @Test("a file without a single record is cut where it is no text, and the numbers come from the finished files")
  func looksIntoFinishedFiles() throws {
    let bench = LogBench()
    bench.directory.write("{\"seq\":90}\n", to: "events-20261121T092437Z-000004.jsonl")
    bench.directory.write("{\"seq\":99}\n{\"seq\":10", to: "events-20261121T092437Z-000005.jsonl")
    bench.directory.write("", to: "events-20261121T092437Z-000006.jsonl")
    bench.directory.write("\0\0\0", to: "events.jsonl")
    let log = bench.log()
    try log.open()
    log.append(bench.record())
    log.rotate()
    log.close()
    #expect(try bench.sequenceNumbers("events-20261121T092437Z-000007.jsonl") == [101])
  }

  @Test("the numbers never go back, even when the file is an old copy")
  func neverGoesBack() throws {
    let bench = LogBench()
    bench.directory.write("{\"seq\":500}\n", to: "events-20261121T092437Z-000001.jsonl")
    bench.directory.write("{\"seq\":3}\n", to: "events.jsonl")
    let log = bench.log()
    try log.open()
    log.append(bench.record())
    log.close()
    #expect(try bench.sequenceNumbers("events.jsonl") == [3, 501])
  }

  @Test("half packed files of an earlier run are removed, and no number is used twice")
  func sweepsUnfinishedFiles() throws {
    let bench = LogBench()
    bench.directory.write("half", to: "events-20261121T092437Z-000008.jsonl.gz.tmp")
    bench.directory.write("other", to: "notes.jsonl.gz.tmp")
    let log = bench.log()
    try log.open()
    log.append(bench.record())
    log.rotate()
    log.close()
    #expect(
      try bench.directory.names() == ["events-20261121T092437Z-000009.jsonl", "events.jsonl", "notes.jsonl.gz.tmp"])
  }

  @Test("a number too large to count on is none of ours")
  func ignoresHugeNumbers() throws {
    let bench = LogBench()
    bench.directory.write("{\"seq\":1}\n", to: "events-20261121T092437Z-18446744073709551615.jsonl")
    bench.directory.write("{\"seq\":9223372036854775807}\n{\"se", to: "events.jsonl")
    let log = bench.log()
    try log.open()
    for number in 0..<3 { log.append(bench.record(number)) }
    log.rotate()
    log.close()
    #expect(bench.lines.elements.last?.text.contains("\"seq\":9223372036854775811,") == true)
    #expect(try bench.directory.names().first == "events-20261121T092437Z-000001.jsonl")
  }
}
