import Dispatch
import Glibc
import Ingest
import Synchronization
import Testing

@Suite("Capturing on an interface", .enabled(if: geteuid() == 0, "capturing takes root"), .timeLimit(.minutes(10)))
struct LiveCaptureTests {
  /// A capture on a queue of its own, and what it has lent.
  private final class Station: @unchecked Sendable {
    let queue = DispatchQueue(label: "capture test")
    let stream: CaptureStream
    let payloads = Mutex<[[UInt8]]>([])
    let infos = Mutex<[DatagramInfo]>([])

    init(_ input: CaptureInput) throws { stream = try CaptureStream.open(input, queue: queue) }

    func start() {
      stream.start(
        receive: { @Sendable bytes, info in
          self.payloads.withLock { $0.append([UInt8](copying: bytes)) }
          self.infos.withLock { $0.append(info) }
        }, report: { @Sendable _ in })
    }

    var status: CaptureStatus {
      queue.sync {
        stream.review()
        return stream.status
      }
    }

    func wait(until isDone: (CaptureStatus) -> Bool) async -> CaptureStatus {
      while true {
        let status = status
        if isDone(status) { return status }
        await Task.yield()
      }
    }

    func stop() async { await withCheckedContinuation { done in stream.stop { @Sendable in done.resume() } } }
  }

  /// Somebody has the port, so that nothing refuses what is sent there.
  private static func takenPort() throws -> UDPReceiver { try UDPReceiver.open(UDPInput(host: "127.0.0.1", port: 0)) }

  private func send(_ count: Int, _ byteCount: Int, to port: UInt16) throws {
    let sender = try UDPSender(host: "127.0.0.1", port: port)
    for number in 0..<count {
      let bytes = [UInt8].big32(number) + [UInt8].pattern(byteCount - 4, seed: number)
      try bytes.withRawSpan { bytes throws(IngestError) in try sender.send(bytes) }
    }
  }

  @Test("every datagram is seen once, although it leaves and arrives by the same interface", arguments: ["lo", "any"])
  func seesEachOnce(interface: String) async throws {
    let holder = try Self.takenPort()
    let station = try Station(CaptureInput(interface: interface, port: holder.localPort))
    station.start()
    try send(1000, 300, to: holder.localPort)
    // What comes after must not be more: the last is of another port, and of this one again.
    let status = await station.wait { $0.counts.datagramCount >= 1000 }
    #expect(status.state == .capturing)
    #expect(status.kernelDroppedCount == 0)
    await station.stop()
    let payloads = station.payloads.withLock { $0 }
    #expect(payloads.count == 1000)
    #expect(payloads.enumerated().allSatisfy { $1 == [UInt8].big32($0) + [UInt8].pattern(296, seed: $0) })
    let infos = station.infos.withLock { $0 }
    #expect(infos.allSatisfy { $0.source.host == "127.0.0.1" && $0.destinationPort == holder.localPort })
    #expect(infos.allSatisfy { !$0.isTruncated && $0.originalByteCount == 300 && $0.receivedAtNanoseconds != nil })
    #expect(station.status.state == .stopped)
  }

  @Test("datagrams to other ports are not")
  func filtersPorts() async throws {
    let (holder, other) = (try Self.takenPort(), try Self.takenPort())
    let station = try Station(CaptureInput(interface: "lo", port: holder.localPort))
    station.start()
    try send(50, 100, to: other.localPort)
    try send(1, 100, to: holder.localPort)
    let status = await station.wait { $0.counts.datagramCount >= 1 }
    #expect(status.counts.recordCount == 1)
    await station.stop()
  }

  @Test("a datagram longer than what is kept says how long it was")
  func reportsTruncation() async throws {
    let holder = try Self.takenPort()
    var input = CaptureInput(interface: "lo", port: holder.localPort)
    input.maximumDatagramByteCount = 100
    let station = try Station(input)
    station.start()
    try send(1, 100, to: holder.localPort)
    try send(1, 5000, to: holder.localPort)
    _ = await station.wait { $0.counts.datagramCount >= 2 }
    await station.stop()
    let infos = station.infos.withLock { $0 }
    #expect(infos.map(\.originalByteCount) == [100, 5000])
    #expect(infos.map(\.isTruncated) == [false, true])
  }

  @Test("what found no room is counted once: sent = received + dropped", arguments: [1, 3])
  func countsDrops(rounds: Int) async throws {
    let holder = try Self.takenPort()
    var input = CaptureInput(interface: "lo", port: holder.localPort)
    input.bufferByteCount = 1 << 20
    let station = try Station(input)
    station.start()
    for round in 1...rounds {
      // The queue does not run, so nobody takes anything.
      station.queue.suspend()
      try send(2000, 1115, to: holder.localPort)
      station.queue.resume()
      let status = await station.wait { $0.counts.datagramCount + Int($0.kernelDroppedCount) >= round * 2000 }
      #expect(status.kernelDroppedCount > 0)
      #expect(status.counts.datagramCount + Int(status.kernelDroppedCount) == round * 2000)
    }
    await station.stop()
    #expect(Int(station.status.kernelDroppedCount) + station.payloads.withLock(\.count) == rounds * 2000)
  }

  @Test("what was sent before the end is lent before the end")
  func drainsAtTheEnd() async throws {
    let holder = try Self.takenPort()
    let station = try Station(CaptureInput(interface: "lo", port: holder.localPort))
    station.start()
    // The kernel hands a block over when it is full, or 10 ms after its first packet.
    try send(200, 1115, to: holder.localPort)
    _ = await station.wait { $0.counts.datagramCount >= 200 }
    station.queue.suspend()
    try send(5000, 1115, to: holder.localPort)
    async let stopped: Void = station.stop()
    station.queue.resume()
    await stopped
    #expect(station.payloads.withLock(\.count) >= 200)
  }

  @Test("an interface that is not there is waited for, and nothing is left open by it")
  func waitsForInterface() async throws {
    let station = try Station(CaptureInput(interface: "no-such-one", port: 1))
    let before = Self.openDescriptorCount
    station.start()
    let status = await station.wait { $0.failedAttemptCount >= 3 }
    #expect(status.state == .waiting)
    #expect(status.lastTrouble == .noSuchInterface)
    #expect(status.retrySeconds.map { $0 <= 30 } ?? true)
    await station.stop()
    #expect(station.status.state == .stopped)
    // Other tests open and close what they need at the same time: three attempts are to show all the same.
    #expect(Self.openDescriptorCount < before + 1000)
    #expect(throws: IngestError.cannotCapture(interface: "no-such-one", trouble: .noSuchInterface)) {
      try CaptureStream.check(CaptureInput(interface: "no-such-one", port: 1))
    }
  }

  @Test("a missing permission ends with 77, and says which drop-in gives it")
  func namesPermission() {
    let error = IngestError.cannotCapture(interface: "eth0", trouble: .noPermission)
    #expect(error.category.exitCode == 77)
    for word in ["CAP_NET_RAW", "live-capture.conf", "AF_PACKET AF_NETLINK"] { #expect("\(error)".contains(word)) }
    #expect(IngestError.cannotCapture(interface: "eth0", trouble: .noSuchInterface).category.exitCode == 71)
  }

  private static var openDescriptorCount: Int {
    var count = 0
    for descriptor in 0..<Int32(1 << 12) where fcntl(descriptor, F_GETFD) >= 0 { count += 1 }
    return count
  }
}
