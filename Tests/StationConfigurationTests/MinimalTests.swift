import CCSDSLink
import CCSDSWire
import StationConfiguration
import Testing

@Suite("A first station in ten lines")
struct MinimalTests {
  @Test("takes its link, and the documented defaults for everything else")
  func readsFirstLink() throws {
    let text = """
      station: hoa-lac
      links:
        - name: hakuto-x
          input: { udp: "127.0.0.1:10017" }
          frames: { type: aos, length: 1113, spacecraft_id: 0x38 }
      """
    var station = try StationConfiguration.parse(text: text, fileName: "downlinkd.yaml")
    station.places = [:]
    var channel = PhysicalChannelParameters(frameType: .aos, frameByteCount: 1113)
    channel.spacecraftIDs = [SpacecraftID(56)]
    let host = try #require(IPAddress("127.0.0.1"))
    let link = LinkConfiguration(
      name: "hakuto-x", input: .udp(UDPDescription(host: host, port: 10017)), parameters: .frames(channel))
    #expect(station == StationConfiguration(station: "hoa-lac", links: [link]))
  }
}
