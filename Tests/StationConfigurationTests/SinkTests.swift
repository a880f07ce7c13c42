import CCSDSWire
import StationConfiguration
import Testing

@Suite("Where the good frames of a link go besides")
struct SinkTests {
  private let udp = "input: { udp: \"127.0.0.1:10017\" }"

  @Test("a place with all frames, and one with those of some channels")
  func readsSinks() throws {
    let text = station(
      link: "sinks:", "  - { kind: udp_frames, to: \"192.0.2.7:10118\" }",
      "  - { kind: udp_frames, to: \"[::1]:10118\", spacecraft_id: 42, vcid: [0, 63] }")
    let sinks = try link(text).sinks
    #expect(sinks.map(\.endpoint) == ["192.0.2.7:10118", "[::1]:10118"])
    #expect(sinks[0].takes(SpacecraftID(255), VirtualChannelID(62)))
    #expect(sinks[1].takes(SpacecraftID(42), VirtualChannelID(63)))
    #expect(!sinks[1].takes(SpacecraftID(42), VirtualChannelID(1)))
    #expect(!sinks[1].takes(SpacecraftID(41), VirtualChannelID(0)))
  }

  @Test(
    "that makes no sense is refused where it stands",
    arguments: [
      ("{ to: \"127.0.0.1:1\" }", "'kind'", "write 'kind: udp_frames'"),
      ("{ kind: udp_frames }", "'to'", "write where the frames go"),
      ("{ kind: udp, to: \"127.0.0.1:1\" }", "5:21 kind must be 'udp_frames'", "udp_frames"),
      ("{ kind: udp_frames, to: 127.0.0.1 }", "5:37 '127.0.0.1' has no port", "127.0.0.1:10018"),
      ("{ kind: udp_frames, to: \"modem:1\" }", "5:37 'modem' is not an IP address", "write numbers"),
      ("{ kind: udp_frames, to: \"0.0.0.0:1\" }", "5:37 0.0.0.0 is no address to send to", "receiver"),
      ("{ kind: udp_frames, to: \"127.0.0.1:1\", vcid: 64 }", "is 64, which is not in 0...63", "0...63"),
      ("{ kind: udp_frames, to: \"127.0.0.1:1\", vcid: [] }", "vcid is an empty list", "leave it out"),
      ("{ kind: udp_frames, to: \"127.0.0.1:1\", virtual_channels: 1 }", "unknown key 'virtual_channels'", "'vcid'"),
    ])
  func refusesNonsense(sink: String, finding: String, hint: String) {
    let found = findings(station(link: "sinks: [\(sink)]"), for: .replay)
    #expect(found.count == 1 && found[0].contains(finding), "\(found)")
    #expect(found.first?.contains(hint) == true, "\(found)")
  }

  @Test("a spacecraft whose frames the link rejects is refused, and so is a place that is there twice")
  func refusesStrangers() {
    let stranger = station(
      link: "sinks: [{ kind: udp_frames, to: \"127.0.0.1:1\", spacecraft_id: 43 }]",
      frames: "type: aos, length: 1115, spacecraft_id: 42")
    #expect(findings(stranger, for: .replay).count == 1)
    #expect(findings(stranger, for: .replay)[0].contains("spacecraft 43 is not one of frames.spacecraft_id"))
    let twice = "{ kind: udp_frames, to: \"127.0.0.1:1\" }"
    let found = findings(station(link: "sinks: [\(twice), \(twice)]"), for: .replay)
    #expect(found.count == 1 && found[0].contains("127.0.0.1:1 is in the list twice"), "\(found)")
  }

  @Test(
    "frames that would come back to this station are refused: they would go round for ever",
    arguments: [
      ("127.0.0.1:10017", "127.0.0.1:10017", true), ("0.0.0.0:10017", "127.0.0.1:10017", true),
      ("127.0.0.1:10017", "127.0.0.1:10018", false), ("127.0.0.1:10017", "127.0.0.2:10017", false),
      ("0.0.0.0:10017", "192.0.2.7:10017", false), ("[::1]:10017", "127.0.0.1:10017", false),
    ])
  func refusesCircles(input: String, destination: String, isCircle: Bool) {
    let found = findings(
      station(
        link: "input: { udp: \"\(input)\", allow_from: [192.0.2.1] }",
        "sinks: [{ kind: udp_frames, to: \"\(destination)\" }]"))
    #expect(found.count == (isCircle ? 1 : 0), "\(found)")
    if isCircle { #expect(found[0].contains("go round for ever | send them to another port")) }
  }

  @Test("a link of packets has no frames to send on")
  func needsFrames() {
    let text = """
      station: test
      links:
        - name: a
          input: { udp: "127.0.0.1:10017", format: packets }
          sinks: [{ kind: udp_frames, to: "127.0.0.1:1" }]

      """
    let found = findings(text)
    #expect(found.count == 1 && found[0].hasPrefix("5:5 'sinks' does not go with 'format: packets'"), "\(found)")
  }
}
