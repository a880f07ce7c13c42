import Ingest
import Testing

/// What every source promises, whatever its bytes come from.
@Suite("The contract of sources")
struct SourceContractTests {
  /// Every way in which bytes arrive.
  enum Source: CaseIterable, Sendable {
    case udp4, udp6, pcapFile, pcapPipe, pcapngFile, pcapngPipe, frameFile, framePipe, packetFile, packetPipe

    var isDatagrams: Bool {
      switch self {
      case .udp4, .udp6, .pcapFile, .pcapPipe, .pcapngFile, .pcapngPipe: true
      case .frameFile, .framePipe, .packetFile, .packetPipe: false
      }
    }

    var isPackets: Bool { self == .packetFile || self == .packetPipe }
    var largestByteCount: Int { isPackets ? 65_542 : 65_507 }
  }

  /// One unit as it was lent.
  struct Lent: Equatable {
    var bytes: [UInt8]
    var info: DatagramInfo?
  }

  @Test("every unit is lent once, in order, with its length", arguments: Source.allCases)
  func lendsInOrder(source: Source) throws {
    let units = (0..<300).map { unit(source, 223, seed: $0) }
    #expect(try lend(units, by: source).map(\.bytes) == units)
  }

  @Test("units of different lengths keep them", arguments: Source.allCases.filter { $0.isDatagrams || $0.isPackets })
  func keepsLengths(source: Source) throws {
    let units = (0..<200).map { unit(source, 7 + $0 * $0 % 1490, seed: $0) }
    #expect(try lend(units, by: source).map(\.bytes) == units)
  }

  @Test("the largest unit is lent whole, between small ones", arguments: Source.allCases)
  func lendsLargest(source: Source) throws {
    let large = unit(source, source.largestByteCount, seed: 1)
    let isFrames = source == .frameFile || source == .framePipe
    let units = isFrames ? [large, large, large] : [unit(source, 7, seed: 2), large, unit(source, 8, seed: 3)]
    #expect(try lend(units, by: source).map(\.bytes) == units)
  }

  @Test("no units are none, and the end is told again when asked again", arguments: Source.allCases)
  func endsEmpty(source: Source) throws { #expect(try lend([], by: source).isEmpty) }

  @Test("an empty datagram is a unit", arguments: Source.allCases.filter(\.isDatagrams))
  func lendsEmptyDatagrams(source: Source) throws {
    let units: [[UInt8]] = [[], [1], [], []]
    #expect(try lend(units, by: source).map(\.bytes) == units)
  }

  @Test(
    "a datagram comes with its time, its sender, its port and its length",
    arguments: Source.allCases.filter(\.isDatagrams))
  func describesDatagrams(source: Source) throws {
    let units = (1...70).map { unit(source, $0, seed: $0) }
    let lent = try lend(units, by: source)
    #expect(lent.count == 70)
    for one in lent {
      let info = try #require(one.info)
      #expect(try #require(info.receivedAtNanoseconds) > 1_600_000_000_000_000_000)
      #expect(info.originalByteCount == one.bytes.count)
      #expect(!info.isTruncated)
      #expect(info.source.port != 0)
      #expect(info.destinationPort != 0)
    }
  }

  @Test(
    "a unit cut off at the end of a file is lent as far as it goes",
    arguments: Source.allCases.filter { !$0.isDatagrams })
  func lendsCutUnit(source: Source) throws {
    let units = (0..<3).map { unit(source, 223, seed: $0) }
    let bytes = Array(units.flatMap { $0 }.dropLast(100))
    let expected = Array(units.dropLast()) + [Array(units[2].dropLast(100))]
    #expect(try lend(bytes, byteCount: 223, by: source).map(\.bytes) == expected)
  }

  /// A unit that the source can carry: a Space Packet where it must know its own length.
  private func unit(_ source: Source, _ byteCount: Int, seed: Int) -> [UInt8] {
    guard source.isPackets else { return .pattern(byteCount, seed: seed) }
    return [0x08, 0x01, 0xc0, 0x00] + .big16(byteCount - 7) + .pattern(byteCount - 6, seed: seed)
  }

  private func lend(_ units: [[UInt8]], by source: Source) throws -> [Lent] {
    switch source {
    case .udp4: return try lendByUDP(units, host: "127.0.0.1")
    case .udp6: return try lendByUDP(units, host: "::1")
    case .pcapFile, .pcapPipe:
      let records = units.map { Record(Packet.ethernet(Packet.ipv4(Packet.udp($0)))) }
      return try lend(Capture.pcap(records), byteCount: 0, by: source)
    case .pcapngFile, .pcapngPipe:
      let records = units.map { Record(Packet.ethernet(Packet.ipv6(Packet.udp($0)), type: 0x86dd)) }
      return try lend(Capture.pcapng(records), byteCount: 0, by: source)
    case .frameFile, .framePipe, .packetFile, .packetPipe:
      return try lend(units.flatMap { $0 }, byteCount: units.first?.count ?? 223, by: source)
    }
  }

  private func lendByUDP(_ units: [[UInt8]], host: String) throws -> [Lent] {
    let receiver = try UDPReceiver.open(UDPInput(host: host, port: 0))
    let sender = try UDPSender(host: host, port: receiver.localPort)
    for unit in units { try unit.withRawSpan { bytes throws(IngestError) in try sender.send(bytes) } }
    var lent: [Lent] = []
    while try receiver.receiveBatch({ lent.append(Lent(bytes: [UInt8](copying: $0), info: $1)) }) > 0 {}
    #expect(try receiver.receiveBatch { _, _ in Issue.record("lent after the end") } == 0)
    #expect(receiver.readKernelDroppedDatagramCount() == 0)
    return lent
  }

  private func lend(_ bytes: [UInt8], byteCount: Int, by source: Source) throws -> [Lent] {
    let file = try TemporaryFile(bytes)
    let stream: ByteStreamReader
    switch source {
    case .pcapPipe, .pcapngPipe, .framePipe, .packetPipe: stream = try pipe(feeding: bytes)
    default: stream = try ByteStreamReader.open(path: file.path)
    }
    var lent: [Lent] = []
    switch source {
    case .frameFile, .framePipe:
      let reader = FrameFileReader(stream, frameByteCount: byteCount)
      while try reader.next({ lent.append(Lent(bytes: [UInt8](copying: $0))) }) {}
      #expect(try !reader.next { _ in Issue.record("lent after the end") })
    case .packetFile, .packetPipe:
      var reader = PacketFileReader(stream, maximumPacketByteCount: 65_542)
      while try reader.next({ bytes, _ in lent.append(Lent(bytes: [UInt8](copying: bytes))) }) {}
      #expect(try !reader.next { _, _ in Issue.record("lent after the end") })
    default:
      let reader = try CaptureReader(stream)
      try reader.forEachDatagram { lent.append(Lent(bytes: [UInt8](copying: $0), info: $1)) }
      #expect(try reader.next { _, _ in Issue.record("lent after the end") } == .end)
      #expect(reader.consumedByteCount == bytes.count)
    }
    #expect(stream.consumedByteCount == bytes.count)
    return lent
  }
}
