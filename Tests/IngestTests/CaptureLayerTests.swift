import Ingest
import Testing

@Suite("From a captured record to the UDP datagram in it")
struct CaptureLayerTests {
  private let payload = [UInt8].pattern(50)

  private func read(_ packets: [UInt8]..., linkType: Int = 1, ports: [UInt16] = []) throws -> Reading {
    try Reading(Capture.pcap(packets.map { Record($0) }, linkType: linkType), ports: ports)
  }

  @Test(
    "VLAN tags of every kind and up to eight deep are stepped over",
    arguments: [
      [], [0x8100], [0x88a8], [0x9100], [0x88a8, 0x8100],
      [0x9100, 0x9100, 0x88a8, 0x8100, 0x8100, 0x8100, 0x8100, 0x8100],
    ])
  func stepsOverTags(tags: [Int]) throws {
    let reading = try read(Packet.ethernet(Packet.ipv4(Packet.udp(payload)), tags: tags))
    #expect(reading.payloads == [payload])
  }

  @Test("more tags than eight, and tags that are cut, are malformed")
  func refusesTagTower() throws {
    let deep = Packet.ethernet(
      Packet.ipv4(Packet.udp(payload)), tags: [Int](repeating: 0x8100, count: 9))
    #expect(try read(deep).counts.malformedCount == 1)
    let tagged = Packet.ethernet([], tags: [0x8100])
    #expect(try read(Array(tagged.dropLast(1))).counts.malformedCount == 1)
  }

  @Test("tags are stepped over behind a Linux cooked header too")
  func stepsOverCookedTags() throws {
    let header = [UInt8](hex: "0000 0001 0006 020000000001 0000 8100 0064 0800")
    #expect(try read(header + Packet.ipv4(Packet.udp(payload)), linkType: 113).payloads == [payload])
  }

  @Test("raw IP by all its numbers, both versions", arguments: [12, 14, 101])
  func readsRaw(linkType: Int) throws {
    let reading = try read(
      Packet.ipv4(Packet.udp(payload)), Packet.ipv6(Packet.udp(payload)), [0x00], linkType: linkType)
    #expect(reading.payloads == [payload, payload])
    #expect(reading.infos.map(\.source.description) == ["10.0.0.1:40000", "[fd00::1]:40000"])
    #expect(reading.counts.notInternetCount == 1)
  }

  @Test("BSD loopback families in both byte orders", arguments: [2, 10, 24, 28, 30])
  func readsLoopback(family: Int) throws {
    let packet = family == 2 ? Packet.ipv4(Packet.udp(payload)) : Packet.ipv6(Packet.udp(payload))
    for linkType in [0, 108] {
      let reading = try read(
        .big32(family) + packet, .number(UInt64(family), byteCount: 4, bigEndian: false) + packet, .big32(7) + packet,
        linkType: linkType)
      #expect(reading.payloads == [payload, payload])
      #expect(reading.counts.notInternetCount == 1)
    }
  }

  @Test("a link type without IP is refused by its number", arguments: [(105, 105), (3, 3), (147, 147)])
  func refusesLinkType(number: Int, reported: Int32) throws {
    let reading = try Reading(Capture.pcap([], linkType: number))
    guard case .unsupportedLinkType(_, reported)? = reading.failure else {
      Issue.record("\(String(describing: reading.failure))")
      return
    }
    #expect(reading.failure?.category == .badData)
  }

