import Dispatch
import Glibc
import LinkHealth
import Publish

/// A directory as a log may find it after anything: opened, written to, rotated, closed.
///
/// Whatever is there, nothing traps, every whole record that was there before is there afterwards, and the numbers of
/// what is written go on behind the largest of them.
@Sendable func recoverLog(_ bytes: RawSpan) {
  let bench = LogFuzzBench.shared
  bench.clear()
  var input = FuzzInput(bytes)
  let choices = input.byte()
  var kept: [[UInt8]] = []
  while !input.isAtEnd {
    let name = LogFuzzBench.names[Int(input.byte()) % LogFuzzBench.names.count]
    let content = unsafe input.piece().withUnsafeBytes { unsafe Array($0) }
    bench.write(content, to: name)
    if name == "events.jsonl" { kept = wholeRecords(in: content) }
  }
  var options = RollingLog.Options(directory: bench.path, name: "events", runID: "r")
  options.compresses = choices & 1 != 0
  options.maximumFileByteCount = choices & 2 != 0 ? 200 : 1 << 20
  let log = RollingLog(
    options, queue: bench.queue, compression: bench.compression,
    outlets: RollingLog.Outlets(line: { line in bench.note(line) }),
    clocks: StatusServer.Clocks(wall: { 1_795_253_077_251_547_000 }, monotonic: { 0 }))
  do throws(PublishError) { try log.open() } catch { return blackHole(error.description) }
  let before = bench.read("events.jsonl")
  for record in kept { precondition(contains(before, record), "a whole record is gone") }
  for number in 0..<Int(choices >> 2 & 3) {
    log.append(EventRecord(.daemon, severity: .info, time: 0, body: #"{"action":"test","number":\#(number)}"#))
  }
  if choices & 16 != 0 { log.rotate() }
  if choices & 32 != 0 { log.reopen() }
  bench.queue.sync {}
  bench.compression.sync {}
  log.close()
  var last = kept.last.flatMap(sequenceNumber) ?? 0
  for number in bench.numbers {
    precondition(number > last, "the numbers go back")
    last = number
  }
  precondition(!bench.hasUnfinished, "a half packed file is left")
}

private func wholeRecords(in content: [UInt8]) -> [[UInt8]] {
  let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
  return lines.dropLast().filter { sequenceNumber($0) != nil }
}

private func sequenceNumber(_ line: [UInt8]) -> Int? {
  guard line.first == UInt8(ascii: "{"), line.last == UInt8(ascii: "}") else { return nil }
  guard let number = (try? JSONReader.read(line))?["seq"]?.integer, (0..<Int.max / 2).contains(number) else {
    return nil
  }
  return number
}

private func contains(_ text: [UInt8], _ record: [UInt8]) -> Bool {
  text.split(separator: UInt8(ascii: "\n")).contains { $0.elementsEqual(record) }
}

/// A directory in memory, with the queues of a log.
private final class LogFuzzBench: @unchecked Sendable {
  static let shared = LogFuzzBench()
  static let names = [
    "events.jsonl", "events-20261121T092437Z-000001.jsonl", "events-20261121T092437Z-000002.jsonl.gz",
    "events-20261121T092437Z-000001.jsonl.gz", "events-20261121T092437Z-000003.jsonl.gz.tmp",
    "events-20261121T092437Z-18446744073709551615.jsonl", "events-2026-1.jsonl", "stats.jsonl", "events-.jsonl",
    "events-20261121T092437Z-999999999999999999.jsonl",
  ]

  let path: String
  let queue = DispatchQueue(label: "log")
  let compression = DispatchQueue(label: "compression")
  private(set) var numbers: [Int] = []

  private init() {
    var template = Array("/dev/shm/downlinkd-fuzz-XXXXXX".utf8CString)
    path = unsafe String(cString: mkdtemp(&template))
  }

  /// Called on the log's queue, which everybody else waits for.
  func note(_ line: EventLine) {
    guard let number = (try? JSONReader.read(Array(line.text.utf8)))?["seq"]?.integer else { return }
    numbers.append(number)
  }

  func clear() {
    numbers = []
    for name in contents() { _ = unsafe unlink("\(path)/\(name)") }
  }

  var hasUnfinished: Bool { contents().contains { $0.hasPrefix("events-20") && $0.hasSuffix(".jsonl.gz.tmp") } }

  func write(_ bytes: [UInt8], to name: String) {
    let descriptor = unsafe open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    _ = unsafe Glibc.write(descriptor, bytes, bytes.count)
    close(descriptor)
  }

  func read(_ name: String) -> [UInt8] {
    let descriptor = unsafe open("\(path)/\(name)", O_RDONLY)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
    return Array(bytes.prefix(max(0, count)))
  }

  private func contents() -> [String] {
    guard let stream = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }
}
