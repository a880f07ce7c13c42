import Glibc
import Ingest
import Testing

@Suite("Receiving UDP datagrams in batches")
struct UDPReceiverTests {
  private func receiver(slot: Int = 2048, buffer: Int = 1 << 20, host: String = "127.0.0.1") throws -> UDPReceiver {
    var input = UDPInput(host: host, port: 0)
    input.maximumDatagramByteCount = slot
    input.receiveBufferByteCount = buffer
    return try UDPReceiver.open(input)
  }

  @Test("a datagram comes with its sender, its port and the kernel's receive time")
  func tellsSenderAndTime() throws {
    let receiver = try receiver()
    let sender = try UDPSender(host: "127.0.0.1", port: receiver.localPort)
    var before = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &before)
    try [UInt8](hex: "010203").withRawSpan { bytes throws(IngestError) in try sender.send(bytes) }
    var infos: [DatagramInfo] = []
    let count = try receiver.receiveBatch { bytes, info in
      #expect([UInt8](copying: bytes) == [1, 2, 3])
      infos.append(info)
    }
    #expect(count == 1)
    let info = try #require(infos.first)
    #expect(info.source.host == "127.0.0.1")
    #expect(info.source.port != 0)
    #expect(info.destinationPort == receiver.localPort)
    #expect(!info.isTruncated)
    #expect(info.originalByteCount == 3)
    let age = try #require(info.receivedAtNanoseconds) - Int64(before.tv_sec) * 1_000_000_000 - Int64(before.tv_nsec)
    #expect((-1_000_000_000...60_000_000_000).contains(age))
  }

  @Test("IPv6 works as IPv4 does")
  func receivesIPv6() throws {
    let receiver = try receiver(host: "::1")
    let sender = try UDPSender(host: "::1", port: receiver.localPort)
    try [UInt8]([7]).withRawSpan { bytes throws(IngestError) in try sender.send(bytes) }
    var sources: [String] = []
    _ = try receiver.receiveBatch { _, info in sources.append(info.source.host) }
    #expect(sources == ["::1"])
  }

  @Test("a datagram as long as the slot is whole; one byte more is cut and says how long it was")
  func reportsTruncation() throws {
    let receiver = try receiver(slot: 1115)
    let sender = try UDPSender(host: "127.0.0.1", port: receiver.localPort)
    try [UInt8].pattern(1115 + 1116 + 9000 + 3).withRawSpan { bytes throws(IngestError) in
      try sender.sendBatch(bytes, byteCounts: [1115, 1116, 9000, 3])
    }
    var seen: [[Int]] = []
    _ = try receiver.receiveBatch { bytes, info in
      seen.append([bytes.byteCount, info.originalByteCount, info.isTruncated ? 1 : 0])
    }
    #expect(seen == [[1115, 1115, 0], [1115, 1116, 1], [1115, 9000, 1], [3, 3, 0]])
  }

  @Test("a socket with nothing to give returns at once with nothing")
  func returnsWhenEmpty() throws {
    let receiver = try receiver()
    #expect(try receiver.receiveBatch { _, _ in Issue.record("nothing was sent") } == 0)
    #expect(receiver.readKernelDroppedDatagramCount() == 0)
    #expect(receiver.receiveQueueByteCount == 0)
  }

  @Test("more datagrams than one batch holds come in batches of 64, in order")
  func splitsIntoBatches() throws {
    let receiver = try receiver()
    let sender = try UDPSender(host: "127.0.0.1", port: receiver.localPort)
    let numbers = (0..<150).flatMap { [UInt8].big16($0) }
    try numbers.withRawSpan { bytes throws(IngestError) in
      try sender.sendBatch(bytes, byteCounts: [Int](repeating: 2, count: 150))
    }
    #expect(receiver.receiveQueueByteCount > 0)
    var received: [UInt8] = []
    let counts = try (0..<4).map { _ in
      try receiver.receiveBatch { bytes, _ in received += [UInt8](copying: bytes) }
    }
    #expect(counts == [64, 64, 22, 0])
    #expect(received == numbers)
  }

  @Test("what the kernel had no room for is counted: sent = received + dropped", arguments: [1, 7, 40])
  func countsKernelDrops(rounds: Int) throws {
    let receiver = try receiver(buffer: 8192)
    let sender = try UDPSender(host: "127.0.0.1", port: receiver.localPort)
    let burst = [UInt8](repeating: 0x55, count: 64 * 500)
    var received: UInt64 = 0
    for _ in 0..<rounds {
      try burst.withRawSpan { bytes throws(IngestError) in
        try sender.sendBatch(bytes, byteCounts: [Int](repeating: 500, count: 64))
      }
      while case let count = try receiver.receiveBatch({ _, _ in }), count > 0 { received += UInt64(count) }
    }
    // Nothing more was sent after the last drop, so only the socket itself can tell of it.
    let dropped = receiver.readKernelDroppedDatagramCount()
    #expect(dropped > 0)
    #expect(received + dropped == UInt64(rounds * 64))
    #expect(receiver.kernelDroppedDatagramCount == dropped)
  }

  @Test("the drop count comes along with the first datagram after a drop")
  func learnsOfDropsFromDatagrams() throws {
    let receiver = try receiver(buffer: 8192)
    let sender = try UDPSender(host: "127.0.0.1", port: receiver.localPort)
    var received = 0
    for _ in 0..<2 {
      try [UInt8](repeating: 1, count: 64 * 500).withRawSpan { bytes throws(IngestError) in
        try sender.sendBatch(bytes, byteCounts: [Int](repeating: 500, count: 64))
      }
      if received == 0 {
        while case let count = try receiver.receiveBatch({ _, _ in }), count > 0 { received += count }
        #expect(receiver.kernelDroppedDatagramCount == 0)
      }
    }
    _ = try receiver.receiveBatch { _, _ in }
    #expect(receiver.kernelDroppedDatagramCount == UInt64(64 - received))
  }

  @Test("the receive buffer is read back, and whether it is what was asked for")
  func readsBufferBack() throws {
    let modest = try receiver(buffer: 100_000)
    #expect(modest.receiveBufferByteCount == 200_000)
    #expect(modest.isReceiveBufferGranted)
    #expect(modest.requestedReceiveBufferByteCount == 100_000)
  }

  @Test("the buffer of a socket that is handed over is never made smaller")
  func keepsHandedOverBuffer() throws {
    let opener = try receiver(buffer: 150_000)
    var input = UDPInput(host: "127.0.0.1", port: opener.localPort)
    input.receiveBufferByteCount = 100_000
    #expect(try UDPReceiver.open(input, adopting: dup(opener.fileDescriptor)).receiveBufferByteCount == 300_000)
    input.receiveBufferByteCount = 200_000
    #expect(try UDPReceiver.open(input, adopting: dup(opener.fileDescriptor)).receiveBufferByteCount == 400_000)
  }

  @Test("an address that is none, a foreign one and one in use are refused, each with its reason")
  func refusesAddresses() throws {
    for host in ["example", "256.1.1.1", "1.2.3", "::g", "127.0.0.1:5"] {
      #expect(throws: IngestError.notAnAddress(host)) { try UDPReceiver.open(UDPInput(host: host, port: 0)) }
    }
    #expect(throws: IngestError.system(call: "bind", errno: EADDRNOTAVAIL, address: "203.0.113.9:0")) {
      try UDPReceiver.open(UDPInput(host: "203.0.113.9", port: 0))
    }
    let taken = try receiver().localPort
    let receiver = try UDPReceiver.open(UDPInput(host: "127.0.0.1", port: taken))
    #expect(throws: IngestError.system(call: "bind", errno: EADDRINUSE, address: "127.0.0.1:\(taken)")) {
      try UDPReceiver.open(UDPInput(host: "127.0.0.1", port: receiver.localPort))
    }
  }

  @Test("a multicast group is joined on the interface that is named")
  func joinsGroup() throws {
    var input = UDPInput(host: "", port: 0)
    input.group = "239.255.13.7"
    input.interfaces = ["lo"]
    let receiver = try UDPReceiver.open(input)
    let sender = try UDPSender(host: "239.255.13.7", port: receiver.localPort, interface: "127.0.0.1")
    try [UInt8]([42]).withRawSpan { bytes throws(IngestError) in try sender.send(bytes) }
    var received: [[UInt8]] = []
    _ = try receiver.receiveBatch { bytes, _ in received.append([UInt8](copying: bytes)) }
    #expect(received == [[42]])
    input.interfaces = ["no-such-one"]
    #expect(throws: IngestError.system(call: "join", errno: ENODEV, address: ":0")) { try UDPReceiver.open(input) }
  }

  @Test(
    "a socket that is handed over is a member of its group already, for any source or for named ones",
    arguments: [
      ("239.255.13.8", []), ("239.255.13.8", ["127.0.0.1", "127.0.0.2"]), ("ff15::8", []), ("ff02::8", ["::1"]),
    ]
      as [(String, [String])])
  func keepsMembership(group: String, sources: [String]) throws {
    let isIPv6 = group.contains(":")
    var input = UDPInput(host: isIPv6 ? "::" : "0.0.0.0", port: 0)
    input.group = group
    input.interfaces = ["lo"]
    input.sources = sources
    let opener = try UDPReceiver.open(input)
    input.port = opener.localPort
    let receiver = try UDPReceiver.open(input, adopting: dup(opener.fileDescriptor))
    var membership = try #require(try GroupMembership(input))
    #expect(membership.renew(receiver.fileDescriptor) == [])
    #expect(membership.lostInterfaces == [])
    // Nothing is sent to groups of IPv6 on lo: there is no route for them.
    guard !isIPv6 else { return }
    let sender = try UDPSender(host: group, port: receiver.localPort, interface: "127.0.0.1")
    try [UInt8]([42]).withRawSpan { bytes throws(IngestError) in try sender.send(bytes) }
    var received: [[UInt8]] = []
    _ = try receiver.receiveBatch { bytes, _ in received.append([UInt8](copying: bytes)) }
    #expect(received == [[42]])
  }

  @Test("one source of a group more is joined beside those that are there")
  func joinsFurtherSource() throws {
    var input = UDPInput(host: "0.0.0.0", port: 0)
    input.group = "239.255.13.12"
    input.interfaces = ["lo"]
    input.sources = ["127.0.0.9"]
    let opener = try UDPReceiver.open(input)
    input.port = opener.localPort
    input.sources = ["127.0.0.9", "127.0.0.1"]
    let receiver = try UDPReceiver.open(input, adopting: dup(opener.fileDescriptor))
    let sender = try UDPSender(host: "239.255.13.12", port: receiver.localPort, interface: "127.0.0.1")
    try [UInt8]([42]).withRawSpan { bytes throws(IngestError) in try sender.send(bytes) }
    var received: [[UInt8]] = []
    _ = try receiver.receiveBatch { bytes, _ in received.append([UInt8](copying: bytes)) }
    #expect(received == [[42]])
  }

  @Test("a closed receiver makes the sender's port refuse, which does not stop the sender")
  func survivesRefusal() throws {
    let port = try receiver().localPort
    let sender = try UDPSender(host: "127.0.0.1", port: port)
    for _ in 0..<3 { try [UInt8]([1]).withRawSpan { bytes throws(IngestError) in try sender.send(bytes) } }
    let again = try UDPReceiver.open(UDPInput(host: "127.0.0.1", port: port))
    try [UInt8]([2]).withRawSpan { bytes throws(IngestError) in try sender.send(bytes) }
    var received: [[UInt8]] = []
    _ = try again.receiveBatch { bytes, _ in received.append([UInt8](copying: bytes)) }
    #expect(received.last == [2])
  }

  @Test("a datagram that UDP cannot carry is refused")
  func refusesGiant() throws {
    let receiver = try receiver()
    let sender = try UDPSender(host: "127.0.0.1", port: receiver.localPort)
    let address = "127.0.0.1:\(receiver.localPort)"
    #expect(throws: IngestError.system(call: "send", errno: EMSGSIZE, address: address)) {
      try [UInt8](repeating: 0, count: 65_508).withRawSpan { bytes throws(IngestError) in try sender.send(bytes) }
    }
  }
}