  @Test("what is no UDP is ignored under its name")
  func ignoresOthers() throws {
    let reading = try read(
      Packet.ethernet([UInt8](repeating: 0, count: 28), type: 0x0806),  // ARP
      Packet.ethernet(Packet.ipv4([UInt8](repeating: 0, count: 20), proto: 6)),  // TCP
      Packet.ethernet(Packet.ipv6([UInt8](repeating: 0, count: 8), nextHeader: 58), type: 0x86dd),  // ICMPv6
      Packet.ethernet(Packet.ipv6([], nextHeader: 59), type: 0x86dd),  // nothing
      Packet.ethernet(Packet.ipv4(Packet.udp(payload, to: 53))), Packet.ethernet(Packet.ipv4(Packet.udp(payload))),
      [1, 2, 3], ports: [10_015, 10_016])
    #expect(reading.payloads == [payload])
    #expect(reading.counts.recordCount == 7)
    #expect(reading.counts.notInternetCount == 1)
    #expect(reading.counts.notUDPCount == 3)
    #expect(reading.counts.otherPortCount == 1)
    #expect(reading.counts.malformedCount == 1)
    #expect(reading.counts.ignoredCount == 6)
    #expect(reading.ports.map(\.port) == [53, 10_015])
  }

  @Test("the port histogram tells 64 ports apart and counts the rest together")
  func boundsHistogram() throws {
    let packets = (1...70).flatMap { port in
      [Record](repeating: Record(Packet.ipv4(Packet.udp([1], to: port))), count: port == 70 ? 5 : 2)
    }
    let file = try TemporaryFile(Capture.pcap(packets, linkType: 101))
    let reader = try CaptureReader(ByteStreamReader.open(path: file.path))
    try reader.forEachDatagram { _, _ in }
    #expect(reader.ports.entries.map(\.port) == Array(1...64))
    #expect(reader.ports.entries.allSatisfy { $0.datagramCount == 2 })
    #expect(reader.ports.otherDatagramCount == 5 * 2 + 5)
    #expect(reader.ports.datagramCount(toPort: 7) == 2)
    #expect(reader.ports.datagramCount(toPort: 70) == 0)
  }

  @Test("padding behind the IP packet, and IP payload behind the UDP datagram, are left off")
  func trimsPadding() throws {
    let padded = Packet.ethernet(Packet.ipv4(Packet.udp([1, 2]))) + [UInt8](repeating: 0xee, count: 16)
    let longer = Packet.ethernet(Packet.ipv4(Packet.udp([1, 2]) + [0xee, 0xee]))
    let longer6 = Packet.ethernet(Packet.ipv6(Packet.udp([1, 2]) + [0xee]) + [0xdd], type: 0x86dd)
    let reading = try read(padded, longer, longer6)
    #expect(reading.payloads == [[1, 2], [1, 2], [1, 2]])
    #expect(reading.infos.allSatisfy { $0.originalByteCount == 2 && !$0.isTruncated })
  }

  @Test("an empty datagram is a datagram")
  func lendsEmptyDatagram() throws {
    let reading = try read(Packet.ethernet(Packet.ipv4(Packet.udp([])) + [UInt8](repeating: 0, count: 18)))
    #expect(reading.payloads == [[]])
    #expect(reading.infos.map(\.isTruncated) == [false])
  }

