import CCSDSLink
import StationConfiguration
import Testing

@Suite("The managed parameters of frames, CCSDS 132.0-B-3 §5 and CCSDS 732.0-B-4 §5")
struct FrameRuleTests {
  @Test(
    "are taken at both ends of their ranges",
    arguments: [
      "type: tm, length: 7", "type: tm, length: 65507", "type: tm, length: 7, spacecraft_id: 0",
      "type: tm, length: 7, spacecraft_id: 1023", "type: aos, length: 9", "type: aos, length: 65507",
      "type: aos, length: 9, spacecraft_id: 255", "type: aos, length: 9, spacecraft_id: 1023, spacecraft_id_bits: 10",
      "type: aos, length: 9, spacecraft_id_bits: 8, first_header_pointer_bits: 11",
      "type: aos, length: 9, insert_zone_length: 0", "type: aos, length: 65507, insert_zone_length: 65000",
    ])
  func takesBounds(frames: String) {
    #expect(findings(station(frames: frames), for: .replay) == [])
  }

  @Test(
    "are refused one beyond them",
    arguments: [
      ("type: tm, length: 6", "length is 6, which is not in 7...65507"),
      ("type: tm, length: 65508", "length is 65508, which is not in 7...65507"),
      ("type: tm, length: 7, spacecraft_id: -1", "spacecraft_id is -1, which is not in 0...1023"),
      ("type: tm, length: 7, spacecraft_id: 1024", "spacecraft_id is 1024, which is not in 0...1023"),
      ("type: aos, length: 9, spacecraft_id: 256", "spacecraft_id is 256, which is not in 0...255"),
      (
        "type: aos, length: 9, spacecraft_id: 1024, spacecraft_id_bits: 10",
        "spacecraft_id is 1024, which is not in 0...1023"
      ),
      ("type: aos, length: 9, spacecraft_id: [1, 0x100]", "spacecraft_id[1] is 0x100, which is not in 0...255"),
      ("type: aos, length: 9, spacecraft_id_bits: 9", "spacecraft_id_bits must be 8 or 10, not 9"),
      ("type: aos, length: 9, first_header_pointer_bits: 12", "first_header_pointer_bits must be 11 or 16, not 12"),
      ("type: aos, length: 9, insert_zone_length: -1", "insert_zone_length is -1, which is not in 0...65000"),
    ])
  func refusesBeyondBounds(frames: String, message: String) {
    let found = findings(station(frames: frames), for: .replay)
    #expect(found.count == 1 && found[0].contains(" links[0].frames.\(message) | "))
  }

  @Test("say how to take identifiers of ten bits")
  func hintsAtTenBits() {
    #expect(
      findings(station(frames: "type: aos, length: 9, spacecraft_id: 300"), for: .replay) == [
        "4:52 links[0].frames.spacecraft_id is 300, which is not in 0...255"
          + " | AOS has 8 bits for it; write 'spacecraft_id_bits: 10' if yours has two more"
      ])
  }

  /// TM: 6 bytes of header and 1 of data. AOS: 6, and 3 of data with its pointer.
  @Test(
    "leave room for every field and a byte of data",
    arguments: [
      ("type: tm", "crc16", 9), ("type: tm", "none", 7), ("type: aos", "none", 9), ("type: aos", "crc16", 11),
      ("type: aos, ocf: true", "crc16", 15), ("type: aos, ocf: true, header_error_control: true", "crc16", 17),
      ("type: aos, ocf: true, header_error_control: true, insert_zone_length: 100", "crc16", 117),
    ])
  func needsRoom(fields: String, errorControl: String, smallest: Int) {
    let coding = "coding: { error_control: \(errorControl) }"
    #expect(findings(station(link: coding, frames: "length: \(smallest), \(fields)"), for: .replay) == [])
    let found = findings(station(link: coding, frames: "length: \(smallest - 1), \(fields)"), for: .replay)
    #expect(found.count == 1)
    if smallest > 7 { #expect(found[0].hasSuffix(" | write at least \(smallest), or take fields away")) }
  }

  @Test("need no pointer where no channel has one")
  func needsNoPointer() {
    let text = station(link: "virtual_channels: [{ vcid: 1, service: vca }]", frames: "type: aos, length: 7")
    #expect(findings(text, for: .replay) == [])
  }

  @Test(
    "that only AOS has are refused for TM",
    arguments: [
      "insert_zone_length: 0", "header_error_control: false", "ocf: true", "spacecraft_id_bits: 10",
      "first_header_pointer_bits: 11",
    ])
  func refusesAOSFieldsForTM(field: String) {
    let key = field.prefix { $0 != ":" }
    let found = findings(station(frames: "type: tm, length: 1115, \(field)"), for: .replay)
    #expect(found.count == 1 && found[0].hasPrefix("4:39 '\(key)' does not go with 'type: tm' | leave it out: "))
  }

  @Test("name each spacecraft once, and one at least")
  func refusesRepeatedSpacecraft() {
    #expect(
      findings(station(frames: "type: tm, length: 1115, spacecraft_id: [7, 0x7]"), for: .replay) == [
        "4:58 spacecraft 7 is in the list twice | keep one of the two"
      ])
    #expect(
      findings(station(frames: "type: tm, length: 1115, spacecraft_id: []"), for: .replay) == [
        "4:54 links[0].frames.spacecraft_id is an empty list | leave it out to take every spacecraft"
      ])
    #expect(
      findings(
        station(link: "limits: { master_channel_count: 1 }", frames: "type: tm, length: 1115, spacecraft_id: [1, 2]"),
        for: .replay) == [
          "4:54 2 spacecraft are more than limits.master_channel_count (1) | raise limits.master_channel_count"
        ])
  }

  @Test("are missed when they are not there")
  func missesParameters() {
    #expect(
      findings(station(frames: ""), for: .replay) == [
        "4:13 'type' is missing in links[0].frames | write 'type: tm', 'type: aos' or 'type: uslp'",
        "4:13 'length' is missing in links[0].frames | write the length of one frame in bytes, without its sync marker",
      ])
    #expect(
      findings("station: a\nlinks: [{ name: b }]\n", for: .replay) == [
        "2:9 'frames' is missing in links[0] | write 'frames: { type: tm, length: 1115 }', or the like"
      ])
  }

  @Test(
    "limits are taken at both ends of their ranges, and refused beyond",
    arguments: [
      ("master_channel_count", 1, 1024), ("virtual_channel_count", 1, 4096), ("application_process_count", 1, 65_536),
      ("access_point_count", 1, 4096), ("quarantined_frame_count", 1, 256), ("max_frames_per_second", 1, 10_000_000),
    ])
  func boundsLimits(key: String, smallest: Int, largest: Int) {
    for value in [smallest, largest] {
      #expect(findings(station(link: "limits: { \(key): \(value) }"), for: .replay) == [])
    }
    for value in [smallest - 1, largest + 1] {
      let found = findings(station(link: "limits: { \(key): \(value) }"), for: .replay)
      #expect(found.count == 1 && found[0].contains(".\(key) is \(value), which is not in \(smallest)...\(largest) | "))
    }
  }
}
