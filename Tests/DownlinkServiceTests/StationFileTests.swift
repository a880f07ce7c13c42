import CCSDSCoding
import CCSDSLink
import DownlinkService
import Foundation
import StationConfiguration
import Testing

@Suite("The link of a command, and --format")
struct StationFileTests {
  /// The link of a station with only that one, as a command gets it.
  private func link(_ text: String, format: String?) throws -> LinkConfiguration {
    let folder = FileManager.default.temporaryDirectory.path + "/downlinkd-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/station.yaml"
    try Data("station: test\nlinks:\n  - { name: a, \(text) }\n".utf8).write(to: URL(filePath: path))
    return try StationFile(path: path, isForReplay: true).link(named: nil, format: format)
  }

  private func coding(_ text: String, format: String) throws -> ChannelCoding? {
    let link = try link(text, format: format)
    guard case .frames(let channel) = link.parameters else {
      Issue.record("no frames")
      return nil
    }
    #expect(link.format.rawValue == format)
    return channel.coding
  }

  private static let frames = "frames: { type: tm, length: 1115 }"
  private static let coded = "coding: { randomizer: short255, reed_solomon: { interleave: 5 } }"

  @Test("cadus puts the standard marker before the units of a link that has none")
  func addsMarker() throws {
    let plain = try #require(try coding(Self.frames, format: "cadus"))
    #expect(plain.syncMarker == .standard)
    #expect(plain.frameByteCount == 1115)
    #expect(plain.accessDataUnitByteCount == 1119)
    let coded = try #require(try coding("\(Self.frames), \(Self.coded)", format: "cadus"))
    #expect(coded.syncMarker == .standard)
    #expect(coded.randomizer == .short255)
    #expect(coded.accessDataUnitByteCount == 1279)
  }

  @Test("cadus keeps the marker and the tolerance that a link has")
  func keepsMarker() throws {
    let text = "\(Self.frames), coding: { sync_marker: turbo_1_2, max_bit_errors: 3 }"
    let coding = try #require(try coding(text, format: "cadus"))
    #expect(coding.syncMarker == .turboHalf)
    #expect(coding.markerTolerance == MarkerTolerance(whileSearching: 3, whileLocked: 3))
  }

  @Test("frames takes the marker away, and leaves the code")
  func removesMarker() throws {
    let marked = "input: { format: cadus }, \(Self.frames)"
    #expect(try coding(marked, format: "frames") == nil)
    #expect(try coding("\(marked), coding: { max_bit_errors: 3 }", format: "frames") == nil)
    let coded = try #require(try coding("\(marked), \(Self.coded)", format: "frames"))
    #expect(coded.syncMarker == nil)
    #expect(coded.codeblockByteCount == 1275)
  }

  @Test("packets keeps what the link says of packets")
  func takesPackets() throws {
    let text = "input: { format: cadus }, \(Self.frames), packets: { max_packet_length: 99 }, quiet_after: 5s"
    guard case .packets(let stream) = try link(text, format: "packets").parameters else {
      Issue.record("no packets")
      return
    }
    #expect(stream.maximumPacketByteCount == 99)
    #expect(stream.limits.quietAfterSeconds == 5)
  }

  @Test("what cannot be is a wrong command line, with a hint")
  func refusesFormats() {
    let packets = "input: { format: packets }"
    let varying = "frames: { type: uslp, min_length: 9, max_length: 99 }"
    #expect(
      throws: ServiceError.usage("'cadu' is no format", hint: "--format frames, cadus or packets")
    ) { try link(Self.frames, format: "cadu") }
    for format in ["frames", "cadus"] {
      #expect(
        throws: ServiceError.usage(
          "link 'a' has no frames section", hint: "say how its frames are in the configuration")
      ) { try link(packets, format: format) }
    }
    #expect(
      throws: ServiceError.usage(
        "link 'a' has frames of varying length, which do not go with CADUs",
        hint: "write 'length', the same for all frames, in the configuration")
    ) { try link(varying, format: "cadus") }
    #expect(throws: Never.self) { try link(varying, format: "frames") }
    #expect(throws: Never.self) { try link(packets, format: nil) }
  }
}