  @Test("UDP length 0 is the rest of the IP packet; 1 to 7, and more than the IP packet has, are malformed")
  func followsUDPLength() throws {
    #expect(try read(Packet.ethernet(Packet.ipv4(Packet.udp(payload, length: 0)))).payloads == [payload])
    for length in [1, 7, 59, 65_535] {
      let reading = try read(Packet.ethernet(Packet.ipv4(Packet.udp(payload, length: length))))
      #expect(reading.counts.malformedCount == 1)
    }
    #expect(
      try read(Packet.ethernet(Packet.ipv4(Packet.udp(payload, length: 57)))).payloads == [Array(payload.dropLast())])
  }

  @Test("an IP length of 0, left to the network card, is what was captured")
  func followsSegmentationOffload() throws {
    let v4 = Packet.ethernet(Packet.ipv4(Packet.udp(payload), totalLength: 0))
    let v6 = Packet.ethernet(Packet.ipv6(Packet.udp(payload), payloadLength: 0), type: 0x86dd)
    #expect(try read(v4, v6).payloads == [payload, payload])
  }

  @Test("IPv4 headers of every length are stepped over; impossible ones are malformed")
  func followsHeaderLength() throws {
    for words in 0...10 {
      let options = [UInt8](repeating: 1, count: words * 4)
      #expect(try read(Packet.ethernet(Packet.ipv4(Packet.udp(payload), options: options))).payloads == [payload])
    }
    for first in [UInt8](arrayLiteral: 0x40, 0x44) + [0x35, 0x75] {
      var packet = Packet.ethernet(Packet.ipv4(Packet.udp(payload)))
      packet[14] = first
      #expect(try read(packet).counts.malformedCount == 1)
    }
    let short = Packet.ethernet(Packet.ipv4(Packet.udp(payload), totalLength: 19))
    #expect(try read(short).counts.malformedCount == 1)
  }

  @Test("IPv6 extension headers are stepped over, in any order, up to sixteen")
  func stepsOverExtensions() throws {
    let hopByHop: [UInt8] = [43, 0, 1, 4, 0, 0, 0, 0]
    let routing: [UInt8] = [51, 1] + [UInt8](repeating: 0, count: 14)
    let authentication: [UInt8] = [44, 4] + [UInt8](repeating: 0, count: 22)
    let wholeFragment: [UInt8] = [60, 0, 0, 0, 0, 0, 0, 9]
    let destination: [UInt8] = [17, 2] + [UInt8](repeating: 0, count: 22)
    let chain = hopByHop + routing + authentication + wholeFragment + destination
    let reading = try read(Packet.ethernet(Packet.ipv6(chain + Packet.udp(payload), nextHeader: 0), type: 0x86dd))
    #expect(reading.payloads == [payload])
    let endless = (0..<17).flatMap { _ in [60, 0, 0, 0, 0, 0, 0, 0] as [UInt8] }
    let tower = try read(Packet.ethernet(Packet.ipv6(endless, nextHeader: 60), type: 0x86dd))
    #expect(tower.counts.malformedCount == 1)
  }

  @Test("a record cut by the snapshot length is lent as far as it goes, and says so; cut headers are malformed")
  func reportsSnapshotCut() throws {
    let whole = Packet.ethernet(Packet.ipv4(Packet.udp(payload)))
    let records = (0...whole.count).map { Record(Array(whole.prefix($0)), originalByteCount: whole.count) }
    let reading = try Reading(Capture.pcap(records))
    #expect(reading.payloads == (0...50).map { Array(payload.prefix($0)) })
    #expect(reading.infos.map(\.isTruncated) == (0...50).map { $0 < 50 })
    #expect(reading.infos.allSatisfy { $0.originalByteCount == 50 })
    #expect(reading.counts.truncatedDatagramCount == 50)
    #expect(reading.counts.malformedCount == 42)
  }

  @Test("only padding cut off is nothing lost")
  func allowsCutPadding() throws {
    let whole = Packet.ethernet(Packet.ipv4(Packet.udp([1, 2])))
    let reading = try Reading(Capture.pcap([Record(whole, originalByteCount: 60)]))
    #expect(reading.payloads == [[1, 2]])
    #expect(reading.infos.map(\.isTruncated) == [false])
  }

  @Test("every single damaged byte of the headers ends in a bucket")
  func survivesDamage() throws {
    let v4 = Packet.ethernet(Packet.ipv4(Packet.udp(payload), options: [1, 1, 1, 1]), tags: [0x8100])
    let v6 = Packet.ethernet(
      Packet.ipv6([17, 0, 0, 0, 0, 0, 0, 9] + Packet.udp(payload), nextHeader: 44), type: 0x86dd)
    var records: [Record] = []
    for packet in [v4, v6] {
      for offset in 0..<(packet.count - 50) {
        for value in [0x00, 0x01, 0x7f, 0x80, 0xff, packet[offset] ^ 0x10] as [UInt8] {
          var damaged = packet
          damaged[offset] = value
          records.append(Record(damaged))
        }
      }
    }
    let reading = try Reading(Capture.pcap(records))
    #expect(reading.failure == nil)
    #expect(reading.counts.recordCount == records.count)
    #expect(reading.counts.datagramCount > 0)
    #expect(reading.counts.malformedCount > 0)
  }
}
