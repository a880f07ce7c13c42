import Dispatch
import FoundationEssentials
import Glibc
import Publish
import TestSupport
import Testing

/// A daemon's answers, as they are promised, and the built client that asks for them.
struct ClientBench {
  static let executable = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = max(0, unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1))
    let path = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) + "/downlinkctl"
  }()

  struct Output: Equatable {
    let text: String
    let errors: String
    let exitCode: Int32
  }

  let directory = TemporaryDirectory()
  let server: StatusServer

  var path: String { directory.file("status.sock") }

  /// - Parameters:
  ///   - state: What `health` says.
  ///   - status: What `status` says instead of what it usually does.
  ///   - links: The links in its list, instead of the usual one.
  init(state: String = "warning", status: String? = nil, links: [String]? = nil) throws {
    var options = StatusServer.Options(
      path: directory.file("status.sock"), role: .status(controlPath: directory.file("control.sock")))
    options.hasTimer = false
    server = StatusServer(
      options, identity: .init(version: "0.1.0", runID: "r1"), queue: DispatchQueue(label: "daemon of a test"),
      clocks: StatusServer.Clocks(wall: { morning }, monotonic: { 0 })
    ) { command, arguments in
      switch command {
      case .status: return .success(status ?? Self.status)
      case .problems: return .success(#"{"problems":\#(state == "ok" ? "[]" : Self.problems)}"#)
      case .logs: return .success(Self.logs)
      case .queues: return .success(Self.queues)
      case .config: return .success(Self.configuration)
      case .health: return .success(#"{"state":"\#(state)","problems":\#(state == "ok" ? "[]" : Self.problems)}"#)
      case .links: return StatusPage.object("links", links ?? [Self.summary], arguments: arguments)
      case .vcs:
        let link = try? arguments.string("link")
        guard link == nil || link == "dss1" else {
          return .failure(StatusError(.notFound, "there is no link 'dss9'", hint: "the links are dss1"))
        }
        return StatusPage.object("virtual_channels", Self.channels, arguments: arguments)
      case .apids:
        // Two to a page, so that the client has to follow the cursor.
        return StatusPage.object(
          "apids", (0..<5).map { #"{"link":"dss1","scid":56,"vcid":2,"apid":\#($0),"packets":7}"# },
          arguments: arguments.with("limit", 2))
      case .parameters: return Self.parameterPage(arguments)
      case .explain: return .success(Self.rejections(arguments))
      default: return .success("{}")
      }
    }
    try server.start()
  }

  func run(_ arguments: String..., environment: [String] = []) throws -> Output {
    try run(arguments, environment: environment)
  }

  func run(_ arguments: [String], environment: [String] = []) throws -> Output {
    let child = try spawn(arguments, environment: environment)
    let status = child.exitStatus()
    return Output(text: child.output, errors: child.errors, exitCode: status >> 8 & 0xFF)
  }

  private func spawn(_ arguments: [String], environment: [String]) throws -> Child {
    let output = directory.file("out-\(UInt32.random(in: 0...(.max)))")
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (descriptor, name) in [(STDOUT_FILENO, output), (STDERR_FILENO, output + ".err")] {
      unsafe posix_spawn_file_actions_addopen(&actions, descriptor, name, O_WRONLY | O_CREAT, 0o600)
    }
    let words = ["downlinkctl"] + arguments
    let environment = environment + Sanitizer.environment.map { "\($0)=\($1)" }
    var argv: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer {
      for index in unsafe argv.indices { unsafe free(argv[index]) }
      for index in unsafe envp.indices { unsafe free(envp[index]) }
    }
    var process: pid_t = 0
    let result = unsafe posix_spawn(&process, Self.executable, &actions, nil, &argv, &envp)
    guard result == 0 else { throw SocketFailure(errno: result) }
    return Child(process: process, path: output)
  }

  private static let logs =
    #"{"logs":[{"log":"events","path":"/var/log/downlinkd/events.jsonl","records":12345,"degraded":false},"#
    + #"{"log":"stats","path":"/var/log/downlinkd/stats.jsonl","records":7,"degraded":true}]}"#

  /// Starts the client, and does not wait for it.
  func start(_ arguments: String...) throws -> Child { try spawn(arguments, environment: []) }

  /// A client that runs.
  struct Child {
    let process: pid_t
    fileprivate let path: String

    /// What it has written so far.
    var output: String { String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self) }

    /// What it has said on standard error.
    var errors: String {
      String(decoding: FileManager.default.contents(atPath: path + ".err") ?? Data(), as: UTF8.self)
    }

    /// `R`, `S`, `T`, as the kernel calls it.
    var state: Substring? {
      let text = FileManager.default.contents(atPath: "/proc/\(process)/stat").map {
        String(decoding: $0, as: UTF8.self)
      }
      return text?.split(separator: ")").last?.split(separator: " ").first
    }

    /// Waits for its end.
    func exitStatus() -> Int32 {
      var status: Int32 = 0
      _ = unsafe waitpid(process, &status, 0)
      return status
    }
  }

  private static let queues =
    #"{"queues":[{"queue":"kernel:dss1","depth_bytes":4096,"capacity_bytes":8388608,"dropped":12},"#
    + #"{"queue":"journal","depth":0,"capacity":256,"dropped":0}],"limits":["#
    + #"{"resource":"connections","link":"dss2","use":1,"capacity":1,"policy":"refuse","hits":0},"#
    + #"{"resource":"passes","link":"dss1","use":64,"capacity":64,"policy":"drop_oldest","hits":5},"#
    + #"{"resource":"clients:status","use":2,"capacity":64,"policy":"refuse","hits":1}]}"#

  private static let configuration =
    #"{"path":"/etc/downlinkd/downlinkd.yaml","station":"hoa-lac","links":[{"name":"dss1","spacecraft_id":[56,57],"#
    + #""coding":{"randomizer":"short255"}},{"name":"dss2","note":"a\u001bb"}]}"#

  private static let problems =
    #"[{"code":"kernel_drops","severity":"warning","link":"dss1","since":"2026-11-21T09:20:00.000000Z","#
    + #""message":"the kernel dropped 12 datagrams","meaning":"they are lost","#
    + #""hint":"raise net.core.rmem_max (now 4194304)"}]"#

  private static let summary =
    #"{"name":"dss1","state":"receiving","transport":"udp","listen":"0.0.0.0:10017","#
    + #""last_frame":"2026-11-21T09:24:36.851547Z","as_of":"2026-11-21T09:24:37.251547Z","#
    + #""rates":{"last1min":{"frames_per_second":50.0,"bits_per_second":446000.0}},"#
    + #""totals":{"datagrams":1234,"kernel_dropped":12,"frames":1234,"rejected":{"fecf":2},"missing":3},"#
    + #""balanced":true}"#

  private static let channels = [
    #"{"link":"dss1","scid":56,"vcid":2,"name":"science","service":"packet","frames":1200,"gaps":1,"missing":3,"#
      + #""duplicates":0,"trust":"trusted","packets":123,"idle_packets":69}"#,
    #"{"link":"dss1","scid":56,"vcid":63,"service":"idle","frames":32,"gaps":0,"missing":0,"missing_at_most":256,"#
      + #""duplicates":1,"trust":"ambiguous","packets":0}"#,
  ]

  private static let status =
    #"{"state":"running","uptime_seconds":11523.4,"config":{"path":"/etc/downlinkd/downlinkd.yaml","#
    + #""loaded":"2026-11-21T06:12:33.000000Z","last_reload_ok":true},"accounting":{"balanced":true},"#
    + #""links":[\#(summary.dropLast()),"ledger":{"#
    + #""datagrams":{"received":1234,"accepted":1234,"kernel_dropped":12,"rejected":{}},"#
    + #""frames":{"received":1234,"delivered":1200,"idle":32,"unlisted":0,"rejected":{"fecf":2}},"#
    + #""zone_bytes":{"received":1300000,"packets":900000,"idle_packets":399000,"pending":500,"#
    + #""discarded":{"gap":500}},"packets":{"completed":192,"delivered":123,"idle":69,"rejected":{}}},"#
    + #""virtual_channels":[\#(channels.joined(separator: ","))]}],"problems":\#(problems)}"#
}

extension StatusArguments {
  /// With one more argument, and of the others the cursor alone.
  func with(_ name: String, _ value: Int) -> StatusArguments {
    let cursor = (try? count("cursor")) ?? nil
    var values: [String: Value] = [name: .json(.integer(value))]
    if let cursor { values["cursor"] = .json(.integer(cursor)) }
    return StatusArguments(values)
  }
}

@Suite("downlinkctl, conventions §2 and §7", .serialized)
struct DownlinkctlTests {
  @Test("status shows the ledger, the channels and what to do")
  func printsStatus() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    #expect(
      try bench.run("status", "--socket", bench.path)
        == .init(
          text: """
            downlinkd 0.1.0 running for 3 h 12 min, the ledger balances
            configuration /etc/downlinkd/downlinkd.yaml, loaded 2026-11-21 06:12:33.000Z

            dss1  receiving  udp 0.0.0.0:10017  50.0 frames/s  446.0 kbit/s  last frame 0.4 s ago
              datagrams              1,234  = 1,234 accepted
                                        12  dropped by the kernel before the daemon saw them
              frames                 1,234  = 1,200 delivered + 32 idle + 2 fecf
              packet bytes       1,300,000  = 900,000 in packets + 399,000 in idle packets + 500 pending + 500 gap
              packets                  192  = 123 delivered + 69 idle
              missing              3...259  frames in 1 gap
              scid:vcid     service  frames  gaps  missing  duplicates  packets      trust
              56:2 science  packet    1,200     1        3           0      192    trusted
              56:63         idle         32     0  0...256           1        0  ambiguous

            warning  kernel_drops  dss1  the kernel dropped 12 datagrams  (since 2026-11-21 09:20:00.000Z)
                hint: raise net.core.rmem_max (now 4194304)

            """, errors: "", exitCode: 0))
  }

  @Test("what waits for a restart, and what there was no room for, is said")
  func printsOmissions() throws {
    let bench = try ClientBench(
      status: #"{"state":"running","config":{"path":"/c.yaml","last_reload_ok":true,"#
        + #""restart_needed":["logs.directory","status"]},"accounting":{"balanced":true},"links":[],"#
        + #""problems":[],"problems_omitted":1234}"#)
    defer { bench.server.stop() }
    let text = try bench.run("status", "--socket", bench.path).text
    #expect(text.contains("configuration /c.yaml, a restart is needed for logs.directory, status\n"))
    #expect(text.hasSuffix("and 1,234 more: see 'downlinkctl problems'\n"))
  }

  @Test("lists are tables, one line each")
  func printsLists() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    let environment = ["DOWNLINKCTL_SOCKET=\(bench.path)"]
    #expect(
      try bench.run("links", environment: environment).text == """
          link  state      input              frames/s    bit/s  frames  missing  rejected  kernel drops  last frame
          dss1  receiving  udp 0.0.0.0:10017      50.0  446.0 k   1,234        3         2            12   0.4 s ago

        """)
    #expect(
      try bench.run("vcs", "dss1", environment: environment).text == """
          link  scid:vcid     service  frames  gaps  missing  duplicates  packets      trust
          dss1  56:2 science  packet    1,200     1        3           0      192    trusted
          dss1  56:63         idle         32     0  0...256           1        0  ambiguous

        """)
    #expect(
      try bench.run("apids", environment: environment).text == """
          link  scid:vcid:apid  packets  bytes  last count  gaps  missing  repeats  trust
          dss1  56:2:0                7      0           0     0        0        0       
          dss1  56:2:1                7      0           0     0        0        0       
          dss1  56:2:2                7      0           0     0        0        0       
          dss1  56:2:3                7      0           0     0        0        0       
          dss1  56:2:4                7      0           0     0        0        0       

        """)
  }

  @Test("--json prints what the daemon said, page by page")
  func printsJSON() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    let output = try bench.run("apids", "--json", "--socket", bench.path)
    #expect(
      output.text == """
        {"apids":[{"link":"dss1","scid":56,"vcid":2,"apid":0,"packets":7},\
        {"link":"dss1","scid":56,"vcid":2,"apid":1,"packets":7}],"cursor":2}
        {"apids":[{"link":"dss1","scid":56,"vcid":2,"apid":2,"packets":7},\
        {"link":"dss1","scid":56,"vcid":2,"apid":3,"packets":7}],"cursor":4}
        {"apids":[{"link":"dss1","scid":56,"vcid":2,"apid":4,"packets":7}]}

        """)
  }

  @Test("what the daemon refuses is said with its hint, and is exit code 1")
  func reportsRefusal() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    #expect(
      try bench.run("vcs", "dss9", "--socket", bench.path)
        == .init(
          text: "", errors: "downlinkctl: there is no link 'dss9'\nhint: the links are dss1\n", exitCode: 1))
  }

  @Test("a daemon that cannot be reached is exit code 69, with the path and what to do")
  func reportsUnreachable() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    #expect(
      try bench.run("status", "--socket", "/nonexistent/s")
        == .init(
          text: "",
          errors: """
            downlinkctl: cannot reach the daemon at /nonexistent/s: No such file or directory
            hint: is downlinkd running? Try 'systemctl status downlinkd', or give --socket PATH

            """, exitCode: 69))
    #expect(try bench.run("status", "--sokcet", "x").exitCode == 64)
  }

  @Test(
    "health is a line of a monitoring plugin and its exit code",
    arguments: [
      (
        "ok", Int32(0),
        """
        DOWNLINKD OK - 1 link, no problems | links=1 problems=0 dss1_frames=1234c dss1_missing=3c dss1_rejected=2c \
        dss1_kernel_dropped=12c

        """
      ),
      (
        "critical", 2,
        """
        DOWNLINKD CRITICAL - dss1: the kernel dropped 12 datagrams | links=1 problems=1 dss1_frames=1234c \
        dss1_missing=3c dss1_rejected=2c dss1_kernel_dropped=12c
        dss1: the kernel dropped 12 datagrams
          hint: raise net.core.rmem_max (now 4194304)

        """
      ),
    ])
  func printsHealth(state: String, exitCode: Int32, text: String) throws {
    let bench = try ClientBench(state: state)
    defer { bench.server.stop() }
    #expect(try bench.run("health", "--socket", bench.path) == .init(text: text, errors: "", exitCode: exitCode))
  }

  @Test("health of a daemon that cannot be asked is unknown")
  func reportsUnknownHealth() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    let output = try bench.run("health", "--socket", "/nonexistent/s")
    #expect(output.exitCode == 3)
    #expect(output.text.hasPrefix("DOWNLINKD UNKNOWN - cannot reach the daemon at /nonexistent/s"))
  }

  @Test("events are one line each, with their figures")
  func printsEvents() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    let record = EventRecord(
      .frameGap, severity: .warning, time: morning, link: "dss1", scid: 56, vcid: 2,
      body: #"{"expected":7,"received":10,"missing":3,"counter":"vc","notes":["a b","c"],"counts":[1]}"#)
    bench.server.publish(EventLine(eventType: .frameGap, link: "dss1", text: record.render(seq: 5, runID: "r1")))
    #expect(
      try bench.run("events", "--socket", bench.path).text == """
        2026-11-21 09:24:37.251Z warning frame_gap dss1 scid=56 vcid=2 expected=7 received=10 missing=3 counter=vc \
        notes="a b; c"

        """)
    bench.server.publish(
      EventLine(
        eventType: .config, link: nil,
        text: EventRecord(
          .config, severity: .error, time: morning,
          body: #"{"action":"reload_failed","errno":28,"errors":["a\nb","c d"],"count":1,"first":"x","last":"y"}"#
        ).render(seq: 6, runID: "r1")))
    #expect(
      try bench.run("events", "--type", "config", "--socket", bench.path).text == """
        2026-11-21 09:24:37.251Z error   config action=reload_failed errno=28 error="No space left on device" \
        errors="a; b; c d"

        """)
    #expect(try bench.run("events", "--type", "frame_gpa", "--socket", bench.path).errors.contains("'frame_gap'"))
  }

  @Test("wait ends with 0 as soon as there are enough frames, with 1 at the timeout")
  func waits() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    #expect(
      try bench.run("wait", "--frames", "1232", "--link", "dss1", "--socket", bench.path)
        == .init(text: "1,232 good frames\n", errors: "", exitCode: 0))
    #expect(
      try bench.run("wait", "--frames", "1233", "--timeout", "0", "--socket", bench.path)
        == .init(text: "timed out: 1,232 good frames\n", errors: "", exitCode: 1))
    #expect(try bench.run("wait", "--timeout", "0", "--socket", "/nonexistent/s").exitCode == 1)
  }

  @Test("watch in a pipe prints events as they come, and ends with 69 when the daemon goes")
  func watches() throws {
    let bench = try ClientBench()
    let record = EventRecord(.link, severity: .notice, time: morning, link: "dss1", body: #"{"action":"quiet"}"#)
    let line = EventLine(eventType: .link, link: "dss1", text: record.render(seq: 6, runID: "r1"))
    let queue = DispatchQueue(label: "events for a watcher")
    let isDone = ManualClock(0)
    queue.async {
      while bench.server.counters.requestCount(.watch) == 0, isDone.now == 0 { sched_yield() }
      bench.server.publish(line)
      bench.server.stop()
    }
    let output = try bench.run("watch", "--socket", bench.path)
    isDone.advance(seconds: 1)
    queue.sync {}
    #expect(output.text == "2026-11-21 09:24:37.251Z notice  link dss1 action=quiet\n")
    #expect(output.exitCode == 69)
  }
}
