import Dispatch
import Glibc
import Publish
import Testing

extension ClientBench {
  /// A control socket beside the status socket, which answers as a daemon would.
  fileprivate func startControl() throws -> StatusServer {
    var options = StatusServer.Options(path: directory.file("control.sock"), role: .control)
    options.hasTimer = false
    let server = StatusServer(
      options, identity: .init(version: "0.1.0", runID: "r1"), queue: DispatchQueue(label: "control socket of a test"),
      clocks: StatusServer.Clocks(wall: { morning }, monotonic: { 0 }), answer: { _, _ in .success("{}") })
    try server.start { command, arguments, done in
      switch command {
      case .reload where arguments.isEmpty: done(.success(#"{"reloading":true}"#))
      case .reload:
        let problems =
          "/etc/downlinkd/downlinkd.yaml:4:5: error: unknown key 'lenght'\n/etc/downlinkd/downlinkd.yaml:9:1: error: no"
        done(.failure(StatusError(.configInvalid, problems, hint: "nothing has changed; mend it and reload")))
      case .link:
        let name = (try? arguments.string("name")) ?? nil
        guard name == "dss1" else { return done(.failure(StatusError(.notFound, "unknown link 'dss9'"))) }
        done(.success(#"{"link":"dss1","enabled":false}"#))
      case .rotate: done(.failure(StatusError(.busy, "16 commands are under way already", hint: "try again")))
      case .sync, .shutdown, .logLevel: done(.success("{}"))
      }
    }
    return server
  }
}

@Suite("downlinkctl: commands that change something, conventions §2 and §7", .serialized)
struct DownlinkctlControlTests {
  private func run(_ arguments: [String], in bench: ClientBench) throws -> ClientBench.Output {
    try bench.run(arguments, environment: ["DOWNLINKCTL_SOCKET=\(bench.path)"])
  }

  @Test(
    "a command goes to the control socket beside the status socket, and says what was done",
    arguments: [
      (["sync"], "all that was logged is on the disk\n"),
      (["reload"], "the configuration is being read: see 'downlinkctl status'\n  reloading: true\n"),
      (["link", "disable", "dss1"], "dss1 is disabled\n  link: dss1\n  enabled: false\n"),
      (["link", "disable", "dss1", "--json"], "{\"link\":\"dss1\",\"enabled\":false}\n"),
      (["log-level", "warning"], "warning and worse is told\n"),
      (["shutdown"], "the daemon is stopping\n"),
    ])
  func commands(arguments: [String], text: String) throws {
    let bench = try ClientBench()
    let control = try bench.startControl()
    defer {
      bench.server.stop()
      control.stop()
    }
    #expect(try run(arguments, in: bench) == .init(text: text, errors: "", exitCode: 0))
  }

  @Test("a wrong configuration is exit code 78, with the place of each mistake")
  func reportsMistakes() throws {
    let bench = try ClientBench()
    let control = try bench.startControl()
    defer {
      bench.server.stop()
      control.stop()
    }
    #expect(
      try run(["reload", "--wait"], in: bench)
        == .init(
          text: "",
          errors: """
            /etc/downlinkd/downlinkd.yaml:4:5: error: unknown key 'lenght'
            /etc/downlinkd/downlinkd.yaml:9:1: error: no
            hint: nothing has changed; mend it and reload

            """, exitCode: 78))
  }

  @Test(
    "what is refused is said, and a script can tell why",
    arguments: [
      (["link", "disable", "dss9"], Int32(1), "downlinkctl: unknown link 'dss9'\n"),
      (["rotate"], 75, "downlinkctl: 16 commands are under way already\nhint: try again\n"),
      (["log-level", "loud"], 64, nil), (["link", "close", "dss1"], 64, nil), (["sync", "--timeout=-1"], 64, nil),
    ])
  func reportsRefusal(arguments: [String], exitCode: Int32, errors: String?) throws {
    let bench = try ClientBench()
    let control = try bench.startControl()
    defer {
      bench.server.stop()
      control.stop()
    }
    let output = try run(arguments, in: bench)
    #expect(output.exitCode == exitCode)
    if let errors { #expect(output.errors == errors) }
    #expect(output.text == "")
  }

  @Test("a command sent to the status socket is exit code 77, with the socket it should go to")
  func reportsWrongSocket() throws {
    let bench = try ClientBench()
    defer { bench.server.stop() }
    #expect(
      try bench.run("sync", "--socket", bench.path)
        == .init(
          text: "",
          errors: """
            downlinkctl: 'sync' is not taken on this socket, which is read-only
            hint: send it to \(bench.directory.file("control.sock")), as root or the daemon's own user

            """, exitCode: 77))
    #expect(try run(["sync"], in: bench).exitCode == 69)
  }

  @Test("several daemons are all told; the last that cannot be told gives the exit code")
  func commandsSeveral() throws {
    let bench = try ClientBench()
    let control = try bench.startControl()
    defer {
      bench.server.stop()
      control.stop()
    }
    let path = bench.directory.file("control.sock")
    let output = try bench.run("sync", "--socket", "/nonexistent/c,\(path)")
    #expect(output.text == "\(path): all that was logged is on the disk\n")
    #expect(output.errors.hasPrefix("downlinkctl: cannot reach the daemon at /nonexistent/c: No such file"))
    #expect(output.exitCode == 69)
  }
}
