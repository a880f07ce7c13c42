import StationConfiguration
import Testing

@Suite("Virtual channels, packets and link names")
struct VirtualChannelRuleTests {
  private static func text(_ channels: String, type: String = "aos", more: String = "") -> String {
    station(link: "virtual_channels: [\(channels)]", frames: "type: \(type), length: 1115\(more)")
  }

  @Test(
    "are taken at both ends of their ranges",
    arguments: [
      ("tm", "vcid: 0"), ("tm", "vcid: 7"), ("aos", "vcid: 0"), ("aos", "vcid: 63"),
      ("tm", "vcid: 1, max_packet_length: 7"), ("tm", "vcid: 1, max_packet_length: 65542"),
      ("tm", "vcid: 1, service: vca"),
      ("tm", "vcid: 7, service: idle"), ("aos", "vcid: 63, service: idle"), ("aos", "vcid: 1, service: bitstream"),
    ])
  func takesBounds(type: String, channel: String) {
    #expect(findings(Self.text("{ \(channel) }", type: type), for: .replay) == [])
  }

  @Test(
    "are refused beyond them",
    arguments: [
      ("tm", "vcid: 8", "5:32 links[0].virtual_channels[0].vcid is 8, which is not in 0...7 | write a number in 0...7"),
      (
        "aos", "vcid: 64",
        "5:32 links[0].virtual_channels[0].vcid is 64, which is not in 0...63 | write a number in 0...63"
      ),
      (
        "aos", "vcid: 1, max_packet_length: 6",
        "5:54 links[0].virtual_channels[0].max_packet_length is 6, which is not in 7...65542 | "
          + "write a number in 7...65542"
      ),
      (
        "aos", "vcid: 1, max_packet_length: 65543",
        "5:54 links[0].virtual_channels[0].max_packet_length is 65543, which is not in 7...65542"
          + " | write a number in 7...65542"
      ),
      ("tm", "vcid: 1, service: bitstream", "5:44 TM frames have no bitstream service | write packet, vca or idle"),
      (
        "aos", "vcid: 63, service: packet",
        "5:45 AOS channel 63 carries only idle data | write 'service: idle', or leave it out"
      ),
      (
        "aos", "vcid: 1, service: vca, max_packet_length: 9",
        "5:68 max_packet_length does not go with 'service: vca' | leave it out: only 'service: packet' has packets"
      ),
      (
        "aos", "vcid: 1, service: pakcet",
        "5:44 service must be 'packet' or 'vca' or 'bitstream' or 'idle', not 'pakcet' | did you mean 'packet'?"
      ),
      (
        "aos", "name: x",
        "5:24 'vcid' is missing in links[0].virtual_channels[0] | write the number of the channel, such as 'vcid: 1'"
      ),
    ])
  func refusesBeyondBounds(type: String, channel: String, finding: String) {
    #expect(findings(Self.text("{ \(channel) }", type: type), for: .replay) == [finding])
  }

  @Test("are there once for each spacecraft")
  func refusesDuplicates() {
    #expect(
      findings(Self.text("{ vcid: 1 }, { vcid: 0x1 }"), for: .replay) == [
        "5:45 duplicate virtual channel 1; the first is at downlinkd.yaml:5:32 | keep one of the two"
      ])
    #expect(findings(Self.text("{ vcid: 1 }, { vcid: 1, spacecraft_id: 2 }"), for: .replay) == [])
  }

  @Test("belong to a spacecraft of the link")
  func refusesForeignSpacecraft() {
    #expect(
      findings(Self.text("{ vcid: 1, spacecraft_id: 3 }", more: ", spacecraft_id: [1, 2]"), for: .replay) == [
        "5:50 spacecraft 3 is not one of frames.spacecraft_id"
          + " | add it to frames.spacecraft_id, or its frames are rejected"
      ])
  }

  @Test("are one at least, and no more than have counters")
  func boundsCount() {
    #expect(
      findings(Self.text(""), for: .replay) == [
        "5:23 links[0].virtual_channels is an empty list | leave it out to take every channel"
      ])
    let many = (0..<5).map { "{ vcid: \($0) }" }.joined(separator: ", ")
    #expect(
      findings(station(link: "virtual_channels: [\(many)]", "limits: { virtual_channel_count: 4 }"), for: .replay) == [
        "5:23 5 virtual channels are more than limits.virtual_channel_count (4) | raise limits.virtual_channel_count"
      ])
  }

  @Test("have no place in a link of bare packets, nor do frames and their error control")
  func refusesFramesOfPackets() {
    let text = station(
      link: "input: { format: packets, frames_per_datagram: 2 }", "virtual_channels: []",
      "coding: { error_control: crc16 }")
    #expect(
      findings(text, for: .replay) == [
        "4:5 'frames' does not go with 'format: packets' | leave it out, or write 'format: frames' below 'input'",
        "5:52 frames_per_datagram does not go with 'format: packets' | "
          + "leave it out: a datagram may carry any number of packets",
        "6:5 'virtual_channels' does not go with 'format: packets' | "
          + "leave it out, or write 'format: frames' below 'input'",
        "7:30 packets without frames have no error control | "
          + "leave 'coding' out, or write 'format: frames' below 'input'",
      ])
  }

  @Test(
    "a link name is good as part of a file name", arguments: ["a", "0", "dss1-x_2", "a2345678901234567890123456789012"])
  func takesNames(name: String) throws {
    let quoted = name == "0" ? "\"0\"" : name
    #expect(try link(station().replacing("name: a", with: "name: \(quoted)")).name == name)
  }

  @Test(
    "nothing else is a link name",
    arguments: [
      "../../etc/x", "A", "-a", "_a", "a b", "a/b", "a.b", "\u{E4}", "a23456789012345678901234567890123", "\"\"",
      "\"a\\0\"", "\"a\\nb\"",
    ])
  func refusesNames(name: String) {
    let found = findings(station().replacing("name: a", with: "name: \(name)"), for: .replay)
    #expect(found.count == 1 && found[0].hasPrefix("3:11 "))
  }
}
