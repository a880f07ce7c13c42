import Ingest
import Testing

@Suite("Fragments of IP datagrams, RFC 791 and RFC 8200 §4.5")
struct CaptureFragmentTests {
  private let payload = [UInt8].pattern(100)
  private var datagram: [UInt8] { Packet.udp(payload) }

  private func read(_ packets: [[UInt8]], spacingNanoseconds: UInt64 = 1000) throws -> Reading {
    let records = packets.enumerated().map { index, packet in
      Record(packet, nanoseconds: 1_700_000_000_000_000_001 + UInt64(index) * spacingNanoseconds)
    }
    return try Reading(Capture.pcap(records, linkType: 101))
  }

  private func permutations(_ items: [[UInt8]]) -> [[[UInt8]]] {
    guard let last = items.last else { return [[]] }
    return permutations(Array(items.dropLast())).flatMap { rest in
      (0...rest.count).map { Array(rest[..<$0]) + [last] + Array(rest[$0...]) }
    }
  }

  @Test("fragments make the datagram in every order, for both versions")
  func joinsInEveryOrder() throws {
    let cuts = [8, 48, 96]
    for fragments in [Packet.ipv4Fragments(datagram, cuts: cuts), Packet.ipv6Fragments(datagram, cuts: cuts)] {
      for order in permutations(fragments) {
        let reading = try read(order)
        #expect(reading.payloads == [payload])
        #expect(reading.counts.joinedFragmentCount == 3)
        // The datagram is as late as the last of its fragments.
        #expect(reading.infos.first?.receivedAtNanoseconds == 1_700_000_000_000_003_001)
      }
    }
  }

  @Test("fragments of several datagrams, of both versions, may be mixed")
  func keepsDatagramsApart() throws {
    let payloads = (0..<6).map { [UInt8].pattern(90 + $0, seed: $0) }
    let fragments = payloads.enumerated().map { index, payload in
      index % 2 == 0
        ? Packet.ipv4Fragments(Packet.udp(payload), cuts: [40, 80], identification: index / 2)
        : Packet.ipv6Fragments(Packet.udp(payload), cuts: [40, 80], identification: index / 2)
    }
    let mixed = (0..<3).flatMap { part in fragments.map { $0[part] } }
    let reading = try read(mixed)
    #expect(reading.payloads == payloads)
    #expect(reading.counts.joinedFragmentCount == 12)
    #expect(reading.counts.abandonedFragmentCount == 0)
  }

  @Test("the largest datagram that IP carries is put together")
  func joinsLargest() throws {
    let payload = [UInt8].pattern(65_507)
    let cuts = Array(stride(from: 1480, to: 65_515, by: 1480))
    let reading = try read(Packet.ipv4Fragments(Packet.udp(payload), cuts: cuts).reversed())
    #expect(reading.payloads == [payload])
  }

  @Test("a fragment that comes twice is counted and does no harm")
  func ignoresRepeats() throws {
    let parts = Packet.ipv4Fragments(datagram, cuts: [48])
    let reading = try read([parts[1], parts[1], parts[0]])
    #expect(reading.payloads == [payload])
    #expect(reading.counts.repeatedFragmentCount == 1)
  }

  @Test("overlapping and contradicting fragments cost the datagram, once")
  func refusesOverlap() throws {
    let parts = Packet.ipv4Fragments(datagram, cuts: [48])
    var changed = parts[0]
    changed[30] ^= 1
    let bytes = { (range: Range<Int>) in Array(datagram[range]) }
    let overlapping = Packet.ipv4(bytes(40..<64), identification: 77, flags: 0x2000 | 5)
    let beyondEnd = Packet.ipv4([UInt8](repeating: 0, count: 8), identification: 77, flags: 0x2000 | 20)
    let otherEnd = Packet.ipv4([0], identification: 77, flags: 20)
    let odd = Packet.ipv4(bytes(0..<47), identification: 77, flags: 0x2000)
    let nothing = Packet.ipv4([], identification: 77, flags: 0x2000)
    let tooFar = Packet.ipv4([UInt8](repeating: 0, count: 16), identification: 77, flags: 0x1fff)
    let cases: [[[UInt8]]] = [
      [parts[0], overlapping, parts[1]], [parts[0], changed, parts[1]], [parts[1], beyondEnd, parts[0]],
      [parts[1], otherEnd, parts[0]], [odd, parts[0], parts[1]], [nothing, parts[0], parts[1]],
      [tooFar, parts[0], parts[1]], [beyondEnd, parts[1], parts[0]],
    ]
    for packets in cases {
      let reading = try read(packets)
      #expect(reading.payloads.isEmpty)
      #expect(reading.counts.refusedDatagramCount == 1)
      #expect(reading.counts.abandonedFragmentCount == 3)
    }
  }

