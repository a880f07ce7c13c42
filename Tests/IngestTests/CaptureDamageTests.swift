import Glibc
import Ingest
import Testing

@Suite("Damaged captures: everything before the damage, and where it is")
struct CaptureDamageTests {
  private static let packets = (0..<4).map { Packet.ethernet(Packet.ipv4(Packet.udp(.pattern(10 + $0 * 3, seed: $0)))) }

  @Test("a pcap cut at any byte gives every whole record, and the offset of the cut one", arguments: [false, true])
  func readsCutPcap(bigEndian: Bool) throws {
    let file = Capture.pcap(Self.packets.map { Record($0) }, bigEndian: bigEndian)
    // Worked out from the format: 24 bytes of header, and 16 before each packet.
    let borders = Self.packets.reduce(into: [24]) { $0.append(($0.last ?? 0) + 16 + $1.count) }
    #expect(borders.last == file.count)
    for cut in 1..<file.count { try check(Array(file.prefix(cut)), borders: borders, isIdentified: cut >= 4) }
  }

  @Test("a pcapng cut at any byte gives every whole record, and the offset of the cut block", arguments: [false, true])
  func readsCutPcapNG(bigEndian: Bool) throws {
    let build = PcapNG(bigEndian: bigEndian)
    var file = build.sectionHeader + build.interface(linkType: 1)
    var borders = [file.count]
    for packet in Self.packets {
      file += build.enhancedPacket(Record(packet))
      borders.append(file.count)
    }
    for cut in 1..<file.count { try check(Array(file.prefix(cut)), borders: borders, isIdentified: cut >= 4) }
  }

  private func check(_ file: [UInt8], borders: [Int], isIdentified: Bool) throws {
    let reading = try Reading(file)
    let wholeCount = borders.dropFirst().count { $0 <= file.count }
    #expect(reading.counts.datagramCount == wholeCount, "cut at \(file.count)")
    if borders.contains(file.count) {
      #expect(reading.failure == nil, "cut at \(file.count)")
    } else if isIdentified {
      let start = borders.last { $0 <= file.count } ?? 0
      #expect(
        reading.failure?.damage?.byteOffset == start, "cut at \(file.count): \(String(describing: reading.failure))")
    } else {
      guard case .notACapture(_, .unknownFormat)? = reading.failure else {
        Issue.record("cut at \(file.count): \(String(describing: reading.failure))")
        return
      }
    }
  }

  @Test("the offset is right for a pipe too")
  func findsOffsetInPipe() throws {
    let file = Capture.pcap(Self.packets.map { Record($0) })
    let reading = try Reading(pipe(feeding: Array(file.dropLast(1)), bufferByteCount: 37))
    #expect(reading.counts.datagramCount == 3)
    #expect(reading.failure?.damage?.byteOffset == file.count - 16 - Self.packets[3].count)
  }

  @Test(
    "a record that claims to be gigabytes long is refused without the memory for it",
    arguments: [0x7fff_ffff, 0xffff_ffff, 0x8000_0000, 0x0400_0000, 262_145] as [UInt64])
  func refusesLyingPcap(length: UInt64) throws {
    let good = Capture.pcap([Record(Self.packets[0])])
    let lie = [UInt8].number(0, byteCount: 8, bigEndian: false) + .number(length, byteCount: 4, bigEndian: false)
    let file = good + lie + .number(length, byteCount: 4, bigEndian: false) + [UInt8].pattern(1000)
    let before = residentByteCount()
    let reading = try Reading(file)
    #expect(reading.counts.datagramCount == 1)
    #expect(reading.failure?.damage?.byteOffset == good.count)
    #expect(residentByteCount() - before < 32 << 20)
  }

  @Test(
    "so is a pcapng block",
    arguments: [0xffff_fffc, 0x7fff_fffc, 0x0200_0000, 0, 3, 8, 13] as [UInt64])
  func refusesLyingPcapNG(length: UInt64) throws {
    let good = Capture.pcapng([Record(Self.packets[0])])
    let lie = [UInt8].number(6, byteCount: 4, bigEndian: false) + .number(length, byteCount: 4, bigEndian: false)
    let before = residentByteCount()
    let reading = try Reading(good + lie + [UInt8].pattern(1000))
    #expect(reading.counts.datagramCount == 1)
    #expect(reading.failure?.damage?.byteOffset == good.count)
    #expect(residentByteCount() - before < 32 << 20)
  }

  @Test("any byte of a capture may be anything: no trap, and the counts balance", arguments: [false, true])
  func survivesAnyByte(isNextGeneration: Bool) throws {
    let records = Self.packets.prefix(2).map { Record($0) }
    let file = isNextGeneration ? Capture.pcapng(records) : Capture.pcap(records)
    for offset in file.indices {
      for value in [0x00, 0x01, 0x7f, 0x80, 0xff] as [UInt8] {
        var damaged = file
        damaged[offset] = value
        _ = try Reading(damaged)
      }
    }
  }

  /// From /proc/self/statm: the second number is resident pages.
  private func residentByteCount() -> Int {
    guard let stream = try? ByteStreamReader.open(path: "/proc/self/statm") else { return 0 }
    var text = ""
    _ = try? stream.next(upTo: 100) { text = String(decoding: [UInt8](copying: $0), as: UTF8.self) }
    return (Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0) * 4096
  }
}
