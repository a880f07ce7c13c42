import DownlinkService
import Publish
import SpacecraftSimulator
import Testing

@Suite("Where the packets of a file come from")
struct ProvenanceFileTests {
  @Test("each line is of the packet at its offset, and together they are the file")
  func matchesPackets() throws {
    let recording = try Recording.lively()
    let folder = try TemporaryFolder()
    let file = folder.path("capture.pcap")
    try recording.writeCapture(to: file)
    let yield = try ReplayYield(recording.link, file)
    let times = recording.datagrams.map { Int($0.stamp.nanosecondsSince1970) }
    let span = try #require(times.min())...(try #require(times.max()))
    for (name, packets) in yield.packets {
      let sideFile = try #require(yield.provenance[name.replacing(".packets", with: ".provenance.jsonl")])
      var offset = 0
      for line in sideFile.split(separator: UInt8(ascii: "\n")) {
        let line = try JSONReader.read(Array(line))
        #expect(line["offset"]?.integer == offset)
        let byteCount = try #require(line["bytes"]?.integer)
        if packets[offset] >> 5 == 0 {
          // CCSDS 133.0-B-2 §4.1.3: the identification and the sequence count.
          #expect(line["apid"]?.integer == Int(packets[offset] & 7) << 8 | Int(packets[offset + 1]))
          #expect(line["seq"]?.integer == Int(packets[offset + 2] & 0x3F) << 8 | Int(packets[offset + 3]))
          #expect(byteCount == Int(packets[offset + 4]) << 8 + Int(packets[offset + 5]) + 7)
        }
        let received = (line["first_received_ns"]?.integer ?? 0, line["last_received_ns"]?.integer ?? 0)
        #expect(span.contains(received.0) && span.contains(received.1) && received.0 <= received.1)
        let frameCount = try #require(line["frames"]?.integer)
        #expect(frameCount >= 1)
        // A channel whose count never moves has many frames of one count.
        #expect(line["first_frame"] == line["last_frame"] || frameCount > 1)
        offset += byteCount
      }
      #expect(offset == packets.count, "\(name)")
    }
  }
}