  @Test("fragments that the capture holds only in part cost the datagram")
  func refusesCutFragments() throws {
    let parts = Packet.ipv4Fragments(datagram, cuts: [48])
    let cut = Record(Array(parts[0].dropLast(8)), originalByteCount: parts[0].count)
    let reading = try Reading(Capture.pcap([cut, Record(parts[1])], linkType: 101))
    #expect(reading.payloads.isEmpty)
    #expect(reading.counts.refusedDatagramCount == 1)
    #expect(reading.counts.abandonedFragmentCount == 2)
  }

  @Test("fragments without their others are given up at the end")
  func abandonsAtEnd() throws {
    let reading = try read([Packet.ipv4Fragments(datagram, cuts: [48])[0]])
    #expect(reading.counts.abandonedFragmentCount == 1)
    #expect(reading.counts.refusedDatagramCount == 0)
  }

  @Test("a datagram waits for 30 seconds of capture time, not longer")
  func abandonsAfterPatience() throws {
    let parts = Packet.ipv4Fragments(datagram, cuts: [48])
    #expect(try read(parts, spacingNanoseconds: 30_000_000_000).payloads == [payload])
    let late = try read(parts, spacingNanoseconds: 30_000_000_001)
    #expect(late.payloads.isEmpty)
    #expect(late.counts.abandonedFragmentCount == 2)
  }

  @Test("the 65th unfinished datagram costs the oldest")
  func evictsOldest() throws {
    let all = (0..<65).map { Packet.ipv4Fragments(datagram, cuts: [48], identification: $0) }
    let full = try read(all.prefix(64).map { $0[0] } + all.prefix(64).map { $0[1] })
    #expect(full.payloads.count == 64)
    let over = try read(all.map { $0[0] } + all.dropFirst().map { $0[1] })
    #expect(over.payloads.count == 64)
    #expect(over.counts.abandonedFragmentCount == 1)
  }

  @Test("thousands of forged fragments find room for 64 at a time")
  func boundsMemory() throws {
    let records = (0..<20_000).map {
      Record(Packet.ipv4([1, 2, 3, 4, 5, 6, 7, 8], identification: $0, flags: 0x2000 | $0 % 8000))
    }
    let reading = try Reading(Capture.pcap(records, linkType: 101))
    #expect(reading.counts.abandonedFragmentCount == 20_000)
  }

  @Test("what a reassembled IPv6 datagram begins with is followed; fragments of other things are not UDP")
  func followsInnerHeaders() throws {
    let destination: [UInt8] = [17, 0, 1, 4, 0, 0, 0, 0]
    let inner = try read(Packet.ipv6Fragments(destination + datagram, cuts: [56], nextHeader: 60))
    #expect(inner.payloads == [payload])
    let other = try read(Packet.ipv6Fragments([6, 0, 1, 4, 0, 0, 0, 0] + datagram, cuts: [56], nextHeader: 60))
    #expect(other.counts.notUDPCount == 1)
    let tcp = try read(Packet.ipv6Fragments(datagram, cuts: [56], nextHeader: 6))
    #expect(tcp.counts.notUDPCount == 2)
    let nested = try read(Packet.ipv6Fragments([17, 0, 0, 1, 0, 0, 0, 9] + datagram, cuts: [56], nextHeader: 44))
    #expect(nested.counts.malformedCount == 1)
  }
}
