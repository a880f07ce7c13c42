import Publish
import Testing

@Suite("Status requests, conventions §4")
struct StatusRequestTests {
  private func parse(_ text: String) throws(StatusRequest.Refusal) -> StatusRequest {
    try StatusRequest.parse(Array(text.utf8))
  }

  @Test("a JSON request has a command, an id to repeat and arguments")
  func readsJSON() throws {
    let request = try parse(#"{"id":7,"cmd":"vcs","args":{"link":"dss1","vcid":3}}"#)
    #expect(request.id == .integer(7))
    #expect(request.command == .question(.vcs))
    #expect(try request.arguments.string("link") == "dss1")
    #expect(try request.arguments.count("vcid") == 3)
    #expect(try request.arguments.string("scid") == nil)
    #expect(try parse(#"{"cmd":"links","id":"a-1"}"#).id == .string("a-1"))
  }

  @Test("a bare word is a command; words after it are its first argument or name=value")
  func readsWords() throws {
    let request = try parse("  vcs dss1 vcid=3\tscid=42 ")
    #expect(request.id == nil)
    #expect(request.command == .question(.vcs))
    #expect(try request.arguments.string("link") == "dss1")
    #expect(try request.arguments.count("vcid") == 3)
    #expect(try request.arguments.count("scid") == 42)
  }

  @Test("a list is an array or a string with commas")
  func readsLists() throws {
    #expect(try parse("watch link,frame_gap").arguments.list("types") == ["link", "frame_gap"])
    let request = try parse(#"{"cmd":"watch","args":{"types":["link"],"stats_interval_seconds":1}}"#)
    #expect(try request.arguments.list("types") == ["link"])
    #expect(try request.arguments.number("stats_interval_seconds") == 1)
  }

  @Test(
    "what cannot be answered is refused with a code and, where there is one, a hint",
    arguments: [
      (
        "replay", StatusError.Code.unknownCommand, "unknown command 'replay'",
        "this version does not support it here"
      ),
      ("linsk", .unknownCommand, "unknown command 'linsk'", "did you mean 'links'?"),
      ("STATUS", .unknownCommand, "unknown command 'STATUS'", "did you mean 'status'?"),
      ("GET / HTTP/1.1", .unknownCommand, "unknown command 'GET'", nil),
      ("version now", .badArgument, "'version' takes no argument", nil),
      ("links a b", .badArgument, "'link' is there twice", nil),
      ("links lnik=a", .badArgument, "unknown argument 'lnik'", "did you mean 'link'?"),
      (#"{"cmd":"links","args":{"vicd":1}}"#, .badArgument, "unknown argument 'vicd'", nil),
      (#"{"cmd":"links","argz":{}}"#, .badArgument, "unknown member 'argz'", "did you mean 'args'?"),
      (#"{"cmd":7}"#, .badArgument, "'cmd' must be a string", nil),
      (#"{}"#, .badArgument, "'cmd' must be a string", nil),
      (#"{"cmd":"links","args":[]}"#, .badArgument, "'args' must be an object", nil),
      (#"{"cmd":"links","id":null}"#, .badArgument, "'id' must be an integer or a string of at most 64 bytes", nil),
      (#"{"cmd":"links""#, .badJSON, "not a JSON object: it ends too early at byte 14", nil),
      (
        #"{"cmd":"links","cmd":"vcs"}"#, .badJSON,
        "not a JSON object: a member is there twice, or there are too many at byte 20", nil
      ),
    ] as [(String, StatusError.Code, String, String?)])
  func refuses(text: String, code: StatusError.Code, message: String, hint: String?) {
    let refusal = #expect(throws: StatusRequest.Refusal.self) { _ = try parse(text) }
    #expect(refusal?.error == StatusError(code, message, hint: hint))
  }

  @Test(
    "an argument of the wrong type is refused",
    arguments: [
      #"{"cmd":"vcs","args":{"vcid":"x"}}"#, #"{"cmd":"vcs","args":{"vcid":-1}}"#, "vcs vcid=x", "vcs vcid=1.5",
    ])
  func refusesMistypedArgument(text: String) throws {
    let arguments = try parse(text).arguments
    let error = #expect(throws: StatusError.self) { _ = try arguments.count("vcid", upTo: 63) }
    #expect(error == StatusError(.badArgument, "'vcid' must be an integer from 0 to 63"))
  }

  @Test("the words of a command go to its arguments in their order")
  func readsCommands() throws {
    let request = try parse("link disable dss1")
    #expect(request.command == .control(.link))
    #expect(try request.arguments.string("action") == "disable")
    #expect(try request.arguments.string("name") == "dss1")
    #expect(try parse("reload wait").arguments.string("wait") == "wait")
    #expect(try parse(#"{"cmd":"sync"}"#).command == .control(.sync))
    #expect(
      #expect(throws: StatusRequest.Refusal.self) { _ = try parse("link disable a b") }?.error
        == StatusError(.badArgument, "'link' takes no more than action and name"))
  }

  @Test(
    "whether a command is allowed is settled before anything else of the request is looked at",
    arguments: [
      "reload nonsense=1", "reload a b c d", #"{"cmd":"reload","args":7}"#, #"{"cmd":"reload","argz":{}}"#,
      #"{"cmd":"reload","args":{"x":[]}}"#,
    ])
  func authorizesFirst(text: String) {
    let no = StatusError(.notAllowed, "no")
    let refusal = #expect(throws: StatusRequest.Refusal.self) {
      _ = try StatusRequest.parse(Array(text.utf8)) { command in command == .reload ? no : nil }
    }
    #expect(refusal?.error == no)
  }

  @Test("what a log is told of arguments is one bounded line")
  func summarizesArguments() throws {
    let arguments = try parse(#"{"cmd":"link","args":{"name":"dss1","action":["a","b"]}}"#).arguments
    #expect(arguments.summary(atMost: 256) == "action=[2 elements] name=dss1")
    #expect(arguments.summary(atMost: 10) == "action=[2 …")
    let long = StatusArguments(["name": .word(String(repeating: "é", count: 300))])
    #expect(long.summary(atMost: 256).utf8.count == 255 + 3)
    #expect(StatusArguments().summary(atMost: 256) == "")
  }

  private func reply(to line: [UInt8]) -> [UInt8] {
    do throws(StatusRequest.Refusal) {
      return StatusMessage.reply(try StatusRequest.parse(line).id, .success("{}"))
    } catch {
      return StatusMessage.reply(error.id, .failure(error.error))
    }
  }

  @Test("whatever the bytes are, the reply is one line of JSON", arguments: [1, 2, 3] as [UInt64])
  func survivesRandomBytes(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    for _ in 0..<2000 {
      let bytes = (0..<Int(generator.next() % 60)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      for line in [bytes, Array("{\"cmd\":\"".utf8) + bytes, Array("links link=".utf8) + bytes] {
        let reply = reply(to: line)
        #expect(reply.last == 0x0A)
        #expect(try JSONReader.read(reply.dropLast())["class"] == .string("REPLY"))
      }
    }
  }
}

@Suite("Pages of long replies")
struct StatusPageTests {
  private func page(_ arguments: [String: StatusArguments.Value]) -> Result<String, StatusError> {
    StatusPage.object("apids", ["1", "2", "3", "4", "5"], arguments: StatusArguments(arguments))
  }

  @Test("without arguments a short array comes whole, without a cursor")
  func answersWhole() { #expect(page([:]) == .success(#"{"apids":[1,2,3,4,5]}"#)) }

  @Test("a limit cuts, and the cursor leads on to the end")
  func followsCursor() {
    #expect(page(["limit": .word("2")]) == .success(#"{"apids":[1,2],"cursor":2}"#))
    #expect(page(["limit": .word("2"), "cursor": .word("2")]) == .success(#"{"apids":[3,4],"cursor":4}"#))
    #expect(page(["limit": .word("2"), "cursor": .word("4")]) == .success(#"{"apids":[5]}"#))
    #expect(page(["cursor": .word("5")]) == .success(#"{"apids":[]}"#))
  }

  @Test("a cursor beyond the end is refused")
  func refusesWildCursor() {
    #expect(
      page(["cursor": .word("6")])
        == .failure(StatusError(.badArgument, "'cursor' is beyond the end", hint: "begin without a cursor")))
  }

  @Test("a page stays below a mebibyte whatever is asked for")
  func boundsBytes() throws {
    let element = "\"" + String(repeating: "x", count: 9998) + "\""
    let text = try StatusPage.object("x", elementCount: 1000, arguments: StatusArguments()) { _ in element }.get()
    #expect(text.utf8.count < 1_048_576)
    #expect(text.hasSuffix(#"],"cursor":98}"#))
  }
}

@Suite("Lines from a client")
struct LineBufferTests {
  @Test("lines are cut wherever the bytes are split, and CRLF counts as LF")
  func cutsLines() {
    let bytes = Array("a\r\n\nbc\nd".utf8)
    for split in 0...bytes.count {
      var buffer = LineBuffer(maximumLineByteCount: 4)
      var lines: [LineBuffer.Next] = []
      for part in [bytes[..<split], bytes[split...]] {
        buffer.append(part)
        while true {
          let next = buffer.next()
          if next == .incomplete { break }
          lines.append(next)
        }
      }
      #expect(lines == [.line([0x61]), .line([]), .line([0x62, 0x63])])
      #expect(buffer.takeRest() == [0x64])
      #expect(buffer.takeRest() == nil)
    }
  }

  @Test("a line of the greatest length passes, one byte more does not", arguments: [true, false])
  func boundsLength(hasEnd: Bool) {
    var buffer = LineBuffer(maximumLineByteCount: 4)
    buffer.append([1, 2, 3, 4, 0x0A])
    #expect(buffer.next() == .line([1, 2, 3, 4]))
    buffer.append([1, 2, 3, 4, 5] + (hasEnd ? [0x0A] : []))
    #expect(buffer.next() == .tooLong)
  }
}

@Suite("What waits for a client")
struct OutboundQueueTests {
  private func drain(_ queue: inout OutboundQueue) -> String {
    var text: [UInt8] = []
    while let next = queue.next() {
      text += next.bytes[next.offset...]
      queue.advance(by: next.bytes.count - next.offset)
    }
    return String(decoding: text, as: UTF8.self)
  }

  @Test("when there is no room the oldest events go, and the client is told how many")
  func dropsOldestEvents() {
    var queue = OutboundQueue(capacity: 6)
    for text in ["1\n", "2\n", "3\n", "4\n", "5\n"] { queue.append(Array(text.utf8), kind: .event) }
    #expect(queue.byteCount == 6)
    #expect(drain(&queue) == "{\"class\":\"LOST\",\"events\":2}\n3\n4\n5\n")
    #expect(queue.isEmpty)
    #expect(queue.byteCount == 0)
  }

  @Test("a line that was begun is finished before the loss is told")
  func finishesBegunLine() {
    var queue = OutboundQueue(capacity: 6)
    queue.append(Array("abc\n".utf8), kind: .event)
    queue.advance(by: 1)
    for text in ["2\n", "3\n"] { queue.append(Array(text.utf8), kind: .event) }
    #expect(drain(&queue) == "bc\n{\"class\":\"LOST\",\"events\":1}\n3\n")
  }

  @Test("replies are kept, statistics give way uncounted, and an event larger than all is lost at once")
  func keepsReplies() {
    var queue = OutboundQueue(capacity: 8)
    queue.append(Array("stat\n".utf8), kind: .stats)
    queue.append(Array("reply\n".utf8), kind: .reply)
    #expect(queue.isFull)
    queue.append(Array("an event\n".utf8), kind: .event)
    #expect(drain(&queue) == "{\"class\":\"LOST\",\"events\":1}\nreply\n")
  }

  @Test("a loss that could not be told yet grows; it is told once")
  func mergesLosses() {
    var queue = OutboundQueue(capacity: 3)
    for text in ["1\n", "2\n"] { queue.append(Array(text.utf8), kind: .event) }
    #expect(queue.next()?.bytes == Array("{\"class\":\"LOST\",\"events\":1}\n".utf8))
    queue.append(Array("3\n".utf8), kind: .event)
    #expect(queue.next()?.bytes == Array("{\"class\":\"LOST\",\"events\":3}\n".utf8))
    queue.replaceAll(withGoodbye: Array("bye\n".utf8))
    #expect(drain(&queue) == "{\"class\":\"LOST\",\"events\":3}\nbye\n")
  }

  @Test("a goodbye takes the place of everything but the rest of a begun line")
  func saysGoodbye() {
    var queue = OutboundQueue(capacity: 100)
    for text in ["abc\n", "2\n", "3\n"] { queue.append(Array(text.utf8), kind: .event) }
    queue.advance(by: 2)
    queue.replaceAll(withGoodbye: StatusMessage.bye("slow"))
    #expect(
      drain(&queue) == "c\n{\"class\":\"LOST\",\"events\":2}\n{\"class\":\"BYE\",\"reason\":\"slow\"}\n")
  }
}
