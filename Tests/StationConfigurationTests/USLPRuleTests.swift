import CCSDSLink
import CCSDSWire
import StationConfiguration
import Testing

@Suite("The managed parameters of USLP frames, CCSDS 732.1-B-3 §5")
struct USLPRuleTests {
  @Test("are a length for all frames, or the shortest and the longest")
  func readsLengths() throws {
    let fixed = try channel("type: uslp, length: 1115, insert_zone_length: 8, spacecraft_id: [0, 65535]")
    #expect(fixed.frameType == .uslp)
    #expect(fixed.frameByteCount == 1115)
    #expect(fixed.shortestFrameByteCount == nil)
    #expect(fixed.insertZoneByteCount == 8)
    #expect(fixed.spacecraftIDs == [SpacecraftID(0), SpacecraftID(65_535)])
    let varying = try channel("type: uslp, min_length: 32, max_length: 2048")
    #expect(varying.frameByteCount == 2048)
    #expect(varying.shortestFrameByteCount == 32)
    #expect(varying.coding == nil)
  }

  private func channel(_ frames: String) throws -> PhysicalChannelParameters {
    guard case .frames(let channel) = try link(station(frames: frames)).parameters else {
      Issue.record("no frames")
      return PhysicalChannelParameters(frameType: .tm, frameByteCount: 7)
    }
    return channel
  }

  /// 7 bytes of the shortest primary header; then 3 of data field header with its pointer and one of data, or 1 and 1.
  @Test(
    "are taken at both ends of their ranges",
    arguments: [
      "length: 11", "length: 65536", "min_length: 6, max_length: 9", "min_length: 65536, max_length: 65536",
      "length: 19, insert_zone_length: 8", "length: 11, spacecraft_id: 65535",
    ])
  func takesBounds(frames: String) {
    #expect(findings(station(frames: "type: uslp, \(frames)"), for: .replay) == [])
  }

  @Test(
    "are refused one beyond them",
    arguments: [
      ("length: 10", "a frame of 10 bytes has no room for data: its fields take 7"),
      ("length: 6", "links[0].frames.length is 6, which is not in 7...65536"),
      ("length: 65537", "links[0].frames.length is 65537, which is not in 7...65536"),
      ("min_length: 5, max_length: 9", "links[0].frames.min_length is 5, which is not in 6...65536"),
      ("min_length: 6, max_length: 8", "a frame of 8 bytes has no room for data: its fields take 7"),
      ("min_length: 6, max_length: 65537", "links[0].frames.max_length is 65537, which is not in 7...65536"),
      ("length: 18, insert_zone_length: 8", "a frame of 18 bytes has no room for data: its fields take 15"),
      ("length: 11, spacecraft_id: 65536", "links[0].frames.spacecraft_id is 65536, which is not in 0...65535"),
    ])
  func refusesBeyondBounds(frames: String, message: String) {
    let found = findings(station(frames: "type: uslp, \(frames)"), for: .replay)
    #expect(found.count == 1 && found[0].contains(" \(message) | "))
  }

