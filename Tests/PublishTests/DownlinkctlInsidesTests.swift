import Publish
import Testing

@Suite("downlinkctl: problems at length, what is inside the daemon, and help", .serialized)
struct DownlinkctlInsidesTests {
  @Test("problems say what is wrong, what it means and what to do")
  func printsProblems() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    #expect(
      try bench.run("problems", "--socket", bench.path)
        == .init(
          text: """
            warning  kernel_drops  dss1  since 2026-11-21 09:20:00.000Z
              what is wrong  the kernel dropped 12 datagrams
              for the data   they are lost
              what to do     raise net.core.rmem_max (now 4194304)

            """, errors: "", exitCode: 0))
    let healthy = try ClientBench(state: "ok")
    defer { healthy.server.stop() }
    #expect(try healthy.run("problems", "--socket", healthy.path).text == "no problems\n")
  }

  @Test("what is inside the daemon is a table, or an outline")
  func printsInsides() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    #expect(
      try bench.run("logs", "--socket", bench.path).text == """
          log     path                             degraded  records
          events  /var/log/downlinkd/events.jsonl  false      12,345
          stats   /var/log/downlinkd/stats.jsonl   true            7

        """)
    #expect(
      try bench.run("queues", "--socket", bench.path).text == """
          queue        depth bytes  capacity bytes  dropped  depth  capacity
          kernel:dss1        4,096       8,388,608       12      -         -
          journal                -               -        0      0       256

          resource        link  policy       use  capacity  hits
          passes          dss1  drop_oldest   64        64     5
          clients:status  -     refuse         2        64     1

        """)
    #expect(
      try bench.run("config", "--socket", bench.path).text == """
        path: /etc/downlinkd/downlinkd.yaml
        station: hoa-lac
        links:
          - name: dss1
            spacecraft_id: 56, 57
            coding:
              randomizer: short255
          - name: dss2
            note: a?b

        """)
    let clients = try bench.run("clients", "--socket", bench.path).text.split(separator: "\n")
    #expect(clients.first?.contains("lost events") == true)
    #expect(clients.contains("evicted:"))
  }

  @Test("of several daemons each is asked, and one that does not answer hinders no other")
  func asksSeveral() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    let output = try bench.run("problems", "--socket", "/nonexistent/s,\(bench.path)")
    #expect(output.text.hasPrefix("/nonexistent/s:\n\n\(bench.path):\nwarning  kernel_drops  dss1"))
    #expect(output.errors.hasPrefix("downlinkctl: cannot reach the daemon at /nonexistent/s: No such file"))
    #expect(output.exitCode == 69)
    #expect(try bench.run("health", "--socket", "/nonexistent/s,\(bench.path)").exitCode == 1)
  }

  @Test(
    "help ends in two real examples",
    arguments: [
      "status", "problems", "links", "vcs", "apids", "params", "top", "watch", "events", "health", "wait", "clients",
      "logs", "explain",
      "queues", "config", "reload", "rotate", "sync", "link", "log-level", "shutdown",
    ])
  func printsHelp(command: String) throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    let output = try bench.run(command, "--help")
    #expect(output.exitCode == 0)
    let lines = output.text.split(separator: "\n")
    #expect(lines.suffix(3).first == "EXAMPLES:")
    #expect(lines.suffix(2).allSatisfy { $0.hasPrefix("  downlinkctl \(command)") })
  }
}
