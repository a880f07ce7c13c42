import CCSDSLink
import CCSDSWire
import StationConfiguration
import Testing

@Suite("Each key")
struct KeyTests {
  @Test("of the station says what it says")
  func readsStation() throws {
    let text = """
      station: hoa-lac
      description: two antennas
      stats_interval: 30
      stop_timeout: 2.5s
      logs:
        directory: /tmp/logs
        max_file_bytes: 1MiB
        max_age: 1h
        max_total_bytes: 10MiB
        max_files: 12
        max_days: 30
        min_free_bytes: 1GiB
        compress: false
        sync_interval: 0
      status: { socket: /tmp/status.sock, control_socket: /tmp/c.sock, max_clients: 1024, max_clients_per_user: 1 }
      metrics: { textfile: /tmp/downlinkd.prom, parameters: [Power/BUSV, MODE], apids: [0, 2046], max_series: 1000 }
      links:
        - { name: a, frames: { type: tm, length: 1115 } }
      """
    let station = try StationConfiguration.parse(text: text, fileName: "downlinkd.yaml", for: .replay)
    let channel = PhysicalChannelParameters(frameType: .tm, frameByteCount: 1115)
    var expected = StationConfiguration(
      station: "hoa-lac", links: [LinkConfiguration(name: "a", parameters: .frames(channel))])
    expected.description = "two antennas"
    expected.statsIntervalSeconds = 30
    expected.stopTimeoutSeconds = 2.5
    expected.logs.directory = "/tmp/logs"
    expected.logs.maximumFileByteCount = 1_048_576
    expected.logs.maximumAgeSeconds = 3600
    expected.logs.maximumTotalByteCount = 10_485_760
    expected.logs.maximumFileCount = 12
    expected.logs.maximumDayCount = 30
    expected.logs.minimumFreeByteCount = 1_073_741_824
    expected.logs.compresses = false
    expected.logs.syncIntervalSeconds = 0
    expected.status.socketPath = "/tmp/status.sock"
    expected.status.controlSocketPath = "/tmp/c.sock"
    expected.status.maximumClientCount = 1024
    expected.status.maximumClientCountPerUser = 1
    expected.metrics.textfilePath = "/tmp/downlinkd.prom"
    expected.metrics.parameters = ["Power/BUSV", "MODE"]
    expected.metrics.applicationProcessIDs = [ApplicationProcessID(0), ApplicationProcessID(2046)]
    expected.metrics.seriesLimit = 1000
    expected.places = station.places
    #expect(station == expected)
  }

  @Test("that is left out has its documented default")
  func documentsDefaults() throws {
    let station = try StationConfiguration.parse(text: station(), fileName: "downlinkd.yaml", for: .replay)
    #expect(station.description == nil)
    #expect(station.statsIntervalSeconds == 10)
    #expect(station.stopTimeoutSeconds == 10)
    #expect(station.logs.directory == "/var/log/downlinkd")
    #expect(station.logs.maximumFileByteCount == 67_108_864)
    #expect(station.logs.maximumAgeSeconds == 86_400)
    #expect(station.logs.maximumTotalByteCount == 1_073_741_824)
    #expect(station.logs.maximumFileCount == 10_000)
    #expect(station.logs.maximumDayCount == nil)
    #expect(station.logs.minimumFreeByteCount == 0)
    #expect(station.logs.compresses)
    #expect(station.logs.syncIntervalSeconds == 1)
    #expect(station.status.socketPath == "/run/downlinkd/status.sock")
    #expect(station.status.controlSocketPath == "/run/downlinkd/control.sock")
    #expect(station.status.maximumClientCount == 64)
    #expect(station.status.maximumClientCountPerUser == 16)
    #expect(station.metrics.textfilePath == nil)
    #expect(station.metrics.parameters == [])
    #expect(station.metrics.applicationProcessIDs == [])
    #expect(station.metrics.seriesLimit == 10_000)
    #expect(station.links[0].isEnabled)
    #expect(station.links[0].quietAfterSeconds == 60)
    #expect(station.links[0].framesPerDatagram == 1)
    #expect(station.links[0].format == .frames)
  }

