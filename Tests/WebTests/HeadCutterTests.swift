import NIOCore
import Testing
import Web

@Suite("Where the head of a request ends, and when it is too long")
struct HeadCutterTests {
  private static func cut(_ text: String, piece: Int = .max) -> HeadCutter.Next {
    var cutter = HeadCutter(lineByteCount: 20, headByteCount: 40)
    var next = HeadCutter.Next.incomplete
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty, next == .incomplete {
      var bytes = ByteBuffer(bytes: rest.prefix(piece))
      rest = rest.dropFirst(piece)
      cutter.append(&bytes)
      next = cutter.next()
    }
    return next
  }

  @Test("it is handed on whole, however its bytes come", arguments: [1, 2, 3, 7, .max])
  func findsEnd(piece: Int) {
    let head = "GET / HTTP/1.1\r\nA: b\r\n\r\n"
    #expect(Self.cut(head + "GET /next", piece: piece) == .head(ByteBuffer(string: head)))
  }

  @Test("lines may end in a line feed alone, and empty lines may come before")
  func findsOtherEnds() {
    #expect(Self.cut("GET / HTTP/1.1\nA: b\n\n") == .head(ByteBuffer(string: "GET / HTTP/1.1\nA: b\n\n")))
  }

  @Test("a request line of twenty bytes is taken, one of twenty-one is not", arguments: [1, .max])
  func boundsLine(piece: Int) {
    let line = String(repeating: "x", count: 20)
    #expect(Self.cut(line + "\n\n", piece: piece) == .head(ByteBuffer(string: line + "\n\n")))
    #expect(Self.cut(line + "x\n\n", piece: piece) == .lineTooLong)
    #expect(Self.cut(line + "x", piece: piece) == .lineTooLong)
  }

  @Test("a head of forty bytes is taken, one of forty-one is not", arguments: [1, .max])
  func boundsHead(piece: Int) {
    let head = "GET /\r\n" + String(repeating: "y", count: 29)
    #expect(Self.cut(head + "\r\n\r\n", piece: piece) == .head(ByteBuffer(string: head + "\r\n\r\n")))
    #expect(Self.cut(head + "y\r\n\r\n", piece: piece) == .headTooLong)
  }

  @Test("what follows a head waits, and is cut next")
  func goesOn() {
    var cutter = HeadCutter(lineByteCount: 20, headByteCount: 40)
    var bytes = ByteBuffer(string: "A\n\nB\n\nC")
    cutter.append(&bytes)
    #expect(cutter.next() == .head(ByteBuffer(string: "A\n\n")))
    #expect(cutter.next() == .head(ByteBuffer(string: "B\n\n")))
    #expect(cutter.next() == .incomplete)
    #expect(cutter.waitingByteCount == 1)
  }
}
