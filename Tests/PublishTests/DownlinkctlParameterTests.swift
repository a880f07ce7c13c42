import Dispatch
import Glibc
import LinkHealth
import Publish
import Testing

@Suite("downlinkctl params", .serialized)
struct DownlinkctlParameterTests {
  @Test("last values are a table: value, unit, limits, how old they are on board and here")
  func printsTable() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    #expect(
      try bench.run("params", "--socket", bench.path).text == """
          name        value             unit  limits         made   received  count
          Power/BUSV  23.9 (suspect)    V     critical  2.0 s ago  0.5 s ago  1,234
          MODE        raw 7 (no label)        normal            -  0.5 s ago      1
          DOOR        Open                    -                 -          -      2
          TEXT        a\u{FFFD}b                     -                 -          -      2
          TANK        never received    K                       -          -      0

        """)
  }

  @Test("a name that no parameter has, no database, no alarms and nothing that has come are four answers")
  func saysWhyThereIsNone() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    let nothing = try bench.run("parameters", "nothing", "--socket", bench.path)
    #expect(nothing.exitCode == 1)
    #expect(nothing.errors.hasPrefix("downlinkctl: no parameter has a name that fits 'nothing'\nhint: "))
    let none = try bench.run("params", "--link", "bare", "--socket", bench.path)
    #expect(none.exitCode == 1)
    #expect(none.errors.hasPrefix("downlinkctl: there is no mission database\nhint: "))
    let silent = try bench.run("params", "--link", "silent", "--socket", bench.path)
    #expect(silent == .init(text: "of 1,234 parameters none has come yet\n", errors: "", exitCode: 0))
    let good = try bench.run("params", "--link", "silent", "--alarms", "--socket", bench.path)
    #expect(good == .init(text: "no parameter is beyond a limit\n", errors: "", exitCode: 0))
  }

  @Test("--watch --json prints the rows that were asked for and no others, and what was lost")
  func watchesStored() throws {
    let bench = try ClientBench()
    let queue = DispatchQueue(label: "values for a watcher")
    let isDone = ManualClock(0)
    queue.async {
      while bench.server.counters.requestCount(.watch) == 0, isDone.now == 0 { sched_yield() }
      bench.server.publishParameters(
        ParameterBatch(of: "dss1", names: ["A", "B\u{1}\"", "C"]) {
          $0 == "C"
            ? #"{"link":"dss1","name":"C","count":1,"value":9007199254740993}"#
            : #"{"link":"dss1","name":"B\u0001\"","stored":true,"count":3,"value":0.10,"validity":"valid"}"#
        })
      bench.server.stop()
    }
    let output = try bench.run("params", "--watch", "--json", "--stored", "--socket", bench.path)
    isDone.advance(seconds: 1)
    queue.sync {}
    let row = #"{"link":"dss1","name":"B\u0001\"","stored":true,"count":3,"value":0.10,"validity":"valid"}"#
    #expect(output.text == #"{"class":"PARAMETERS","link":"dss1","parameters":["# + row + "," + row + "]}\n")
  }

  @Test("--json prints what the daemon said, page by page")
  func printsJSON() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    let lines = try bench.run("params", "*", "--json", "--socket", bench.path).text.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.hasPrefix(#"{"as_of":"2026-11-21T09:24:37.251547Z","parameters":["#) })
  }

  @Test("--watch in a pipe prints what changes, line by line, and ends with 69 when the daemon goes")
  func watches() throws {
    let bench = try ClientBench()
    let queue = DispatchQueue(label: "values for a watcher")
    let isDone = ManualClock(0)
    queue.async {
      while bench.server.counters.requestCount(.watch) == 0, isDone.now == 0 { sched_yield() }
      bench.server.publishParameters(
        ParameterBatch(of: "dss1", names: ["BUSV", "TANK"]) {
          #"{"link":"dss1","name":"\#($0)","count":3,"unit":"V","value":25.0,"validity":"valid","#
            + #""limit_level":"normal","time":"2026-11-21T09:24:35.251547Z"}"#
        })
      bench.server.stop()
    }
    let output = try bench.run("params", "bus*", "--watch", "--socket", bench.path)
    isDone.advance(seconds: 1)
    queue.sync {}
    #expect(output.text == "2026-11-21 09:24:35.251Z dss1 BUSV 25.0 V normal\n")
    #expect(output.exitCode == 69)
  }
}

extension ClientBench {
  /// What a daemon answers to `parameters`, two of them at a time.
  static func parameterPage(_ arguments: StatusArguments) -> Result<String, StatusError> {
    let isNothing = (try? arguments.string("glob")) == "nothing"
    let link = (try? arguments.string("link")) ?? ""
    let rows = isNothing || !link.isEmpty ? [] : parameters
    return StatusPage.object(
      "parameters", elementCount: rows.count, arguments: arguments.with("limit", 2),
      leading: {
        $0.member("as_of", "2026-11-21T09:24:37.251547Z")
        if isNothing || !link.isEmpty {
          $0.member("described", link == "bare" ? 0 : 1234)
          $0.member("fitting", isNothing || link == "bare" ? 0 : 1234)
        }
      }, element: { rows[$0] })
  }

  /// Parameters, as the daemon writes them.
  private static let parameters = [
    #"{"link":"dss1","name":"Power/BUSV","count":1234,"unit":"V","value":23.9,"raw":2390,"validity":"valid","#
      + #""limit_level":"critical","suspect":true,"time":"2026-11-21T09:24:35.251547Z","#
      + #""received":"2026-11-21T09:24:36.751547Z"}"#,
    #"{"link":"dss1","name":"MODE","count":1,"raw":7,"validity":"no_label","limit_level":"normal","#
      + #""received":"2026-11-21T09:24:36.751547Z"}"#,
    #"{"link":"dss1","name":"DOOR","count":2,"value":true,"label":"Open","raw":1,"validity":"valid"}"#,
    #"{"link":"dss1","name":"TEXT","count":2,"value":"a\u001bb","raw":"a","validity":"valid"}"#,
    #"{"link":"dss1","name":"TANK","count":0,"unit":"K"}"#,
  ]
}
