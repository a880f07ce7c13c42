import CLinux
import Dispatch
import Glibc
import LinkHealth
import Publish
import Synchronization
import Testing
import Web

/// A server on a port of its own, with clocks that stand still, and answers that are known.
final class WebBench {
  let clock = SteppedClock()
  let notices = Mutex<[EventRecord]>([])
  let ailments = Mutex<[String]>([])
  /// Lets one question pass that waits for the disk.
  let gate = DispatchSemaphore(value: 0)
  let server: WebServer

  init(_ adjust: (inout WebOptions) -> Void = { _ in }) {
    let gate = gate
    var sources = WebSources(identity: .init(version: "0.1.0", runID: "r1")) { command, arguments in
      switch command {
      case .links: .success(#"{"links":[{"name":"dss1"}]}"#)
      case .counters: .success("\"\(String(repeating: "x", count: 1_000_000))\"")
      case .config: .success("\"\(String(repeating: "x", count: 1_100_000))\"")
      case .vcs: .failure(StatusError(.notFound, "no link 'dss9'", hint: "did you mean 'dss1'?"))
      case .apids: .success("\"\((try? arguments.string("link")) ?? "none")\"")
      case .passes: Self.pass(arguments, gate)
      default: .success("{}")
      }
    }
    sources.mayWait = { command, arguments in command == .passes && arguments.has("id") }
    sources.metrics = { $0 == .openMetrics ? Array("# EOF\n".utf8) : Array("up 1\n".utf8) }
    let (clock, ailing) = (clock, AilmentBox())
    sources.ailments = { ailing.reasons }
    sources.obstacles = { ["link 'dss1' is down"] }
    server = WebServer(
      sources, statsIntervalSeconds: 10,
      clocks: StatusServer.Clocks(wall: { clock.now }, monotonic: { clock.now }))
    box = ailing
    var options = WebOptions(host: "127.0.0.1", port: 0)
    adjust(&options)
    server.configure(options)
    server.serve()
  }

  deinit { server.stop() }

  /// A disk that gives what is asked of it when a test lets it.
  private static func pass(_ arguments: StatusArguments, _ gate: DispatchSemaphore) -> Result<String, StatusError> {
    if arguments.has("id") { gate.wait() }
    return .success(#"{"id":"p"}"#)
  }

  private let box: AilmentBox

  func ail(_ reasons: [String]) { box.reasons = reasons }

  /// A connection to it.
  func client() throws -> WebClient { try WebClient(port: try #require(server.localPort)) }

  /// Lets the server be done with what it has answered: an answer may be here before. What it does next about it is in
  /// its queue after the first round, and done after the second.
  func settle() {
    server.tick()
    server.tick()
  }

  /// Lets time pass, and the server notice.
  func pass(seconds: Int) {
    clock.now += Int64(seconds) * 1_000_000_000
    server.tick()
  }

  func line(_ number: UInt64, _ type: EventType = .link, link: String? = "dss1", padding: Int = 0) -> EventLine {
    EventLine(
      eventType: type, link: link, sequenceNumber: number,
      text:
        #"{"timestamp":"2026-11-21T09:24:37.000000Z","seq":\#(number),"#
        + #""pad":"\#(String(repeating: "x", count: padding))"}"#
    )
  }

  /// Publishes, and waits until the server has done what was asked of it so far.
  func publish(_ lines: EventLine...) {
    for line in lines { server.publish(line) }
    server.tick()
  }
}

final class AilmentBox: Sendable {
  private let stored = Mutex<[String]>([])
  var reasons: [String] {
    get { stored.withLock { $0 } }
    set { stored.withLock { $0 = newValue } }
  }
}

/// Time that passes when a test says so.
final class SteppedClock: Sendable {
  private let nanoseconds = Atomic<Int64>(1_763_717_077_251_547_000)
  var now: Int64 {
    get { nanoseconds.load(ordering: .sequentiallyConsistent) }
    set { nanoseconds.store(newValue, ordering: .sequentiallyConsistent) }
  }
}

/// What came back.
struct WebReply {
  var status: Int
  /// In lower case, the last of each name.
  var fields: [String: String]
  var body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }
  /// The word in `error.code`.
  var code: String? { (try? JSONReader.read(body))?["error"]?["code"]?.string }
}

/// A client that writes what it is told, byte for byte.
final class WebClient {
  private let descriptor: Int32
  private var received: [UInt8] = []
  /// What of a stream has come and was not looked at.
  private var streamed = ""

  init(port: Int, receiveBufferByteCount: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var count = receiveBufferByteCount {
      unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &count, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = clinux_address()
    try #require(unsafe clinux_address_parse("127.0.0.1", UInt16(port), &address) == 0)
    let result = unsafe clinux_connect(descriptor, &address)
    try #require(result == 0)
  }

  deinit { close(descriptor) }

  func send(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.send(
          descriptor, buffer.baseAddress.map { unsafe $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }

  /// Sends no more.
  func finish() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// A request with the usual fields and these.
  func get(_ target: String, method: String = "GET", _ fields: String...) throws -> WebReply {
    let lines = ["\(method) \(target) HTTP/1.1", "Host: localhost"] + fields
    send(lines.map { $0 + "\r\n" }.joined() + "\r\n")
    return try reply(hasBody: method != "HEAD")
  }

  /// The next reply.
  func reply(hasBody: Bool = true) throws -> WebReply {
    let head = try #require(bytes(through: "\r\n\r\n"), "the connection ended without an answer")
    let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n").map(String.init)
    var reply = WebReply(status: Int(lines[0].split(separator: " ")[1]) ?? 0, fields: [:], body: [])
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      reply.fields[parts[0].lowercased()] = String(parts[1].dropFirst())
    }
    let count = reply.fields["content-length"].flatMap { Int($0) } ?? 0
    if hasBody { reply.body = take(count) }
    return reply
  }

  /// The data of the next chunk of a stream; `nil` at its end.
  func chunk() -> String? {
    guard let line = bytes(through: "\r\n") else { return nil }
    let count = Int(String(decoding: line.dropLast(2), as: UTF8.self), radix: 16) ?? 0
    let data = take(count)
    _ = take(2)
    return count > 0 ? String(decoding: data, as: UTF8.self) : nil
  }

  /// The next messages of a stream, up to one of this name.
  func messages(through name: String) -> [String] {
    var messages: [String] = []
    while true {
      while let end = streamed.firstRange(of: "\n\n") {
        let message = String(streamed[..<end.lowerBound])
        streamed.removeSubrange(..<end.upperBound)
        messages.append(message)
        if message.contains("event: \(name)\n") { return messages }
      }
      guard let chunk = chunk() else { return messages }
      streamed += chunk
    }
  }

  /// Whether the server has ended the connection and said nothing more.
  var isAtEnd: Bool { receive() == 0 && received.isEmpty }

  /// All that comes until the end.
  func rest() -> [UInt8] {
    while receive() > 0 {}
    defer { received = [] }
    return received
  }

  private func bytes(through end: String) -> [UInt8]? {
    let end = Array(end.utf8)
    var searched = 0
    while true {
      if received.count >= end.count {
        for index in searched...(received.count - end.count) where Array(received[index..<index + end.count]) == end {
          return take(index + end.count)
        }
        searched = received.count - end.count + 1
      }
      guard receive() > 0 else { return nil }
    }
  }

  private func take(_ count: Int) -> [UInt8] {
    while received.count < count { if receive() <= 0 { break } }
    let taken = Array(received.prefix(count))
    received.removeFirst(taken.count)
    return taken
  }

  private func receive() -> Int {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
    if count > 0 { received += buffer.prefix(count) }
    return count
  }
}
