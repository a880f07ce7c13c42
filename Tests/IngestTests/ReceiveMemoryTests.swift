import Glibc
import Ingest
import TestSupport
import Testing

@Suite("Memory that outlives the process")
struct ReceiveMemoryTests {
  private static let slotByteCount = 1024
  private static let state: [UInt8] = .pattern(5000)

  /// One process of several that have the same memory and the same socket, one after the other.
  private final class Run {
    let receiver: UDPReceiver

    init(socket: Int32? = nil, memory descriptor: Int32? = nil) throws {
      var input = UDPInput(host: "127.0.0.1", port: 0)
      input.maximumDatagramByteCount = slotByteCount
      let memory =
        if let descriptor {
          try #require(ReceiveMemory.adopt(descriptor, slotByteCount: slotByteCount))
        } else {
          try ReceiveMemory.make(slotByteCount: slotByteCount, isKept: true)
        }
      receiver = try UDPReceiver.open(input, adopting: socket, into: memory)
    }

    /// The process ends here, as it is; its descriptors are kept.
    func next() throws -> Run {
      let memory = try #require(receiver.memoryDescriptor)
      let run = try Run(socket: dup(receiver.fileDescriptor), memory: dup(memory))
      return run
    }

    func receive() throws -> [[UInt8]] {
      var received: [[UInt8]] = []
      _ = try receiver.receiveBatch { bytes, _ in received.append([UInt8](copying: bytes)) }
      return received
    }

    func recall() -> [[UInt8]] {
      var recalled: [[UInt8]] = []
      while receiver.recallBatch({ bytes, _ in recalled.append([UInt8](copying: bytes)) }) > 0 {}
      return recalled
    }
  }

  private func send(_ datagrams: [[UInt8]], to run: Run) throws {
    let sender = try UDPSender(host: "127.0.0.1", port: run.receiver.localPort)
    for datagram in datagrams {
      try datagram.withRawSpan { bytes throws(IngestError) in try sender.send(bytes) }
    }
  }

  private func numbered(_ range: Range<Int>) -> [[UInt8]] { range.map { .big32($0) + .pattern($0 % 700, seed: $0) } }

  @Test("what was received after the state is there again, in order, and then the socket's queue")
  func recallsDatagrams() throws {
    let first = try Run()
    #expect(first.receiver.save(Self.state))
    try send(numbered(0..<100), to: first)
    #expect(try first.receive() + first.receive() == numbered(0..<100))
    try send(numbered(100..<110), to: first)
    let second = try first.next()
    #expect(second.receiver.localPort == first.receiver.localPort)
    #expect(second.receiver.loadState() == Self.state)
    #expect(second.recall() == numbered(0..<100))
    #expect(try second.receive() == numbered(100..<110))
    // A second one that ends before it has saved anything changes nothing.
    let third = try second.next()
    #expect(third.receiver.loadState() == Self.state)
    #expect(third.recall() == numbered(0..<110))
  }

  @Test("what was received before the state is not there again")
  func forgetsSavedDatagrams() throws {
    let first = try Run()
    try send(numbered(0..<30), to: first)
    #expect(try first.receive().count == 30)
    #expect(first.receiver.save([1, 2, 3]))
    #expect(try first.next().recall() == [])
    try send(numbered(30..<35), to: first)
    #expect(try first.receive().count == 5)
    let second = try first.next()
    #expect(second.receiver.loadState() == [1, 2, 3])
    #expect(second.recall() == numbered(30..<35))
    #expect(second.receiver.save([]))
    let third = try second.next()
    #expect(third.receiver.loadState() == [])
    #expect(third.recall() == [])
  }

  @Test("sender, length and receive time come again too, and an empty datagram is one")
  func recallsInformation() throws {
    let first = try Run()
    #expect(first.receiver.save(Self.state))
    try send([[], .pattern(1023), .pattern(1024), .pattern(1025), .pattern(9000)], to: first)
    var live: [DatagramInfo] = []
    _ = try first.receiver.receiveBatch { live.append($1) }
    var again: [DatagramInfo] = []
    let second = try first.next()
    #expect(second.receiver.loadState() == Self.state)
    _ = second.receiver.recallBatch { again.append($1) }
    #expect(again == live)
    #expect(again.map(\.originalByteCount) == [0, 1023, 1024, 1025, 9000])
    #expect(again.map(\.isTruncated) == [false, false, false, true, true])
  }

  @Test("when the memory is full nothing more is received until the state is saved, and nothing is lost")
  func isBounded() throws {
    let run = try Run()
    #expect(run.receiver.save([]))
    var sentCount = 0
    while run.receiver.hasRoom {
      try send(numbered(sentCount..<sentCount + 64), to: run)
      sentCount += 64
      #expect(try run.receive().count == 64)
    }
    try send(numbered(sentCount..<sentCount + 64), to: run)
    let rest = try? run.receive()
    #expect((rest?.count ?? 0) < 64)
    let next = try run.next()
    #expect(next.receiver.loadState() == [])
    #expect(next.recall() == numbered(0..<sentCount + (rest?.count ?? 0)))
    #expect(run.receiver.save([7]))
    #expect(run.receiver.hasRoom)
    #expect(try run.receive() == numbered(sentCount + (rest?.count ?? 0)..<sentCount + 64))
  }

