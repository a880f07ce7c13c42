import Glibc
import Ingest
import Testing

@Suite("Writing captures")
struct CaptureWriterTests {
  private func write(_ payloads: [[UInt8]], to path: String) throws {
    let writer = try CaptureWriter(path: path)
    for (index, payload) in payloads.enumerated() {
      try payload.withRawSpan { bytes throws(IngestError) in
        try writer.write(
          bytes, timeNanoseconds: 1_700_000_000_123_456_789 + Int64(index), sourcePort: 4000, destinationPort: 10_017)
      }
    }
    try writer.close()
    try writer.close()
  }

  @Test("what is written is read again, to the byte and the nanosecond")
  func readsBack() throws {
    let file = try TemporaryFile()
    let payloads = [[], [1], .pattern(1115), .pattern(65_507), .pattern(3)] as [[UInt8]]
    try write(payloads, to: file.path)
    let reading = try Reading(ByteStreamReader.open(path: file.path))
    #expect(reading.failure == nil)
    #expect(reading.payloads == payloads)
    #expect(reading.infos.map(\.receivedAtNanoseconds) == (0..<5).map { 1_700_000_000_123_456_789 + Int64($0) })
    #expect(reading.infos.allSatisfy { $0.source.description == "10.0.0.1:4000" && $0.destinationPort == 10_017 })
  }

  @Test("the bytes are those of the formats: pcap with nanoseconds, Ethernet, IPv4 with its checksum, UDP without")
  func writesFormat() throws {
    let file = try TemporaryFile()
    try write([[0xab, 0xcd]], to: file.path)
    // The checksum by hand: 4500 + 001e + 0001 + 4000 + 4011 + 0a00 + 0001 + 0a00 + 0002 = d933, complement 26cc.
    #expect(
      try file.contents()
        == [UInt8](
          hex: """
            4d3cb2a1 0200 0400 00000000 00000000 00000400 01000000
            00f15365 15cd5b07 2c000000 2c000000
            020000000002 020000000001 0800
            4500 001e 0001 4000 40 11 26cc 0a000001 0a000002
            0fa0 2721 000a 0000 abcd
            """))
  }

  @Test("a file that cannot be created, and a full disk, are told")
  func reportsFailures() throws {
    #expect(throws: IngestError.cannotCreate(path: "/no/such/dir/x.pcap", errno: ENOENT)) {
      try CaptureWriter(path: "/no/such/dir/x.pcap")
    }
    #expect(throws: IngestError.cannotWrite(path: "/dev/full", errno: ENOSPC)) {
      try write([[UInt8]](repeating: .pattern(1115), count: 20), to: "/dev/full")
    }
  }
}