  @Test("leave room for their error control", arguments: [("crc16", 13), ("crc32", 15)])
  func needsRoom(errorControl: String, smallest: Int) {
    let text = { (length: Int) in
      station(link: "coding: { error_control: \(errorControl) }", frames: "type: uslp, length: \(length)")
    }
    #expect(findings(text(smallest), for: .replay).allSatisfy { $0.contains(" warning: ") })
    #expect(
      findings(text(smallest - 1), for: .replay).contains { $0.contains(" | write at least \(smallest), or take") })
  }

  @Test(
    "are refused where they contradict each other",
    arguments: [
      (
        "min_length: 9",
        "4:13 'max_length' is missing in links[0].frames | write the length of the longest frame, or 'length' for all"
      ),
      (
        "max_length: 99",
        "4:13 'min_length' is missing in links[0].frames | write the length of the shortest frame, or 'length' for all"
      ),
      (
        "length: 99, min_length: 9",
        "4:39 'min_length' does not go with 'length' | "
          + "keep 'length' where all frames have the same, or 'min_length' and 'max_length' where they vary"
      ),
      (
        "max_length: 99, length: 99",
        "4:27 'max_length' does not go with 'length' | "
          + "keep 'length' where all frames have the same, or 'min_length' and 'max_length' where they vary"
      ),
      ("min_length: 99, max_length: 98", "4:39 min_length 99 is more than max_length 98 | exchange the two"),
      (
        "min_length: 9, max_length: 99, insert_zone_length: 4",
        "4:58 'insert_zone_length' does not go with lengths that vary | "
          + "leave it out, or write 'length', the same for all frames"
      ),
      (
        "spacecraft_id: 1",
        "4:13 'length' is missing in links[0].frames | write the length of one frame in bytes, "
          + "without its sync marker, or 'min_length' and 'max_length' where lengths vary"
      ),
      (
        "length: 99, ocf: true",
        "4:39 'ocf' does not go with 'type: uslp' | leave it out: each USLP frame says itself whether it ends in one"
      ),
      (
        "length: 99, header_error_control: false",
        "4:39 'header_error_control' does not go with 'type: uslp' | leave it out: only AOS frames have it"
      ),
      (
        "length: 99, spacecraft_id_bits: 10",
        "4:39 'spacecraft_id_bits' does not go with 'type: uslp' | leave it out: USLP has 16"
      ),
      (
        "length: 99, first_header_pointer_bits: 16",
        "4:39 'first_header_pointer_bits' does not go with 'type: uslp' | leave it out: USLP has 16"
      ),
      (
        "length: 99, truncated_length: 16",
        "4:39 unknown key 'truncated_length' in links[0].frames | write it below one of 'virtual_channels'"
      ),
    ])
  func refusesContradictions(frames: String, finding: String) {
    #expect(findings(station(frames: "type: uslp, \(frames)"), for: .replay) == [finding])
  }

  @Test("of varying length are for USLP alone", arguments: ["tm", "aos"])
  func confinesVaryingLengths(type: String) {
    for key in ["min_length", "max_length"] {
      let hint = "leave it out: all \(type.uppercased()) frames have the same 'length'"
      let column = 32 + type.count
      #expect(
        findings(station(frames: "type: \(type), length: 99, \(key): 50"), for: .replay) == [
          "4:\(column + 3) '\(key)' does not go with 'type: \(type)' | \(hint)"
        ])
    }
  }

  @Test(
    "of varying length do not go with CADUs, Reed-Solomon or a randomizer",
    arguments: [
      ("sync_marker: 1ACFFC1D", "CADUs"), ("reed_solomon: { interleave: 1 }", "'reed_solomon'"),
      ("randomizer: short255", "'randomizer'"),
    ])
  func refusesCodingOfVaryingLengths(key: String, reason: String) {
    let frames = "type: uslp, min_length: 32, max_length: 223"
    #expect(
      findings(station(link: "coding: { \(key) }", frames: frames), for: .replay) == [
        "4:27 frames of varying length do not go with \(reason) | write 'length' instead, the same for all frames"
      ])
    #expect(findings(station(link: "coding: { \(key) }", frames: "type: uslp, length: 223"), for: .replay) == [])
  }

  @Test("of more than a datagram holds do not come over UDP")
  func boundsDatagrams() {
    let input = "input: { udp: \"127.0.0.1:1\" }"
    #expect(findings(station(link: input, frames: "type: uslp, length: 65507")) == [])
    #expect(
      findings(station(link: input, frames: "type: uslp, length: 65508")) == [
        "4:35 a frame of 65508 bytes does not fit into one datagram | "
          + "write at most 65507, or let the sender use 'tcp'"
      ])
    #expect(
      findings(station(link: input, frames: "type: uslp, min_length: 9, max_length: 65508")) == [
        "4:54 a frame of 65508 bytes does not fit into one datagram | "
          + "write at most 65507, or let the sender use 'tcp'"
      ])
    #expect(findings(station(link: "input: { tcp: \"a:1\" }", frames: "type: uslp, length: 65508")) == [])
  }

  // MARK: Virtual channels

  private static func channels(_ channels: String, type: String = "uslp") -> String {
    station(link: "virtual_channels: [\(channels)]", frames: "type: \(type), length: 1115")
  }

  @Test("name channels to 63, which is idle, and the length of truncated frames")
  func readsChannels() throws {
    let text = Self.channels("{ vcid: 0, truncated_length: 6 }, { vcid: 62, truncated_length: 32 }, { vcid: 63 }")
    #expect(findings(text, for: .replay) == [])
    guard case .frames(let channel) = try link(text).parameters else { return }
    #expect(channel.virtualChannels.map(\.truncatedFrameByteCount) == [6, 32, nil])
    #expect(channel.virtualChannels.map(\.service) == [.packet, .packet, .idle])
  }

  @Test(
    "refuse channels that cannot be",
    arguments: [
      ("vcid: 64", "5:32 links[0].virtual_channels[0].vcid is 64, which is not in 0...63 | write a number in 0...63"),
      (
        "vcid: 1, truncated_length: 5",
        "5:53 links[0].virtual_channels[0].truncated_length is 5, which is not in 6...32 | write a number in 6...32"
      ),
      (
        "vcid: 1, truncated_length: 33",
        "5:53 links[0].virtual_channels[0].truncated_length is 33, which is not in 6...32 | write a number in 6...32"
      ),
      (
        "vcid: 1, service: mapa",
        "5:44 service 'mapa' is not supported by this version | "
          + "leave 'service' out: each USLP frame says itself what it carries"
      ),
      ("vcid: 1, service: bitstream", "5:44 USLP frames have no bitstream service | write packet, vca or idle"),
      (
        "vcid: 63, service: vca",
        "5:45 USLP channel 63 carries only idle data | write 'service: idle', or leave it out"
      ),
      (
        "vcid: 1, spacecraft_id: 65536",
        "5:50 links[0].virtual_channels[0].spacecraft_id is 65536, which is not in 0...65535 | "
          + "write a number in 0...65535"
      ),
    ])
  func refusesChannels(channel: String, finding: String) {
    #expect(findings(Self.channels("{ \(channel) }"), for: .replay) == [finding])
  }

  @Test("are the only ones with truncated frames", arguments: ["tm", "aos"])
  func confinesTruncatedFrames(type: String) {
    #expect(
      findings(Self.channels("{ vcid: 1, truncated_length: 16 }", type: type), for: .replay) == [
        "5:35 'truncated_length' does not go with 'type: \(type)' | leave it out: only USLP frames can be truncated"
      ])
  }
}