  @Test("a state that is too long is refused, and the one before it stays")
  func refusesLongState() throws {
    let run = try Run()
    #expect(run.receiver.save([9]))
    #expect(!run.receiver.save([UInt8](repeating: 0, count: ReceiveMemory.stateCapacity + 1)))
    #expect(try run.next().receiver.loadState() == [9])
    #expect(run.receiver.save([UInt8](repeating: 1, count: ReceiveMemory.stateCapacity)))
    #expect(try run.next().receiver.loadState()?.count == ReceiveMemory.stateCapacity)
    run.receiver.forgetState()
    #expect(try run.next().receiver.loadState() == nil)
  }

  @Test("what is no such memory, or has another shape, is refused and stays the caller's")
  func refusesOthers() throws {
    var pair: [Int32] = [0, 0]
    #expect(unsafe pipe(&pair) == 0)
    defer { for end in pair { close(end) } }
    let memory = try ReceiveMemory.make(slotByteCount: 2048, isKept: true)
    let udp = try Run().receiver
    let kept = try #require(memory.descriptor)
    for descriptor: Int32 in [pair[0], udp.fileDescriptor, STDERR_FILENO, -1, kept] {
      #expect(ReceiveMemory.adopt(descriptor, slotByteCount: Self.slotByteCount) == nil)
      #expect(descriptor < 0 || fcntl(descriptor, F_GETFD) >= 0)
    }
    #expect(ReceiveMemory.adopt(dup(kept), slotByteCount: 2048) != nil)
    // The length of an unsealed file may change under whoever has mapped it.
    let file = try TemporaryFile()
    let unsealed = unsafe open(file.path, O_RDWR)
    defer { close(unsealed) }
    var length = stat()
    #expect(unsafe fstat(kept, &length) == 0 && ftruncate(unsealed, length.st_size) == 0)
    #expect(ReceiveMemory.adopt(unsealed, slotByteCount: 2048) == nil)
  }

  @Test("memory without slots keeps states alone")
  func keepsStatesAlone() throws {
    let memory = try ReceiveMemory.make(slotByteCount: 0, isKept: true)
    #expect(memory.load() == nil)
    #expect(memory.save([1]) && memory.save([2]))
    let adopted = try #require(ReceiveMemory.adopt(dup(memory.descriptor ?? -1), slotByteCount: 0))
    #expect(adopted.load() == [2])
    adopted.forget()
    #expect(memory.load() == nil)
  }

  @Test("whatever is changed in the memory, the state is the one that was saved or none, and nothing traps")
  func survivesMutation() throws {
    var random = SeededGenerator(seed: 20_261_121)
    for _ in 0..<600 {
      let first = try Run()
      #expect(first.receiver.save(.pattern(600, seed: 1)) && first.receiver.save(.pattern(700, seed: 2)))
      try send(numbered(0..<20), to: first)
      _ = try first.receive()
      try mutate(try #require(first.receiver.memoryDescriptor), with: &random)
      let descriptor = dup(first.receiver.memoryDescriptor ?? -1)
      guard let memory = ReceiveMemory.adopt(descriptor, slotByteCount: Self.slotByteCount) else {
        close(descriptor)
        continue
      }
      let state = memory.load()
      // Where the commit itself was changed, the state before may look like the newest; it is whole all the same.
      #expect(state == nil || state == .pattern(700, seed: 2) || state == .pattern(600, seed: 1))
      guard state != nil else { continue }
      var input = UDPInput(host: "127.0.0.1", port: 0)
      input.maximumDatagramByteCount = Self.slotByteCount
      let second = try UDPReceiver.open(input, into: memory)
      var count = 0
      while case let lent = second.recallBatch({ bytes, info in
        #expect(bytes.byteCount <= min(Self.slotByteCount, info.originalByteCount))
      }), lent > 0 { count += lent }
      // A length that is written into a slot that waits makes a datagram of it; the slots of one batch wait.
      #expect(count <= UDPReceiver.batchCapacity)
      #expect(second.save([3]))
      #expect(second.loadState() == [3])
    }
  }

  /// Changes a few places, most of them where something stands.
  private func mutate(_ descriptor: Int32, with random: inout SeededGenerator) throws {
    // The head is a page, the messages of the slots come next, then what the kernel said of them.
    let places = [0..<64, 64..<256, 4096..<8192, 204_800..<209_000]
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let place = places.randomElement(using: &random) ?? 0..<64
      let bytes = random.bytes(Int.random(in: 1...8, using: &random))
      let offset = off_t(Int.random(in: place, using: &random))
      #expect(unsafe pwrite(descriptor, bytes, bytes.count, offset) == bytes.count)
    }
  }
}
