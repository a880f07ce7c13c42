import Glibc
import Publish
import Testing

/// The journal's end of its socket.
private final class Journal {
  let directory = TemporaryDirectory()
  let path: String
  private let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)

  init() throws {
    path = directory.file("journal")
    let address = try unwrap(UnixSocketAddress(path: path))
    guard unsafe address.withSockaddr({ unsafe bind(descriptor, $0, $1) }) == 0 else {
      throw SocketFailure(errno: errno)
    }
  }

  deinit { close(descriptor) }

  func datagram() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    return count < 0 ? nil : Array(buffer[..<count])
  }

  func text() -> String? { datagram().map { String(decoding: $0, as: UTF8.self) } }
}

@Suite("Entries of the journal, systemd's native journal protocol")
struct JournalTests {
  @Test("a value with a line feed has its length before it, so that it cannot pass for a field")
  func framesBinaryValues() {
    var entry = JournalEntry()
    entry.add("MESSAGE", "one\nPRIORITY=0")
    entry.add("PRIORITY", 6)
    let expected: [UInt8] =
      Array("MESSAGE\n".utf8) + [14, 0, 0, 0, 0, 0, 0, 0] + Array("one\nPRIORITY=0\nPRIORITY=6\n".utf8)
    #expect(entry.bytes() == expected)
  }

  @Test("a long value is cut between two characters")
  func cutsValues() {
    var entry = JournalEntry()
    entry.add("A", "ab\u{20AC}cd")  // the euro sign is E2 82 AC
    #expect(entry.bytes(valueByteCapacity: 4) == Array("A=ab\n".utf8))
    #expect(entry.bytes(valueByteCapacity: 5) == Array("A=ab\u{20AC}\n".utf8))
    #expect(entry.bytes(valueByteCapacity: 7) == Array("A=ab\u{20AC}cd\n".utf8))
  }

  @Test("an event has a line for a person and fields to search by, and nothing on standard error")
  func sendsFields() throws {
    let journal = try Journal()
    let output = unsafe open(journal.directory.file("err"), O_RDWR | O_CREAT, 0o600)
    defer { close(output) }
    let console = ConsoleLog(descriptor: output, journal: JournalSocket(path: journal.path))
    console.write(
      EventRecord(
        .log, severity: .error, time: 0, link: "dss1", scid: 42, vcid: 7, apid: 100,
        body: #"{"action":"degraded","errno":28,"path":"a\nb"}"#))
    #expect(
      journal.text() == #"""
        MESSAGE=log link=dss1 scid=42 vcid=7 apid=100 action=degraded errno=28 error="No space left on device" \#
        path="a\x0ab"
        PRIORITY=3
        SYSLOG_IDENTIFIER=downlinkd
        MESSAGE_ID=305e34b1cbc54dc2acee85b7cfda71c7
        ERRNO=28
        DOWNLINKD_EVENT=log
        DOWNLINKD_LINK=dss1
        DOWNLINKD_SCID=42
        DOWNLINKD_VCID=7
        DOWNLINKD_APID=100

        """#)
    console.write(EventRecord(.daemon, severity: .info, time: 0))
    #expect(
      journal.text() == """
        MESSAGE=daemon
        PRIORITY=6
        SYSLOG_IDENTIFIER=downlinkd
        MESSAGE_ID=489fa0b8b9254739b180934f7b731790
        DOWNLINKD_EVENT=daemon

        """)
    console.write(
      EventRecord(
        .config, severity: .error, time: 0,
        body: #"{"action":"reload_failed","errors":["a","b c"],"count":1,"first":"x","last":"y"}"#))
    #expect(journal.text()?.hasPrefix("MESSAGE=config action=reload_failed errors=\"a; b c\"\n") == true)
    #expect(try journal.directory.text("err") == "")
  }

  @Test("what the journal does not take at once is counted, and nobody waits")
  func countsDrops() throws {
    let journal = try Journal()
    let socket = try unwrap(JournalSocket(path: journal.path))
    let console = ConsoleLog(descriptor: -1, journal: socket)
    // More than any queue of datagrams holds (net.unix.max_dgram_qlen, or the buffer of the sender).
    var written: UInt64 = 0
    while console.droppedCount < 3 {
      console.write(EventRecord(.daemon, severity: .info, time: 0))
      written += 1
    }
    var received: UInt64 = 0
    while journal.datagram() != nil { received += 1 }
    #expect(received > 0)
    #expect(written == received + 3)
  }

  @Test("an entry too long for one datagram is cut, not lost")
  func cutsLongEntries() throws {
    let journal = try Journal()
    let socket = try unwrap(JournalSocket(path: journal.path))
    var entry = JournalEntry()
    // 100 values of 4096 bytes; a Unix datagram has at most what net.core.wmem_default says, 212,992 bytes.
    for _ in 0..<100 { entry.add("LONG", String(repeating: "x", count: 10_000)) }
    #expect(socket.send(entry) == .sent)
    #expect(journal.datagram()?.count == 100 * (5 + 256 + 1))
    #expect(socket.droppedCount == 0)
  }

  @Test("without a journal the line goes to standard error")
  func fallsBack() throws {
    let directory = TemporaryDirectory()
    let output = unsafe open(directory.file("err"), O_RDWR | O_CREAT, 0o600)
    defer { close(output) }
    let console = ConsoleLog(descriptor: output, journal: JournalSocket(path: directory.file("nobody")))
    console.write(EventRecord(.daemon, severity: .notice, time: 0, body: #"{"action":"start"}"#))
    #expect(try directory.text("err") == "<5>daemon action=start\n")
    #expect(console.droppedCount == 0)
  }

  @Test("the journal is found by the device and inode of its stream, and by nothing else")
  func matchesStream() {
    var status = stat()
    let directory = TemporaryDirectory()
    let output = unsafe open(directory.file("err"), O_RDWR | O_CREAT, 0o600)
    defer { close(output) }
    #expect(unsafe fstat(output, &status) == 0)
    let path = directory.file("journal")
    #expect(JournalSocket.behind(output, stream: "\(status.st_dev):\(status.st_ino)", path: path) != nil)
    #expect(JournalSocket.behind(output, stream: "\(status.st_dev):\(status.st_ino + 1)", path: path) == nil)
    #expect(JournalSocket.behind(output, stream: "", path: path) == nil)
    #expect(JournalSocket.behind(output, stream: nil, path: path) == nil)
    #expect(JournalSocket.behind(-1, stream: "\(status.st_dev):\(status.st_ino)", path: path) == nil)
  }
}
