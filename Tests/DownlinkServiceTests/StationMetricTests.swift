import DownlinkService
import FoundationEssentials
import Glibc
import Ingest
import LinkHealth
import Publish
import TestSupport
import Testing

@Suite("The metrics of a running daemon", .timeLimit(.minutes(10)))
struct StationMetricTests {
  private static func read(_ station: LiveStation) -> Exposition {
    Exposition(station.daemon.board.metrics(.openMetrics).text, .openMetrics)
  }

  /// The metrics, as soon as they are as wanted.
  private static func metrics(of station: LiveStation, until isWanted: (Exposition) -> Bool) -> Exposition {
    while true {
      let metrics = read(station)
      if isWanted(metrics) { return metrics }
      usleep(10_000)
    }
  }

  @Test("are whole from the first moment, and follow what comes")
  func follows() throws {
    let host = OwnAddress.next()
    let station = try LiveStation([
      "{ name: a, input: { udp: \"\(host):10017\" }, frames: { type: tm, length: 64, spacecraft_id: 42 }, "
        + "virtual_channels: [{ vcid: 0 }] }",
      LiveStation.link("spare", OwnAddress.next(), more: ", enabled: false"),
    ])
    let first = Self.read(station)
    #expect(first.faults == [])
    #expect(first.sum("downlinkd_link_up", ["link": "a"]) == 1)
    #expect(first.sum("downlinkd_link_state", ["link": "spare", "state": "disabled"]) == 1)
    #expect(first.sum("downlinkd_link_state", ["link": "spare"]) == 1)
    #expect(first.sum("downlinkd_build_info", ["version": "0.1.0"]) == 1)
    #expect(first.sum("downlinkd_config_last_reload_successful") == 1)
    #expect(first.sum("process_open_fds") > 3 && first.sum("process_resident_memory_bytes") > 1_048_576)
    #expect(first.sum("process_max_fds") > 3 && first.sum("process_cpu_seconds_total") > 0)
    // This process was started after 2026 began, and before now.
    let started = first.sum("process_start_time_seconds")
    #expect(started > 1_767_225_600 && started <= Date.now.timeIntervalSince1970 + 1)
    #expect(first.sum("downlinkd_leap_seconds_expiry_timestamp_seconds") > 1_767_225_600)
    try Spacecraft(42, to: host).send(5)
    let after = Self.metrics(of: station) { $0.sum("downlinkd_frames_received_total", ["link": "a"]) == 5 }
    #expect(after.sum("downlinkd_datagrams_received_total", ["link": "a"]) == 5)
    #expect(after.sum("downlinkd_received_bytes_total", ["link": "a"]) == 5 * 64)
    #expect(after.sum("downlinkd_frame_latency_seconds_count", ["link": "a"]) == 5)
    #expect(
      after.sum("downlinkd_link_last_frame_timestamp_seconds", ["link": "a"])
        <= after.sum("downlinkd_link_status_timestamp_seconds", ["link": "a"]))
    func withoutFile(_ metrics: Exposition) -> Int { metrics.families.flatMap(\.samples).count }
    #expect(withoutFile(first) == withoutFile(after))
    // A reload that fails is seen, and one that takes a link away takes its series too.
    try station.write(["{ name: a }"])
    _ = station.reload()
    #expect(Self.read(station).sum("downlinkd_config_last_reload_successful") == 0)
    try station.write([LiveStation.link("spare", OwnAddress.next(), more: ", enabled: false")])
    _ = try station.reload().get()
    let last = Self.read(station)
    #expect(last.sum("downlinkd_config_last_reload_successful") == 1)
    #expect(last.samples("downlinkd_link_up").compactMap { $0.label("link") } == ["spare"])
    #expect(station.stop() == 0)
  }

  @Test("have the parameters that are listed, with their values and limits, and no others")
  func listsParameters() throws {
    let host = OwnAddress.next()
    let station = try LiveStation(
      [
        "{ name: sat, input: { udp: \"\(host):10017\", format: packets }, mission_database: sat.xml }"
      ], files: ["sat.xml": SampleMission.xtce()],
      more: { _ in "metrics: { parameters: [BUSV, MODE, LABEL, /SAT/COUNT, NONE], apids: [5] }" })
    let first = Self.metrics(of: station) { !$0.samples("downlinkd_parameter_value").isEmpty }
    let names = first.samples("downlinkd_parameter_value").compactMap { $0.label("parameter") }
    #expect(names == ["BUSV", "MODE", "LABEL", "/SAT/COUNT"])
    #expect(first.samples("downlinkd_parameter_value").allSatisfy { $0.value.isNaN })
    #expect(first.sum("downlinkd_parameter_last_update_timestamp_seconds") == 0)
    #expect(first.sum("downlinkd_parameter_limit_state", ["parameter": "BUSV", "level": "normal"]) == 1)
    let sender = try UDPSender(host: host, port: 10017)
    // 19 V is below the critical 20 V; two in a row raise the alarm. MODE 1 is SAFE, of level distress.
    for count in 0..<2 {
      let packet = SampleMission.packet(count, second: UInt32(100 + count), volts: 1900, mode: 1)
      try sender.send(unsafe packet.span.bytes)
    }
    let after = Self.metrics(of: station) { $0.sum("downlinkd_parameter_value", ["parameter": "/SAT/COUNT"]) == 1 }
    #expect(after.faults == [])
    #expect(after.sum("downlinkd_parameter_value", ["parameter": "BUSV"]) == 19)
    #expect(after.sum("downlinkd_parameter_value", ["parameter": "MODE"]) == 1)
    #expect(
      after.samples("downlinkd_parameter_value").filter { $0.label("parameter") == "LABEL" }.allSatisfy {
        $0.value.isNaN
      })
    #expect(after.sum("downlinkd_parameter_last_update_timestamp_seconds", ["parameter": "BUSV"]) > 1_767_225_600)
    let states = after.samples("downlinkd_parameter_limit_state").filter { $0.value == 1 }
    #expect(
      states.map { [$0.label("parameter"), $0.label("level")] } == [["BUSV", "critical"], ["MODE", "distress"]])
    #expect(after.sum("downlinkd_apid_packets_total", ["link": "sat", "scid": "0", "apid": "5"]) == 2)
    #expect(after.sum("downlinkd_decoded_packets_total", ["outcome": "whole"]) == 2)
    #expect(after.sum("downlinkd_parameters_in_alarm", ["level": "critical"]) == 1)
    #expect(station.stop() == 0)
  }

  @Test("go to a file too, without those that node_exporter has of its own, and readable for it")
  func writesTextfile() throws {
    let station = try LiveStation(
      [LiveStation.link("a", OwnAddress.next())],
      more: { "stats_interval: 1\nmetrics: { textfile: \"\($0.path("downlinkd.prom"))\" }" })
    let path = station.folder.path("downlinkd.prom")
    // It is written before the link is up, too.
    var metrics = Exposition("", .text)
    while metrics.sum("downlinkd_link_up", ["link": "a"]) == 0 {
      usleep(10_000)
      guard unsafe access(path, F_OK) == 0 else { continue }
      metrics = Exposition(String(decoding: station.folder.bytes(of: "downlinkd.prom"), as: UTF8.self), .text)
    }
    #expect(metrics.faults == [])
    #expect(metrics.sum("downlinkd_link_up", ["link": "a"]) == 1)
    #expect(metrics.families.filter { $0.name.hasPrefix("process_") }.flatMap(\.samples) == [])
    var information = stat()
    #expect(unsafe stat(path, &information) == 0 && information.st_mode & 0o777 == 0o644)
    // A directory in its place cannot be written over: told in words, counted, and over when it is gone.
    #expect(unsafe unlink(path) == 0 || errno == ENOENT)
    while unsafe mkdir(path, 0o700) != 0 { unsafe unlink(path) }
    while !station.daemon.board.problems.contains(where: { $0.code == .textfileNotWritten }) { usleep(10_000) }
    let problem = try #require(station.daemon.board.problems.first { $0.code == .textfileNotWritten })
    #expect(problem.message == "\(path): the metrics cannot be written: Is a directory")
    #expect(Self.read(station).sum("downlinkd_textfile_write_errors_total") >= 1)
    #expect(unsafe rmdir(path) == 0)
    while station.daemon.board.problems.contains(where: { $0.code == .textfileNotWritten }) { usleep(10_000) }
    #expect(unsafe access(path, F_OK) == 0)
    #expect(unsafe access(path + ".tmp", F_OK) != 0)
    #expect(station.stop() == 0)
  }
}
