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
          name        value            unit  limits         made   received  count
          Power/BUSV  23.9 (suspect)   V     critical  2.0 s ago  0.5 s ago  1,234
          MODE        raw 7 (no label)       normal            -  0.5 s ago      1
          DOOR        Open                   -                 -          -      2
          TEXT        a\u{FFFD}b                    -                 -          -      2
          TANK        never received   K                       -          -      0

        """)
    #expect(try bench.run("parameters", "nothing", "--socket", bench.path).text == "no parameters\n")
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
      bench.server.publishParameters(of: "dss1") { pattern in
        ["BUSV", "TANK"].filter { pattern.matches($0) }.map {
          #"{"link":"dss1","name":"\#($0)","count":3,"unit":"V","value":25.0,"validity":"valid","#
            + #""limit_level":"normal","time":"2026-11-21T09:24:35.251547Z"}"#
        }
      }
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
    let rows = (try? arguments.string("glob")) == "nothing" ? [] : parameters
    return StatusPage.object(
      "parameters", elementCount: rows.count, arguments: arguments.with("limit", 2),
      leading: { $0.member("as_of", "2026-11-21T09:24:37.251547Z") }, element: { rows[$0] })
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
