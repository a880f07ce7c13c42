import DiskFaults
import Dispatch
import Publish
import Synchronization
import Testing

@Suite("Rolling log: a disk that refuses what it is given", .serialized)
struct DiskRefusalTests {
  private let bench = LogBench()

  /// A second in the life of a log: a record, and what is asked of it regularly.
  private func second(_ log: RollingLog, _ number: Int) {
    log.append(bench.record(number))
    log.synchronize()
    bench.settle()
    bench.clock.advance(seconds: 1)
    log.tick()
    bench.settle()
  }

  private func kinds() -> [String] {
    bench.notices.elements.map { notice in
      switch notice {
      case .degraded: "degraded"
      case .recovered: "recovered"
      case .rotated: "rotated"
      case .truncated, .uncompressed: "other"
      }
    }
  }

  @Test("for ten minutes makes one notice each way and one file, loses no record, and is believed again in the end")
  func doesNotFlap() throws {
    let log = bench.log()
    try log.open()
    unsafe disk_faults_refuse(bench.directory.path)
    defer { disk_faults_refuse(nil) }
    for number in 0..<600 { second(log, number) }
    #expect(kinds() == ["degraded", "rotated"])
    #expect(log.counters.failure?.message.hasSuffix("cannot be brought to the disk: Input/output error") == true)
    #expect(log.counters.synchronizationCount == 0)
    // It is tried after a second, and then ever later: a minute apart at last.
    #expect(disk_faults_refusal_count() < 30)
    disk_faults_refuse(nil)
    for number in 600..<661 { second(log, number) }
    #expect(kinds() == ["degraded", "rotated", "recovered"])
    #expect(log.counters.failure == nil && log.counters.synchronizationCount > 0)
    log.close()
    let names = try bench.directory.names()
    #expect(names.count == 2 && names.last == "events.jsonl")
    #expect(try names.flatMap { try bench.sequenceNumbers($0) } == Array(1...661))
    #expect(log.counters.droppedRecordCount == 0)
  }

  @Test("once costs one file: the next one is as good as any")
  func distrustsOneFile() throws {
    let log = bench.log()
    try log.open()
    unsafe disk_faults_refuse(bench.directory.path)
    second(log, 0)
    disk_faults_refuse(nil)
    for number in 1...5 { second(log, number) }
    #expect(kinds() == ["degraded", "rotated", "recovered"])
    log.close()
    #expect(try bench.directory.names().count == 2)
  }

  @Test("does not keep a file from being finished when it is large enough")
  func boundsFiles() throws {
    let log = bench.log { $0.maximumFileByteCount = 1000 }
    try log.open()
    unsafe disk_faults_refuse(bench.directory.path)
    defer { disk_faults_refuse(nil) }
    for number in 0..<100 { second(log, number) }
    log.close()
    for name in try bench.directory.names() { #expect(try bench.directory.bytes(name).count <= 1000) }
    #expect(kinds().filter { $0 != "rotated" } == ["degraded"])
  }

  @Test("and hangs makes nothing pile up: what was asked of the log twice is done once")
  func boundsUpkeep() throws {
    let asked = Atomic<Int>(0)
    let log = RollingLog(
      RollingLog.Options(directory: bench.directory.path, name: "events", runID: "r1"), queue: bench.queue,
      clocks: StatusServer.Clocks(
        wall: { morning },
        monotonic: {
          asked.add(1, ordering: .relaxed)
          return morning
        }))
    try log.open()
    bench.queue.suspend()
    let before = asked.load(ordering: .relaxed)
    for _ in 0..<1000 {
      log.tick()
      log.synchronizeRegularly()
    }
    bench.queue.resume()
    bench.settle()
    #expect(asked.load(ordering: .relaxed) - before < 20)
    log.close()
  }
}