  @Test("of a link and its frames says what it says")
  func readsFrames() throws {
    let link = try link(
      """
      station: test
      links:
        - name: hope
          description: X band
          enabled: false
          coding: { error_control: crc16, randomizer: none }
          frames:
            type: aos
            length: 223
            spacecraft_id: [0x3FF, 7]
            insert_zone_length: 12
            header_error_control: true
            ocf: true
            spacecraft_id_bits: 10
            first_header_pointer_bits: 16
          packets: { max_packet_length: 1000, secondary_header: none, time_code: none, checksum: none }
          quiet_after: 5m
          limits:
            master_channel_count: 2
            virtual_channel_count: 3
            application_process_count: 4
            quarantined_frame_count: 5
            max_frames_per_second: 6
      """)
    var channel = PhysicalChannelParameters(frameType: .aos, frameByteCount: 223)
    channel.errorControl = .crc16
    channel.spacecraftIDs = [SpacecraftID(1023), SpacecraftID(7)]
    channel.insertZoneByteCount = 12
    channel.hasHeaderErrorControl = true
    channel.hasOperationalControlField = true
    channel.spacecraftIDBitCount = 10
    channel.firstHeaderPointerBitCount = 16
    channel.maximumPacketByteCount = 1000
    channel.limits.masterChannelCount = 2
    channel.limits.virtualChannelCount = 3
    channel.limits.applicationProcessCount = 4
    channel.limits.quarantinedFrameCount = 5
    channel.limits.maximumFramesPerSecond = 6
    channel.limits.quietAfterSeconds = 300
    var expected = LinkConfiguration(name: "hope", parameters: .frames(channel))
    expected.description = "X band"
    expected.isEnabled = false
    #expect(link == expected)
  }

  @Test("of a virtual channel says what it says, those of one spacecraft first")
  func readsVirtualChannels() throws {
    let link = try link(
      station(
        link: "virtual_channels:", "- { vcid: 1, service: packet, max_packet_length: 4096, name: housekeeping }",
        "- { vcid: 2, service: bitstream }", "- { vcid: 1, service: vca, spacecraft_id: 0x38 }", "- { vcid: 63 }"))
    guard case .frames(let channel) = link.parameters else { return }
    var first = VirtualChannelParameters(virtualChannelID: VirtualChannelID(1))
    first.service = .vca
    first.spacecraftID = SpacecraftID(56)
    var second = VirtualChannelParameters(virtualChannelID: VirtualChannelID(1))
    second.maximumPacketByteCount = 4096
    second.name = "housekeeping"
    var third = VirtualChannelParameters(virtualChannelID: VirtualChannelID(2))
    third.service = .bitstream
    var fourth = VirtualChannelParameters(virtualChannelID: VirtualChannelID(63))
    fourth.service = .idle
    #expect(channel.virtualChannels == [first, second, third, fourth])
  }

  @Test("of a packet link says what it says")
  func readsPackets() throws {
    let text = """
      station: test
      links:
        - name: relay
          input: { format: packets }
          packets: { max_packet_length: 7 }
          quiet_after: 1
      """
    var stream = PacketStreamParameters()
    stream.maximumPacketByteCount = 7
    stream.limits.quietAfterSeconds = 1
    #expect(try link(text) == LinkConfiguration(name: "relay", parameters: .packets(stream)))
  }

  @Test(
    "of the language that this version cannot do yet says so",
    arguments: [
      ("virtual_channels: [{ vcid: 1, service: mapa }]", "5:44 service 'mapa' is not")
    ])
  func refusesLaterKeys(line: String, finding: String) {
    let found = findings(station(link: line), for: .replay)
    #expect(found.count == 1 && found[0].hasPrefix("\(finding) supported by this version | "))
  }

  @Test("of later stations says so too")
  func refusesLaterStations() {
    for key in ["archive", "replay", "control"] {
      let found = findings(station() + "\(key): {}\n", for: .replay)
      #expect(found.count == 1 && found[0].hasPrefix("5:1 '\(key)' is not supported by this version | "))
    }
  }

  @Test(
    "that is unknown comes with the one that was probably meant",
    arguments: [
      ("quiet_aftr: 1", "did you mean 'quiet_after'?"),
      ("frame: {}", "did you mean 'frames'?"),
      ("virtualChannels: []", "did you mean 'virtual_channels'?"),
      ("virtual-channels: []", "did you mean 'virtual_channels'?"),
      ("Name: a", "did you mean 'name'?"),
      ("nmae: a", "did you mean 'name'?"),
      ("mission_databse: a", "did you mean 'mission_database'?"),
      ("udp: a", "write it below 'input'"),
      ("spacecraftId: 1", "write it below 'frames'"),
      ("errorControl: crc16", "write it below 'coding'"),
      ("reed_solomon: { interleave: 5 }", "write it below 'coding'"),
      ("syncMarker: 1ACFFC1D", "write it below 'coding'"),
      ("truncated_length: 16", "write it below one of 'virtual_channels'"),
      (
        "xyzzy: 1",
        "the keys here are 'name', 'description', 'enabled', 'input', "
          + "'coding', 'frames', 'virtual_channels', 'packets', 'quiet_after', 'limits', 'mission_database', "
          + "'parameters', 'sinks'"
      ),
    ])
  func suggestsKeys(line: String, hint: String) {
    let key = line.prefix { $0 != ":" }
    #expect(findings(station(link: line), for: .replay) == ["5:5 unknown key '\(key)' in links[0] | \(hint)"])
  }
}
