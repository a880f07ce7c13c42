import Dispatch
import Glibc
import Ingest
import Synchronization
import Testing

@Suite("Draining a socket by read source and timer", .timeLimit(.minutes(10)))
struct DatagramPumpTests {
  /// A receiver on a queue of its own, and a count of what the pump has drained of it.
  private final class Station: @unchecked Sendable {
    let queue = DispatchQueue(label: "pump test")
    let receiver: UDPReceiver
    let received = Mutex(0)
    let drainCount = Mutex(0)
    let pump = Mutex<DatagramPump?>(nil)

    init() throws { receiver = try UDPReceiver.open(UDPInput(host: "127.0.0.1", port: 0)) }

    func start() -> DatagramPump {
      let pump = DatagramPump(fileDescriptor: receiver.fileDescriptor, queue: queue) { @Sendable in
        dispatchPrecondition(condition: .onQueue(self.queue))
        let count = (try? self.receiver.receiveBatch { _, _ in }) ?? 0
        self.received.withLock { $0 += count }
        self.drainCount.withLock { $0 += 1 }
        return count
      }
      pump.resume()
      return pump
    }
  }

  private func cancel(_ pump: DatagramPump) async {
    await withCheckedContinuation { done in pump.cancel { @Sendable in done.resume() } }
  }

  private func arrive(_ station: Station, _ count: Int) async throws {
    // Bounded by the suite's time limit alone: how long a loaded machine takes is nobody's promise.
    while station.received.withLock({ $0 }) < count { await Task.yield() }
    #expect(station.received.withLock { $0 } == count)
  }

  private func send(_ sender: UDPSender, _ count: Int) throws {
    try [UInt8](repeating: 9, count: count).withRawSpan { bytes throws(IngestError) in
      try sender.sendBatch(bytes, byteCounts: [Int](repeating: 1, count: count))
    }
  }

  @Test("datagrams that come one by one, in floods, and after silence all arrive")
  func drainsEverything() async throws {
    let station = try Station()
    let sender = try UDPSender(host: "127.0.0.1", port: station.receiver.localPort)
    let pump = station.start()
    var sent = 0
    for count in [1, 1, 3, 500, 1, 64, 128, 2, 1000, 1] {
      try send(sender, count)
      sent += count
      try await arrive(station, sent)
    }
    await cancel(pump)
    #expect(station.receiver.readKernelDroppedDatagramCount() == 0)
  }

  @Test("what was sent before the pump began arrives too")
  func drainsWhatWaited() async throws {
    let station = try Station()
    try send(UDPSender(host: "127.0.0.1", port: station.receiver.localPort), 10)
    let pump = station.start()
    try await arrive(station, 10)
    await cancel(pump)
  }

  @Test("many datagrams begin polling, two empty ticks in a row end it, and a quiet socket causes no drains")
  func sleepsWhenQuiet() async throws {
    let station = try Station()
    // What the drains report, whatever the socket holds: one by the read source, five by the timer, then the truth.
    let script = [64, 64, 0, 3, 0, 0]
    let pump = DatagramPump(fileDescriptor: station.receiver.fileDescriptor, queue: station.queue) { @Sendable in
      let count = (try? station.receiver.receiveBatch { _, _ in }) ?? 0
      station.received.withLock { $0 += count }
      let drainCount = station.drainCount.withLock { drainCount in
        drainCount += 1
        return drainCount
      }
      return drainCount <= script.count ? script[drainCount - 1] : count
    }
    pump.resume()
    let sender = try UDPSender(host: "127.0.0.1", port: station.receiver.localPort)
    try send(sender, 1)
    while station.drainCount.withLock({ $0 }) < script.count { await Task.yield() }
    // The one test that must wait, because it is about nothing happening.
    try await Task.sleep(for: .milliseconds(100))
    #expect(station.drainCount.withLock { $0 } == script.count)
    try send(sender, 1)
    try await arrive(station, 2)
    #expect(station.drainCount.withLock { $0 } == script.count + 1)
    await cancel(pump)
  }

  @Test("it can be cancelled while waiting, while polling, twice, and before it began")
  func cancelsInEveryState() async throws {
    for count in [0, 1, 300] {
      let station = try Station()
      let pump = station.start()
      try send(UDPSender(host: "127.0.0.1", port: station.receiver.localPort), max(count, 1))
      if count > 0 { try await arrive(station, count) }
      async let first: Void = cancel(pump)
      async let second: Void = cancel(pump)
      _ = await (first, second)
      await cancel(pump)
      pump.resume()
    }
    let station = try Station()
    let pump = DatagramPump(fileDescriptor: station.receiver.fileDescriptor, queue: station.queue) { @Sendable in 0 }
    await cancel(pump)
    pump.resume()
    await cancel(pump)
    _ = DatagramPump(fileDescriptor: station.receiver.fileDescriptor, queue: station.queue) { @Sendable in 0 }
  }

  @Test("it can be cancelled from within its own drain function")
  func cancelsFromDrain() async throws {
    let station = try Station()
    try send(UDPSender(host: "127.0.0.1", port: station.receiver.localPort), 300)
    await withCheckedContinuation { done in
      let pump = DatagramPump(fileDescriptor: station.receiver.fileDescriptor, queue: station.queue) { @Sendable in
        let pump = station.pump.withLock { held in
          defer { held = nil }
          return held
        }
        pump?.cancel { @Sendable in done.resume() }
        return (try? station.receiver.receiveBatch { _, _ in }) ?? 0
      }
      station.pump.withLock { $0 = pump }
      pump.resume()
    }
  }

  @Test("a descriptor may be closed as soon as the cancellation is complete")
  func closesAfterCancellation() async throws {
    for _ in 0..<50 {
      let station = try Station()
      let pump = station.start()
      try send(UDPSender(host: "127.0.0.1", port: station.receiver.localPort), 20)
      await cancel(pump)
    }
  }

  @Test("a socket that cannot be read is tried again ever more seldom, and then drained")
  func backsOffFromFailingSocket() async throws {
    let station = try Station()
    let attempts = Mutex<[DispatchTime]>([])
    let pump = DatagramPump(fileDescriptor: station.receiver.fileDescriptor, queue: station.queue) { @Sendable in
      let attemptCount = attempts.withLock { attempts in
        attempts.append(.now())
        return attempts.count
      }
      guard attemptCount > 8 else { return nil }
      let count = (try? station.receiver.receiveBatch { _, _ in }) ?? 0
      station.received.withLock { $0 += count }
      return count
    }
    pump.resume()
    try send(UDPSender(host: "127.0.0.1", port: station.receiver.localPort), 3)
    try await arrive(station, 3)
    let times = attempts.withLock { $0 }
    // 1 + 2 + 4 + ... + 128 ms from the first attempt to the ninth: timers are never early.
    #expect(times[8].uptimeNanoseconds - times[0].uptimeNanoseconds >= 255_000_000)
    await cancel(pump)
    // Cancelled while it waits for the next attempt.
    let failing = DatagramPump(fileDescriptor: station.receiver.fileDescriptor, queue: station.queue) { @Sendable in
      attempts.withLock { $0.append(.now()) }
      return nil
    }
    failing.resume()
    try send(UDPSender(host: "127.0.0.1", port: station.receiver.localPort), 1)
    let before = times.count
    while attempts.withLock({ $0.count }) <= before + 1 { await Task.yield() }
    await cancel(failing)
  }
}
