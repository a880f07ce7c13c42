import Glibc
import Publish
import Testing

@Suite("The status socket in the file system")
struct StatusListenerTests {
  @Test("owner and group may connect, others may not, whatever the umask is")
  func setsMode() throws {
    let bench = try ServerBench()
    var status = stat()
    #expect(unsafe lstat(bench.path, &status) == 0)
    #expect(status.st_mode == S_IFSOCK | 0o660)
  }

  @Test("to the control socket nobody but its owner may connect")
  func setsControlMode() throws {
    let bench = try ServerBench(role: .control)
    var status = stat()
    #expect(unsafe lstat(bench.path, &status) == 0)
    #expect(status.st_mode == S_IFSOCK | 0o600)
  }

  @Test("a symbolic link is not followed, even if it leads to a socket that nobody answers on")
  func refusesLink() throws {
    let directory = TemporaryDirectory()
    let path = directory.file("status.sock")
    close(try StatusListener.open(path: directory.file("stale.sock")).descriptor)
    #expect(unsafe symlink(directory.file("stale.sock"), path) == 0)
    #expect(throws: PublishError.notASocket(path: path)) { _ = try StatusListener.open(path: path) }
    #expect(try directory.names() == ["stale.sock", "status.sock"])
  }

  @Test("a socket that nobody answers on is replaced")
  func replacesStaleSocket() throws {
    let directory = TemporaryDirectory()
    let path = directory.file("status.sock")
    let first = try StatusListener.open(path: path)
    close(first.descriptor)
    let second = try StatusListener.open(path: path)
    second.removeName()
    close(second.descriptor)
    #expect(try directory.names() == [])
  }

  @Test("a name that leads to another socket by now is not removed")
  func leavesSuccessorAlone() throws {
    let directory = TemporaryDirectory()
    let path = directory.file("status.sock")
    let first = try StatusListener.open(path: path)
    #expect(unsafe unlink(path) == 0)
    let second = try StatusListener.open(path: path)
    first.removeName()
    #expect(try directory.names() == ["status.sock"])
    close(first.descriptor)
    close(second.descriptor)
  }

  @Test("a socket that is served stays, and so does what is no socket")
  func leavesOthersAlone() throws {
    let bench = try ServerBench()
    #expect(throws: PublishError.socketInUse(path: bench.path)) { _ = try StatusListener.open(path: bench.path) }
    bench.directory.write("precious", to: "file")
    let file = bench.directory.file("file")
    #expect(throws: PublishError.notASocket(path: file)) { _ = try StatusListener.open(path: file) }
    #expect(try bench.directory.text("file") == "precious")
  }

  @Test("a path the system cannot bind is refused")
  func refusesLongPath() {
    let path = "/" + String(repeating: "x", count: 107)
    #expect(throws: PublishError.socketPathTooLong(path: path, limit: 107)) { _ = try StatusListener.open(path: path) }
    #expect(throws: PublishError.system(.bindSocket, path: "/nonexistent/s", errno: 2)) {
      _ = try StatusListener.open(path: "/nonexistent/s")
    }
  }
}
