import Dispatch
import Glibc
import Publish
import Testing

@Suite("Rolling log: what cannot be written")
struct RollingLogFailureTests {
  @Test("a directory that is not there is an error with its path")
  func refusesMissingDirectory() {
    let log = LogBench().log(path: "/nonexistent/log")
    #expect(throws: PublishError.system(.openDirectory, path: "/nonexistent/log", errno: 2)) { try log.open() }
  }

  @Test("a symbolic link in place of the file is not followed")
  func refusesSymbolicLink() {
    let bench = LogBench()
    let path = bench.directory.file("events.jsonl")
    #expect(unsafe symlink("/tmp/elsewhere", path) == 0)
    #expect(throws: PublishError.system(.openLog, path: path, errno: 40)) { try bench.log().open() }
  }

  @Test("a pipe in place of the file is refused without waiting for its reader")
  func refusesPipe() {
    let bench = LogBench()
    let path = bench.directory.file("events.jsonl")
    #expect(unsafe mkfifo(path, 0o600) == 0)
    #expect(throws: PublishError.notARegularFile(path: path)) { try bench.log().open() }
  }

  @Test("records beyond the backlog are dropped, counted and missing in the numbers; nobody waits")
  func boundsBacklog() throws {
    let bench = LogBench()
    let log = bench.log { $0.backlogCapacity = 10 }
    try log.open()
    bench.queue.suspend()
    for number in 0..<25 { log.append(bench.record(number)) }
    bench.queue.resume()
    bench.settle()
    log.append(bench.record())
    log.close()
    #expect(try bench.sequenceNumbers("events.jsonl") == [16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26])
    #expect(log.counters.droppedRecordCount == 15)
    #expect(
      bench.notices.elements == [
        .degraded(.system(.writeLog, path: bench.directory.file("events.jsonl"), errno: 105)),
        .recovered(path: bench.directory.file("events.jsonl"), droppedRecordCount: 15),
      ])
  }

  @Test("at a file size limit only whole lines stay; one notice each way, and the gap shows the loss")
  func survivesFileSizeLimit() async {
    await #expect(processExitsWith: .success) {
      _ = signal(SIGXFSZ, SIG_IGN)
      let bench = LogBench()
      let log = bench.log()
      try log.open()
      var limit = rlimit()
      _ = unsafe getrlimit(__rlimit_resource_t(1), &limit)
      let unlimited = limit
      limit.rlim_cur = 500
      _ = unsafe setrlimit(__rlimit_resource_t(1), &limit)
      for number in 0..<10 { log.append(bench.record(number)) }
      bench.settle()
      let isDegraded = log.counters.isDegraded
      limit = unlimited
      _ = unsafe setrlimit(__rlimit_resource_t(1), &limit)
      log.append(bench.record())
      log.close()
      try expectLoss(bench, log, isDegraded: isDegraded, errno: EFBIG)
    }
  }

  @Test("on a full disk only whole lines stay, and the log recovers", .enabled(if: SmallDisk.isAvailable))
  func survivesFullDisk() throws {
    let bench = LogBench()
    let disk = try unwrap(SmallDisk(path: bench.directory.path))
    let log = bench.log()
    try log.open()
    let ballast = unsafe open(bench.directory.file("ballast"), O_WRONLY | O_CREAT, 0o600)
    let block = [UInt8](repeating: 0, count: 4096)
    for _ in 0..<15 { _ = unsafe write(ballast, block, block.count) }
    for number in 0..<40 { log.append(bench.record(number)) }
    bench.settle()
    #expect(log.counters.isDegraded)
    #expect(ftruncate(ballast, 0) == 0)
    close(ballast)
    log.append(bench.record())
    log.close()
    let numbers = try bench.sequenceNumbers("events.jsonl")
    #expect(numbers == Array(1...(numbers.count - 1)) + [41])
    #expect(bench.notices.elements.count == 2)
    #expect(log.counters.droppedRecordCount == UInt64(41 - numbers.count))
    _ = disk
  }
}

/// Three lines of 163 bytes fit below 500; records four to ten are lost, the eleventh is there.
private func expectLoss(_ bench: LogBench, _ log: RollingLog, isDegraded: Bool, errno: Int32) throws {
  let path = bench.directory.file("events.jsonl")
  guard isDegraded, try bench.sequenceNumbers("events.jsonl") == [1, 2, 3, 11],
    bench.notices.elements == [
      .degraded(.system(.writeLog, path: path, errno: errno)), .recovered(path: path, droppedRecordCount: 7),
    ], log.counters.droppedRecordCount == 7,
    log.counters.writeErrorCount == 7
  else {
    print(try bench.directory.text("events.jsonl"), bench.notices.elements)
    exit(1)
  }
}
