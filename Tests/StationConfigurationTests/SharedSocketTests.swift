import CCSDSLink
import StationConfiguration
import Testing

@Suite("Several links on one UDP socket")
struct SharedSocketTests {
  private static let own = "give each link a port of its own"

  /// Two links on one socket, by what stands behind their inputs and in their frames.
  private func text(
    input: String = "", other: String = "", _ frames: String, _ otherFrames: String, more: String = ""
  ) -> String {
    """
    station: test
    links:
      - name: a
        input: { udp: "127.0.0.1:1"\(input) }
        frames: { \(frames) }
      - name: b
        input: { udp: "127.0.0.1:1"\(other) }
        frames: { \(otherFrames) }\(more)

    """
  }

  @Test("is taken when each has spacecraft of its own and the frames are alike")
  func takesDisjointSpacecraft() throws {
    let text = text("type: tm, length: 64, spacecraft_id: [1, 2]", "type: tm, length: 64, spacecraft_id: 3")
    let station = try StationConfiguration.parse(text: text, fileName: "downlinkd.yaml")
    #expect(station.links.map(\.name) == ["a", "b"])
    #expect(station.warnings.isEmpty)
  }

  @Test(
    "is refused, with the reason, when they could not be told apart",
    arguments: [
      (
        "type: tm, length: 64, spacecraft_id: 1", "type: aos, length: 64, spacecraft_id: 2",
        "links on it have to agree in 'frames.type' | make that the same for both, or \(own)"
      ),
      (
        "type: tm, length: 64, spacecraft_id: 1", "type: tm, length: 65, spacecraft_id: 2",
        "links on it have to agree in 'frames.length' | make that the same for both, or \(own)"
      ),
      (
        "type: aos, length: 64, spacecraft_id: 1", "type: aos, length: 64, spacecraft_id: 2, spacecraft_id_bits: 10",
        "links on it have to agree in 'frames.spacecraft_id_bits' | make that the same for both, or \(own)"
      ),
      (
        "type: tm, length: 64, spacecraft_id: 1", "type: tm, length: 64",
        "links on it are told apart by 'frames.spacecraft_id' | name the spacecraft of both, or \(own)"
      ),
      (
        "type: tm, length: 64, spacecraft_id: [1, 2]", "type: tm, length: 64, spacecraft_id: [3, 2]",
        "both want spacecraft 2 | let one of them have it, or \(own)"
      ),
    ])
  func refusesFrames(frames: String, other: String, refusal: String) {
    #expect(
      findings(text(frames, other)) == ["7:19 127.0.0.1:1 is taken by the link at downlinkd.yaml:4:19, and \(refusal)"])
  }

  @Test("is refused when they differ in how the first frame of a datagram is found")
  func refusesOtherUnits() {
    let (one, two) = ("type: tm, length: 64, spacecraft_id: 1", "type: tm, length: 64, spacecraft_id: 2")
    let taken = "7:19 127.0.0.1:1 is taken by the link at downlinkd.yaml:4:19, and "
    #expect(
      findings(text(other: ", frames_per_datagram: 2", one, two)) == [
        taken + "links on it have to agree in 'input.frames_per_datagram' | make that the same for both, or \(Self.own)"
      ])
    #expect(
      findings(text(one, two, more: "\n    coding: { randomizer: short255 }")) == [
        taken + "links on it have to agree in 'coding.randomizer' | make that the same for both, or \(Self.own)"
      ])
    #expect(
      findings(text(one, two, more: "\n    coding: { sync_marker: 1ACFFC1D }")) == [
        taken + "links with a sync marker cannot share it: their frames are yet to be found | \(Self.own)"
      ])
  }

  @Test("three links are each compared with those before")
  func comparesAll() {
    let third = """

        - name: c
          input: { udp: "127.0.0.1:1" }
          frames: { type: tm, length: 64, spacecraft_id: 2 }
      """
    let text = text(
      "type: tm, length: 64, spacecraft_id: 1", "type: tm, length: 64, spacecraft_id: 2", more: third)
    #expect(
      findings(text) == [
        "10:19 127.0.0.1:1 is taken by the link at downlinkd.yaml:7:19, and both want spacecraft 2 | "
          + "let one of them have it, or \(Self.own)"
      ])
  }
}
