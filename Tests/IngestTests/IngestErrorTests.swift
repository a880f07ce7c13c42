import Glibc
import Ingest
import Testing

@Suite("What goes wrong, in words and exit codes")
struct IngestErrorTests {
  static let cases: [(IngestError, Int32, String)] = [
    (.cannotOpen(path: "a.pcap", errno: ENOENT), 66, "a.pcap: cannot be opened: No such file or directory"),
    (.cannotOpen(path: "a.pcap", errno: EACCES), 77, "a.pcap: cannot be opened: Permission denied"),
    (.cannotCreate(path: "b", errno: EROFS), 73, "b: cannot be created: Read-only file system"),
    (.cannotRead(path: "c", byteOffset: 512, errno: EIO), 74, "c: cannot be read past byte 512: Input/output error"),
    (.cannotWrite(path: "d", errno: ENOSPC), 74, "d: cannot be written: No space left on device"),
    (
      .notACapture(path: "e.gz", reason: .compressed), 65,
      "e.gz: is compressed; decompress it first, for example with `gunzip` or `zstd -d`"
    ),
    (.notACapture(path: "f", reason: .empty), 65, "f: is empty, so it is no capture"),
    (.notACapture(path: "g", reason: .unknownFormat), 65, "g: is neither a pcap nor a pcapng capture"),
    (
      .unsupportedLinkType(path: "h", linkType: 105), 65,
      "h: link type 105 is not understood; Ethernet, Linux cooked, raw IP and BSD loopback are"
    ),
    (
      .unsupportedCapture(path: "i", byteOffset: 9, reason: "two kinds"), 65,
      "i: not supported at byte 9: two kinds; `editcap -F pcap` may convert it"
    ),
    (
      .damaged(path: "j", byteOffset: 100, reason: "cut"), 65,
      "j: damaged at byte 100: cut; everything before it was read"
    ),
    (.notAnAddress("x"), 78, "\"x\" is no IP address; write one such as 127.0.0.1 or ::1"),
    (
      .system(call: "bind", errno: EADDRINUSE, address: "0.0.0.0:5"), 71,
      "0.0.0.0:5: bind failed: Address already in use; another program receives there, or another link: see `ss -lunp`"
    ),
    (
      .system(call: "bind", errno: EACCES, address: "0.0.0.0:5"), 77,
      "0.0.0.0:5: bind failed: Permission denied; ports below 1024 need CAP_NET_BIND_SERVICE"
    ),
  ]

  @Test("each has a sentence for a person and a code for a script", arguments: cases)
  func describes(error: IngestError, exitCode: Int32, text: String) {
    #expect(error.description == text)
    #expect(error.category.exitCode == exitCode)
  }
}
