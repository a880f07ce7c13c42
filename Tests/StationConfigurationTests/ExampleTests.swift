import Foundation
import StationConfiguration
import Testing

@Suite("The examples in systemd/")
struct ExampleTests {
  /// The text of a file in `systemd/`.
  static func text(_ name: String) throws -> String { try file("systemd/\(name)") }

  private static func file(_ path: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  @Test("and those of the README, one below the other, load without a problem")
  func loadsReadme() throws {
    let blocks = try Self.file("README.md").split(separator: "```yaml\n").dropFirst()
      .compactMap { $0.split(separator: "```").first }
    #expect(blocks.count == 3)
    #expect(findings(blocks.joined()) == [])
  }

  @Test("load without a problem", arguments: ["minimal.yaml", "downlinkd.yaml"])
  func loads(name: String) throws {
    #expect(findings(try Self.text(name)) == [])
  }

  @Test("begin with a first link in ten lines or fewer")
  func isMinimal() throws {
    let lines = try Self.text("minimal.yaml").split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(lines.count <= 10)
  }

  @Test("show defaults that change nothing when they are written out")
  func showsDefaults() throws {
    let text = try Self.text("downlinkd.yaml")
    let written = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard let hash = line.firstIndex(of: "#"), line[..<hash].allSatisfy({ $0 == " " }) else { return String(line) }
      let rest = line[line.index(after: hash)...]
      return rest.first?.isLowercase == true ? String(line[..<hash]) + String(rest) : String(line)
    }
    let all = written.joined(separator: "\n")
    #expect(all != text)
    var example = try StationConfiguration.parse(text: text, fileName: "downlinkd.yaml")
    var complete = try StationConfiguration.parse(text: all, fileName: "downlinkd.yaml")
    // The default of this one is what the service manager says.
    #expect(complete.state.directory == "/var/lib/downlinkd")
    complete.state.directory = nil
    // Where it is written is another matter.
    (example.places, complete.places) = ([:], [:])
    #expect(complete == example)
  }

  @Test(
    "name every key",
    arguments: [
      "station", "description", "links", "logs", "status", "stats_interval", "stop_timeout", "directory",
      "max_file_bytes", "max_age", "max_total_bytes", "max_files", "max_days", "min_free_bytes", "compress",
      "sync_interval", "socket", "control_socket", "max_clients", "max_clients_per_user", "name", "input", "coding",
      "frames",
      "virtual_channels", "packets", "quiet_after", "limits", "udp", "file", "pcap", "format", "frames_per_datagram",
      "group", "interface", "allow_from", "receive_buffer_bytes", "error_control", "randomizer", "type", "length",
      "spacecraft_id", "insert_zone_length", "header_error_control", "ocf", "spacecraft_id_bits",
      "first_header_pointer_bits", "vcid", "service", "max_packet_length", "secondary_header", "time_code", "checksum",
      "time_window", "from", "until", "subcounter", "destination_bits", "extended", "spare", "cuc", "coarse", "fine",
      "epoch", "leap_seconds", "fine_unit_picoseconds", "p_field", "cds", "day_bits", "submillisecond", "ccs",
      "day_of_year", "subsecond_bytes", "ascii", "variation", "digits", "z", "pus_a", "cfs",
      "master_channel_count", "virtual_channel_count", "application_process_count", "quarantined_frame_count",
      "access_point_count", "max_service_data_unit_length", "max_frames_per_second", "tcp",
      "listen", "idle_timeout", "longest_retry", "sync_marker", "max_bit_errors",
      "search", "lock", "reed_solomon", "errors", "interleave", "basis", "virtual_fill", "min_length", "max_length",
      "truncated_length", "mission_database", "parameters", "root_container", "lenient", "stored_virtual_channels",
      "clock_set_back_after", "limit_sets", "from", "metrics", "textfile", "apids", "max_series",
      "passes", "enabled", "los_after", "lead", "max_reports",
      "max_bytes", "schedule", "start", "end", "link", "label",
      "web", "hosts", "token_file", "tls", "certificate", "key", "client_ca", "max_connections",
      "max_connections_per_address",
    ])
  func namesKey(key: String) throws {
    let text = try Self.text("downlinkd.yaml")
    #expect(text.split(whereSeparator: { " #{\n".contains($0) }).contains("\(key):"))
  }
}
