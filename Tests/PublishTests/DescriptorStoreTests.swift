import CLinux
import Glibc
import Publish
import Testing

@Suite("Descriptors in the care of the service manager, sd_listen_fds(3) and sd_notify(3)")
struct DescriptorStoreTests {
  /// The service manager's end.
  private final class Manager {
    let directory = TemporaryDirectory()
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)

    init() throws {
      let address = try unwrap(UnixSocketAddress(path: directory.file("notify")))
      guard unsafe address.withSockaddr({ unsafe bind(descriptor, $0, $1) }) == 0 else {
        throw SocketFailure(errno: errno)
      }
    }

    deinit { close(descriptor) }

    var store: DescriptorStore { DescriptorStore { $0 == "NOTIFY_SOCKET" ? self.directory.file("notify") : nil } }

    /// What was asked, and the descriptor that came with it.
    func request() -> (text: String, descriptor: Int32)? {
      var buffer = [UInt8](repeating: 0, count: 4096)
      var passed: Int32 = -1
      let count = unsafe clinux_receive_descriptor(descriptor, &buffer, buffer.count, &passed)
      return count < 0 ? nil : (String(decoding: buffer[..<Int(count)], as: UTF8.self), passed)
    }
  }

  @Test("a descriptor is kept under its name, and let go by it")
  func keepsAndRemoves() throws {
    let manager = try Manager()
    let store = manager.store
    #expect(store.isActive)
    var ends: [Int32] = [0, 0]
    #expect(unsafe pipe(&ends) == 0)
    #expect(store.keep(ends[1], name: "link-dss1"))
    close(ends[1])
    let kept = try unwrap(manager.request())
    #expect(kept.text == "FDSTORE=1\nFDNAME=link-dss1\nFDPOLL=0")
    // It is the same pipe.
    #expect(unsafe write(kept.descriptor, [42 as UInt8], 1) == 1)
    var byte: UInt8 = 0
    #expect(unsafe read(ends[0], &byte, 1) == 1 && byte == 42)
    close(kept.descriptor)
    close(ends[0])
    #expect(store.remove(name: "link-dss1"))
    let removed = try unwrap(manager.request())
    #expect(removed.text == "FDSTOREREMOVE=1\nFDNAME=link-dss1" && removed.descriptor == -1)
    #expect(manager.request() == nil)
  }

  @Test("without a service manager nothing is kept, and nobody waits")
  func isSilent() {
    for path in [nil, "/nonexistent/notify"] {
      let store = DescriptorStore { $0 == "NOTIFY_SOCKET" ? path : nil }
      #expect(store.isActive == (path != nil))
      #expect(!store.keep(STDERR_FILENO, name: "link-dss1"))
      #expect(!store.remove(name: "link-dss1"))
      store.waitUntilDone()
    }
  }

  @Test("a process takes what was handed to it, once, and no child of it does")
  func takesInherited() async {
    await #expect(processExitsWith: .success) {
      // Numbers 3 and 4, as a service manager hands them over; what was there before belongs to nobody who would miss
      // it.
      let pipeEnds: [Int32] = {
        var ends: [Int32] = [0, 0]
        _ = unsafe pipe(&ends)
        return ends
      }()
      _ = dup2(pipeEnds[0], 3)
      _ = dup2(pipeEnds[1], 4)
      _ = unsafe setenv("LISTEN_PID", String(getpid()), 1)
      _ = unsafe setenv("LISTEN_FDS", "2", 1)
      _ = unsafe setenv("LISTEN_FDNAMES", "link-a:state-a", 1)
      let all = InheritedDescriptor.takeAll()
      let expected = [
        InheritedDescriptor(descriptor: 3, name: "link-a"), InheritedDescriptor(descriptor: 4, name: "state-a"),
      ]
      let isClosedOnExec = all.allSatisfy { fcntl($0.descriptor, F_GETFD) & FD_CLOEXEC != 0 }
      let isCleared = unsafe getenv("LISTEN_FDS") == nil && getenv("LISTEN_PID") == nil
      exit(all == expected && isClosedOnExec && isCleared && InheritedDescriptor.takeAll().isEmpty ? 0 : 1)
    }
  }

  @Test("what is for another process, or makes no sense, is left alone")
  func readsVariables() {
    let mine = String(getpid())
    func names(_ variables: [String: String]) -> [String] {
      InheritedDescriptor.all { variables[$0] }.map { "\($0.descriptor)=\($0.name)" }
    }
    #expect(names(["LISTEN_PID": mine, "LISTEN_FDS": "2", "LISTEN_FDNAMES": "a:b"]) == ["3=a", "4=b"])
    #expect(names(["LISTEN_PID": mine, "LISTEN_FDS": "2", "LISTEN_FDNAMES": "a"]) == ["3=a", "4=unknown"])
    #expect(names(["LISTEN_PID": mine, "LISTEN_FDS": "1"]) == ["3=unknown"])
    #expect(names(["LISTEN_PID": "1", "LISTEN_FDS": "1"]) == [])
    #expect(names(["LISTEN_FDS": "1"]) == [])
    for count in ["0", "-1", "x", "", "99999999999", "2147483647"] {
      #expect(names(["LISTEN_PID": mine, "LISTEN_FDS": count]) == [])
    }
  }
}
