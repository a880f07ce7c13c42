import Ingest
import Testing

@Suite("pcap and pcapng, standards/06 §10")
struct CaptureFormatTests {
  private let payload = [UInt8].pattern(33)
  private var packet: [UInt8] { Packet.ethernet(Packet.ipv4(Packet.udp(payload))) }

  @Test("both byte orders; microseconds and nanoseconds to their last digit", arguments: [false, true])
  func readsByteOrdersAndClocks(bigEndian: Bool) throws {
    let records = [Record(packet, nanoseconds: 1_700_000_000_999_999_999), Record(packet, nanoseconds: 7)]
    let fine = try Reading(Capture.pcap(records, bigEndian: bigEndian))
    #expect(fine.infos.map(\.receivedAtNanoseconds) == [1_700_000_000_999_999_999, 7])
    let coarse = try Reading(Capture.pcap(records, bigEndian: bigEndian, isNanoseconds: false))
    // A time of nothing but zeros is no time.
    #expect(coarse.infos.map(\.receivedAtNanoseconds) == [1_700_000_000_999_999_000, nil])
    let next = try Reading(Capture.pcapng(records, bigEndian: bigEndian))
    #expect(next.infos.map(\.receivedAtNanoseconds) == [1_700_000_000_999_999_999, 7])
    #expect(next.payloads == [payload, payload])
  }

  @Test("pcap seconds past 2038 are later, not negative")
  func readsLateTimes() throws {
    let reading = try Reading(Capture.pcap([Record(packet, nanoseconds: 4_294_967_295_000_000_001)]))
    #expect(reading.infos.map(\.receivedAtNanoseconds) == [4_294_967_295_000_000_001])
  }

  @Test("a pcapng clock of microseconds, without and with its option, or of binary fractions")
  func readsClockResolutions() throws {
    let cases: [(UInt8?, UInt64, Int64)] = [
      (nil, 1_700_000_000_123_456, 1_700_000_000_123_456_000), (6, 1_700_000_000_123_456, 1_700_000_000_123_456_000),
      (3, 1_700_000_000_123, 1_700_000_000_123_000_000), (0x81, 3_400_000_001, 1_700_000_000_500_000_000),
    ]
    let build = PcapNG()
    for (resolution, ticks, nanoseconds) in cases {
      let file =
        build.sectionHeader + build.interface(linkType: 1, resolution: resolution)
        + build.enhancedPacket(Record(packet, nanoseconds: ticks))
      #expect(try Reading(file).infos.map(\.receivedAtNanoseconds) == [nanoseconds])
    }
  }

  @Test("pcapng blocks of unknown kinds, simple packets, several interfaces and sections")
  func readsBlocks() throws {
    let build = PcapNG()
    let names = build.block(4, [UInt8](repeating: 0, count: 4))
    let custom = build.block(0xbad, [UInt8].pattern(21))
    let body = build.interface(linkType: 1) + build.interface(linkType: 1, resolution: 6)
    var file = build.sectionHeader + names + body + custom + build.simplePacket(packet)
    file += build.enhancedPacket(Record(packet, nanoseconds: 1_700_000_000_000_001), interface: 1)
    file += build.sectionHeader + body + build.enhancedPacket(Record(packet))
    let reading = try Reading(file)
    #expect(reading.failure == nil)
    #expect(reading.payloads == [payload, payload, payload])
    let times: [Int64?] = [nil, 1_700_000_000_000_001_000, 1_700_000_000_123_456_789]
    #expect(reading.infos.map(\.receivedAtNanoseconds) == times)
  }

  @Test("a pcapng file whose interfaces differ in kind is read as far as libpcap can, and says where that is")
  func refusesMixedInterfaces() throws {
    let build = PcapNG()
    let head = build.sectionHeader + build.interface(linkType: 1) + build.enhancedPacket(Record(packet))
    let reading = try Reading(head + build.interface(linkType: 113) + build.enhancedPacket(Record(packet)))
    #expect(reading.payloads == [payload])
    guard case .unsupportedCapture(_, let byteOffset, let reason)? = reading.failure else {
      Issue.record("\(String(describing: reading.failure))")
      return
    }
    #expect(byteOffset == head.count)
    #expect(reason.contains("different from the type of the first interface"))
  }

  @Test("what is no capture says why")
  func refusesOthers() throws {
    let cases: [([UInt8], CaptureRefusal)] = [
      ([], .empty), ([1, 2, 3], .unknownFormat), ([UInt8].pattern(500), .unknownFormat),
      ([UInt8](hex: "1f8b0800 00000000 0003 edc1"), .compressed),
    ]
    for (file, reason) in cases {
      let failure = try Reading(file).failure
      guard case .notACapture(_, reason)? = failure else {
        Issue.record("\(String(describing: failure))")
        continue
      }
      #expect(failure?.category == .badData)
    }
  }

  @Test("a capture with no records is one")
  func readsEmptyCaptures() throws {
    for file in [Capture.pcap([]), Capture.pcapng([])] {
      let reading = try Reading(file)
      #expect(reading.failure == nil)
      #expect(reading.counts == CaptureCounts())
    }
  }
}
