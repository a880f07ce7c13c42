import Dispatch
import Glibc
import Publish
import Testing

@Suite("The file that metrics are written to", .timeLimit(.minutes(10)))
struct MetricsTextfileTests {
  private let directory = TemporaryDirectory()

  private func write(_ file: MetricsTextfile, _ text: String) {
    let isDone = DispatchSemaphore(value: 0)
    file.submit({ Array(text.utf8) }, { isDone.signal() })
    isDone.wait()
  }

  @Test("is replaced as a whole, leaves nothing beside it, and is for everybody who may enter its directory")
  func replaces() throws {
    let file = MetricsTextfile(path: directory.file("a.prom"))
    let mask = umask(0o077)
    defer { umask(mask) }
    write(file, "a 1\n")
    #expect(try directory.text("a.prom") == "a 1\n")
    // Whoever has it open goes on reading what it was.
    let before = unsafe open(directory.file("a.prom"), O_RDONLY)
    defer { close(before) }
    write(file, "a 2\nb 3\n")
    #expect(try directory.text("a.prom") == "a 2\nb 3\n")
    #expect(try FileBytes.read(before, from: 0, byteCount: 100, path: "") == Array("a 1\n".utf8))
    #expect(try directory.names() == ["a.prom"])
    var information = stat()
    #expect(unsafe stat(directory.file("a.prom"), &information) == 0 && information.st_mode & 0o777 == 0o644)
    #expect(file.writeCount == 2 && file.errorCount == 0 && file.failure == nil)
  }

  @Test("that cannot be written is counted and told, and is written when it can be")
  func fails() throws {
    let file = MetricsTextfile(path: directory.file("there/a.prom"))
    for count in 1...3 {
      write(file, "a 1\n")
      #expect(file.errorCount == count && file.writeCount == 0)
    }
    let failure = try #require(file.failure)
    #expect(failure == .system(.writeTextfile, path: directory.file("there/a.prom"), errno: ENOENT))
    #expect(failure.message.hasSuffix("a.prom: the metrics cannot be written: No such file or directory"))
    #expect(failure.hint == "make the directory, or choose another metrics.textfile")
    #expect(unsafe mkdir(directory.file("there"), 0o700) == 0)
    write(file, "a 1\n")
    #expect(file.failure == nil && file.writeCount == 1 && file.errorCount == 3)
  }

  @Test("follows no symbolic link that somebody has put where it is made")
  func followsNoLink() throws {
    let file = MetricsTextfile(path: directory.file("a.prom"))
    #expect(unsafe symlink(directory.file("victim"), directory.file("a.prom.tmp")) == 0)
    write(file, "a 1\n")
    #expect(try directory.names() == ["a.prom"])
  }

  @Test("that the disk has not taken yet is not waited for: what comes meanwhile is counted")
  func doesNotQueueUp() {
    let file = MetricsTextfile(path: directory.file("a.prom"))
    let (hasBegun, mayEnd, isDone) = (
      DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
    )
    file.submit(
      {
        hasBegun.signal()
        mayEnd.wait()
        return Array("a 1\n".utf8)
      }, { isDone.signal() })
    hasBegun.wait()
    for _ in 0..<5 { file.submit { Array("a 2\n".utf8) } }
    #expect(file.errorCount == 5)
    mayEnd.signal()
    isDone.wait()
    #expect(file.writeCount == 1 && file.failure == nil)
  }
}
