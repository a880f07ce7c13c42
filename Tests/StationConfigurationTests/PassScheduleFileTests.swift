import Foundation
import StationConfiguration
import Testing

@Suite("Announced passes in a file of their own")
struct PassScheduleFileTests {
  /// The station beside a schedule of this name and content.
  private func load(_ name: String, _ schedule: String) throws -> Result<PassConfiguration, ConfigurationErrors> {
    let folder = FileManager.default.temporaryDirectory.appending(path: "passes-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try schedule.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    let path = folder.appending(path: "downlinkd.yaml").path
    try ("passes: { schedule: \(name) }\n" + station()).write(toFile: path, atomically: true, encoding: .utf8)
    do throws(ConfigurationErrors) {
      return .success(try StationConfiguration.load(path: path, for: .replay).passes)
    } catch {
      return .failure(error)
    }
  }

  private func problems(_ name: String, _ schedule: String) throws -> [String] {
    switch try load(name, schedule) {
    case .success: []
    case .failure(let errors):
      errors.problems.map { "\($0.file.split(separator: "/").last ?? ""):\($0.line):\($0.column) \($0.message)" }
    }
  }

  @Test("a table, a list of JSON and a list of YAML say the same")
  func readsForms() throws {
    let table = """
      # Passes of the week
      start,end,spacecraft_id,link,label
      2026-03-01T04:12:00Z,2026-03-01T04:24:00Z,42,a,"orbit ""412"", low"

      2026-03-01T06:00:00Z,2026-03-01T06:10:00Z,,,
      """
    let list = #"""
      [{"start": "2026-03-01T04:12:00Z", "end": "2026-03-01T04:24:00Z", "spacecraft_id": 42, "link": "a",
        "label": "orbit \"412\", low"},
       {"start": "2026-03-01T06:00:00Z", "end": "2026-03-01T06:10:00Z"}]
      """#
    let text = """
      - start: 2026-03-01T04:12:00Z
        end: 2026-03-01T04:24:00Z
        spacecraft_id: 42
        link: a
        label: 'orbit "412", low'
      - { start: 2026-03-01T06:00:00Z, end: 2026-03-01T06:10:00Z }
      """
    let forms = try [("p.csv", table), ("p.json", list), ("p.yaml", text)].map { try load($0.0, $0.1).get().schedule }
    #expect(forms[0].count == 2 && forms[0][0].label == #"orbit "412", low"#)
    #expect(forms[1] == forms[0] && forms[2] == forms[0])
  }

  @Test("what is wrong is said with the file, the line and the column")
  func saysWhere() throws {
    let rows = "start,end\n2026-03-01T04:12:00Z,2026-03-01T04:24:00Z,\n2026-03-01T05:00:00Z, later\n"
    let found = try problems("p.csv", rows)
    #expect(found.first == "p.csv:2:1 3 fields, where the first line names 2")
    #expect(found.last?.hasPrefix("p.csv:3:23 passes[0].end must be a date and time, not 'later'") == true)
    #expect(
      try problems("p.csv", "start,finish\n2026-03-01T04:12:00Z,2026-03-01T04:24:00Z\n").first
        == "p.csv:1:7 unknown key 'finish' in passes[0]")
    #expect(try problems("p.csv", "").first == "p.csv:1:1 the table is empty")
    #expect(try problems("p.csv", "start,\"end\n").first == "p.csv:1:7 a quote is not closed")
    #expect(
      try problems("p.json", #"[{"start": "2026-03-01T04:12:00Z"}]"#).first
        == "p.json:1:2 'end' is missing in passes[0]")
  }
}
