import DownlinkService
import Publish
import Testing

@Suite("The answer to 'config'", .timeLimit(.minutes(10)))
struct ConfigurationAnswerTests {
  private static func answer(_ links: [String]) throws -> (value: JSONValue, station: LiveStation) {
    let station = try LiveStation(links, logs: ", max_days: 30", status: ", max_clients: 7")
    return (try JSONReader.read(Array(station.answer(.config).utf8)), station)
  }

  @Test("has every value of a link, also those that nobody wrote, and where the link stands")
  func hasWholeLink() throws {
    let (value, station) = try Self.answer([
      """
      { name: x, description: a dish, enabled: false, quiet_after: 90s, input: { udp: "192.0.2.1:10017", \
      allow_from: [192.0.2.7], max_datagrams_per_second: 5000, probe_interval: 0, frames_per_datagram: 2 }, \
      coding: { error_control: crc16 }, frames: { type: aos, length: 1115, spacecraft_id: [0x38, 57], ocf: true }, \
      virtual_channels: [{ vcid: 1, name: science, service: vca, spacecraft_id: 57 }, { vcid: 63, service: idle }], \
      limits: { application_process_count: 77 } }
      """
    ])
    guard case .array(let links)? = value["links"], let link = links.first else {
      Issue.record("there is no link")
      return
    }
    let expected = """
      {"name":"x","description":"a dish","format":"frames","udp":"192.0.2.1:10017","allow_from":["192.0.2.7/32"],
      "receive_buffer_bytes":33554432,"max_datagrams_per_second":5000,"probe_interval_seconds":0.0,"enabled":false,
      "frames_per_datagram":2,"quiet_after_seconds":90.0,"frame_type":"aos","frame_length":1115,"error_control":"crc16",
      "spacecraft_id":[56,57],"insert_zone_length":0,"header_error_control":false,"ocf":true,"spacecraft_id_bits":8,
      "first_header_pointer_bits":11,"virtual_channels":[
      {"vcid":1,"spacecraft_id":57,"name":"science","service":"vca"},{"vcid":63,"service":"idle"}],
      "packets":{"max_packet_length":65542,"secondary_header":"none","time_code":"none","checksum":"none"},
      "limits":{"master_channel_count":16,"virtual_channel_count":64,
      "application_process_count":77,"access_point_count":256,"max_service_data_unit_length":16777216,
      "quarantined_frame_count":64,"max_frames_per_second":200000},"origin":"\(station.path):3"}
      """
    #expect(link == (try JSONReader.read(Array(expected.utf8))))
    #expect(station.stop() == 0)
  }

  @Test("has the logs, the sockets and the intervals, and where each was written")
  func hasStation() throws {
    let (value, station) = try Self.answer([LiveStation.link("a", OwnAddress.next())])
    #expect(value["stats_interval_seconds"] == .number(10) && value["stop_timeout_seconds"] == .number(10))
    #expect(value["logs"]?["directory"]?.string == station.folder.path("log"))
    #expect(value["logs"]?["max_days"] == .integer(30) && value["logs"]?["sync_interval_seconds"] == .number(3600))
    #expect(value["status"]?["max_clients"] == .integer(7))
    #expect(value["metrics"]?["max_series"] == .integer(10_000) && value["metrics"]?["textfile"] == nil)
    #expect(value["metrics"]?["parameters"] == .array([]) && value["metrics"]?["apids"] == .array([]))
    #expect(value["status"]?["control_socket"]?.string == station.folder.path("control.sock"))
    #expect(value["origins"]?["station"]?.string == station.path + ":1")
    #expect(value["origins"]?["logs"]?.string == station.path + ":4")
    #expect(value["origins"]?["state"] == nil)
    #expect(station.stop() == 0)
  }
}
