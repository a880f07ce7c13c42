import Dispatch
import Glibc
import Publish
import Synchronization
import Testing

/// Commands that are finished when a test says so.
private final class HeldCommands: Sendable {
  typealias Done = @Sendable (Result<String, StatusError>) -> Void

  private let held = Mutex<[(command: ControlCommand, arguments: StatusArguments, done: Done)]>([])

  var handler: ControlCommand.Handler {
    { [self] command, arguments, done in held.withLock { $0.append((command, arguments, done)) } }
  }

  var commands: [ControlCommand] { held.withLock { $0.map(\.command) } }

  func finish(_ index: Int, _ result: Result<String, StatusError> = .success("{}")) {
    held.withLock { $0[index].done }(result)
  }

  /// Waits until so many commands have come.
  func waitFor(_ count: Int) { while commands.count < count { sched_yield() } }
}

@Suite("Control socket, conventions §4", .timeLimit(.minutes(10)))
struct StatusServerControlTests {
  private let held = HeldCommands()

  private func bench(_ adjust: (inout StatusServer.Options) -> Void = { _ in }) throws -> ServerBench {
    try ServerBench(role: .control, adjust, carryOut: held.handler)
  }

  private static func ok(_ id: Int, _ result: String = "{}") -> String {
    #"{"class":"REPLY","id":\#(id),"ok":true,"result":\#(result)}"#
  }

  @Test("it answers questions too")
  func answersQuestions() throws {
    let bench = try bench()
    let client = try bench.client()
    #expect(client.ask("links") == #"{"class":"REPLY","ok":true,"result":{"links":[{"name":"dss1"}]}}"#)
    bench.settle()
    #expect(client.ask("help sync")?.contains(#""name":"sync""#) == true)
  }

  @Test("the reply to a command comes when it is done; later requests of the client wait, others do not")
  func waitsForOutcome() throws {
    let bench = try bench()
    let client = try bench.client()
    let other = try bench.client()
    client.send(#"{"id":1,"cmd":"reload","args":{"wait":true}}"# + "\n" + #"{"id":2,"cmd":"status"}"# + "\n")
    held.waitFor(1)
    #expect(other.ask(#"{"id":9,"cmd":"status"}"#) == Self.ok(9))
    client.send(#"{"id":3,"cmd":"sync"}"# + "\n")
    bench.settle()
    #expect(held.commands == [.reload])
    held.finish(0, .success(#"{"changed":1}"#))
    #expect(client.line() == Self.ok(1, #"{"changed":1}"#))
    #expect(client.line() == Self.ok(2))
    held.waitFor(2)
    held.finish(1)
    #expect(client.line() == Self.ok(3))
  }

  @Test("a client that ends its side meanwhile gets its replies; one that is gone is nobody's trouble")
  func survivesHangup() throws {
    let bench = try bench()
    let ended = try bench.client()
    ended.send(#"{"id":1,"cmd":"rotate"}"# + "\nstatus")
    ended.endSending()
    held.waitFor(1)
    do {
      let gone = try bench.client()
      gone.send("sync\nsync\n")
      held.waitFor(2)
    }
    held.finish(0)
    #expect(ended.linesToEnd() == [Self.ok(1), #"{"class":"REPLY","ok":true,"result":{}}"#])
    held.finish(1)
    // A second word about the same command is not heard.
    held.finish(1, .failure(StatusError(.internal, "again")))
    let last = try bench.client()
    #expect(last.ask(#"{"id":5,"cmd":"status"}"#) == Self.ok(5))
  }

  @Test("more commands than may be under way are refused as busy")
  func boundsCommands() throws {
    let bench = try bench { $0.commandCapacity = 2 }
    let clients = try (0..<3).map { _ in try bench.client() }
    clients[0].send("sync\n")
    held.waitFor(1)
    clients[1].send("sync\n")
    held.waitFor(2)
    #expect(
      clients[2].ask("sync")
        == #"{"class":"REPLY","ok":false,"error":{"code":"busy","message":"2 commands are under way already","#
        + #""hint":"try again when one of them is done"}}"#)
    held.finish(0)
    #expect(clients[0].line() == #"{"class":"REPLY","ok":true,"result":{}}"#)
    clients[2].send("sync\n")
    held.waitFor(3)
    held.finish(2, .failure(StatusError(.configInvalid, "a.yaml:1:1: error: no")))
    #expect(
      clients[2].line()
        == #"{"class":"REPLY","ok":false,"error":{"code":"config_invalid","message":"a.yaml:1:1: error: no"}}"#)
    withExtendedLifetime(clients) {}
  }

  @Test("every command is written down: who, what, and how it ended")
  func auditsCommands() throws {
    let bench = try bench()
    let client = try bench.client()
    client.send("link disable dss1\n")
    held.waitFor(1)
    #expect(bench.notices.elements.isEmpty)
    held.finish(0)
    _ = client.line()
    _ = client.ask("link a b c")
    client.send("sync\n")
    held.waitFor(2)
    held.finish(1, .failure(StatusError(.internal, "the disk is full")))
    _ = client.line()
    let who = #"{"action":"control","uid":\#(getuid()),"gid":\#(getgid()),"pid":\#(getpid()),"#
    #expect(
      bench.notices.elements.map(\.body) == [
        who + #""command":"link","arguments":"action=disable name=dss1","outcome":"ok"}"#,
        who + #""command":"link","outcome":"bad_argument","#
          + #""message":"'link' takes no more than action and name"}"#,
        who + #""command":"sync","outcome":"internal","message":"the disk is full"}"#,
      ])
    #expect(bench.notices.elements.allSatisfy { $0.eventType == .client && $0.severity == .notice })
    #expect(bench.server.counters.requestCount(.sync) == 1)
  }

  @Test("a command on the status socket is refused, counted and told of, whatever its arguments are")
  func refusesOnStatusSocket() throws {
    let bench = try ServerBench()
    let client = try bench.client()
    let refusal =
      #"{"class":"REPLY","ok":false,"error":{"code":"not_allowed","#
      + #""message":"'shutdown' is not taken on this socket, which is read-only","#
      + #""hint":"send it to /run/downlinkd/control.sock, as root or the daemon's own user"}}"#
    #expect(client.ask("shutdown") == refusal)
    #expect(client.ask("shutdown now and=then") == refusal)
    #expect(bench.server.counters.refusedCommandCount == 2)
    let bodies = bench.notices.elements.map(\.body)
    #expect(bodies.count == 1)
    #expect(bodies.first?.hasPrefix(#"{"reason":"not_allowed","count":1,"#) == true)
    #expect(bodies.first?.contains(#""action":"denied""#) == true)
    #expect(bodies.first?.hasSuffix(#""command":"shutdown"}"#) == true)
  }

  @Test("a server that stops lets go of commands under way")
  func stops() throws {
    let bench = try bench()
    let client = try bench.client()
    client.send("shutdown\n")
    held.waitFor(1)
    bench.server.stop()
    #expect(client.linesToEnd() == [#"{"class":"BYE","reason":"shutdown"}"#])
    held.finish(0)
  }
}
