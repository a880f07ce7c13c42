import Foundation
import StationConfiguration
import Testing

@Suite("Loading from files")
struct LoadingTests {
  private static let main = """
    station: main
    stats_interval: 1s
    logs: { directory: /main, max_age: 1h }
    links:
      - { name: a, input: { udp: "127.0.0.1:1" }, frames: { type: tm, length: 7 } }

    """

  /// Runs a test in a folder of its own, with files by their names.
  private func withFiles(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/downlinkd-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder + "/conf.d", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in files {
      try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: "\(folder)/\(name)")
    }
    try body(folder)
  }

  private func rendered(_ path: String) -> String {
    do throws(ConfigurationErrors) {
      _ = try StationConfiguration.load(path: path)
      return ""
    } catch {
      return error.rendered
    }
  }

  @Test("later files of conf.d win key by key, and their links come after the others")
  func mergesFragments() throws {
    let files = [
      "downlinkd.yaml": Self.main,
      "conf.d/20-b.yaml":
        "stats_interval: 3s\nlinks:\n  - { name: c, input: { file: c }, frames: { type: tm, length: 9 } }\n",
      "conf.d/10-a.yaml":
        "stats_interval: 2s\nlogs: { max_age: 2h }\n"
        + "links:\n  - { name: b, input: { file: b }, frames: { type: tm, length: 8 } }\n",
      "conf.d/00-empty.yaml": "# nothing yet\n",
      "conf.d/README": "not: [yaml",
      "conf.d/.hidden.yaml": "not: [yaml",
    ]
    try withFiles(files) { folder in
      let station = try StationConfiguration.load(path: "\(folder)/downlinkd.yaml")
      #expect(station.station == "main")
      #expect(station.statsIntervalSeconds == 3)
      #expect(station.logs.directory == "/main")
      #expect(station.logs.maximumAgeSeconds == 7200)
      #expect(station.links.map(\.name) == ["a", "b", "c"])
      #expect(station.link(named: "b")?.input == .file(path: "b"))
      #expect(station.link(named: nil) == nil)
    }
  }

  @Test("problems of all files come at once, each with its own file")
  func reportsAllFiles() throws {
    let files = [
      "downlinkd.yaml": Self.main + "x1: 1\n",
      "conf.d/a.yaml": "links:\n  - { name: a, frames: { type: tm, length: 6 } }\n",
      "conf.d/b.yaml": "logs: { max_age: 1\n",
    ]
    try withFiles(files) { folder in
      let text = rendered("\(folder)/downlinkd.yaml").replacing(folder, with: "F")
      let lines = text.split(separator: "\n").filter { $0.hasPrefix("F/") }
      #expect(
        lines == [
          "F/downlinkd.yaml:6:1: error: unknown key 'x1'",
          "F/conf.d/a.yaml:2:13: error: duplicate link 'a'; the first is at F/downlinkd.yaml:5:13",
          "F/conf.d/a.yaml:2:44: error: links[1].frames.length is 6, which is not in 7...65507",
          "F/conf.d/b.yaml:1:7: error: '{' is never closed",
        ])
    }
  }

  @Test("a folder that others may write is refused, and a replay is only warned")
  func refusesWritableFolders() throws {
    try withFiles(["downlinkd.yaml": Self.main]) { folder in
      let path = "\(folder)/downlinkd.yaml"
      for (mode, who) in [(0o770, "its group"), (0o777, "everyone")] {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder)
        let message = "the folder \(folder) can be written by \(who)"
        #expect(rendered(path) == "\(path): error: \(message)\nhint: run: chmod go-w \(folder)\n")
        #expect(try StationConfiguration.load(path: path, for: .replay).warnings.map(\.message) == [message])
      }
    }
  }

  @Test("a file that others may write is refused")
  func refusesWritableFiles() throws {
    try withFiles(["downlinkd.yaml": Self.main]) { folder in
      let path = "\(folder)/downlinkd.yaml"
      for (mode, who) in [(0o660, "its group"), (0o646, "everyone"), (0o666, "everyone")] {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        #expect(rendered(path) == "\(path): error: the file can be written by \(who)\nhint: run: chmod go-w \(path)\n")
      }
    }
  }

  @Test("a file that is missing, a folder or a device is named with the reason")
  func refusesWhatCannotBeRead() throws {
    try withFiles([:]) { folder in
      #expect(
        rendered("\(folder)/none.yaml") == """
          \(folder)/none.yaml: error: cannot be opened: No such file or directory
          hint: name the file with -c, or write /etc/downlinkd/downlinkd.yaml

          """)
      #expect(rendered(folder) == "\(folder): error: is not a regular file\n")
      #expect(rendered("/dev/null") == "/dev/null: error: is not a regular file\n")
    }
  }
}
