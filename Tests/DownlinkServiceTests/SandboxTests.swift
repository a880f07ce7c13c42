import CLinux
import DownlinkService
import FoundationEssentials
import Glibc
import StationConfiguration
import Testing

/// Whether this kernel can do it at all; in some containers it may not.
private let isAvailable = clinux_landlock_version() > 0

private func station(_ folder: String) throws -> StationConfiguration {
  try StationConfiguration.parse(
    text: """
      station: test
      links:
        - name: link
          input: { udp: "127.0.0.1:10017" }
          frames: { type: aos, length: 1115 }
      logs: { directory: \(folder)/log }
      status: { socket: \(folder)/run/status.sock }
      """, fileName: "test")
}

/// The error number of opening a file, or 0.
private func failure(opening path: String, _ flags: Int32) -> Int32 {
  let descriptor = unsafe open(path, flags | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else { return errno }
  close(descriptor)
  return 0
}

@Suite("What a running daemon may do to files")
struct SandboxTests {
  @Test("a confined process writes below its directories, reads what it needs, and touches nothing else")
  func confines() async throws {
    guard isAvailable else { return }
    let folder = try TemporaryFolder()
    let path = folder.url.path
    await #expect(processExitsWith: .success) { [path = path as String] in
      for name in ["log", "run", "etc", "other"] { _ = unsafe mkdir("\(path)/\(name)", 0o700) }
      _ = failure(opening: "\(path)/etc/downlinkd.yaml", O_WRONLY | O_CREAT)
      _ = failure(opening: "\(path)/other/secret", O_WRONLY | O_CREAT)
      let rules = SandboxRules(try station(path), path: "\(path)/etc/downlinkd.yaml") { _ in nil }
      let sandbox = Sandbox.enforce(rules)
      #expect(sandbox.landlockVersion == Int(clinux_landlock_version()))
      #expect(sandbox.obstacle == nil)
      // What it is for.
      #expect(failure(opening: "\(path)/other/secret", O_RDONLY) == EACCES)
      #expect(failure(opening: "\(path)/other/new", O_WRONLY | O_CREAT) == EACCES)
      #expect(failure(opening: "\(path)/etc/downlinkd.yaml", O_WRONLY) == EACCES)
      #expect(failure(opening: "/usr/bin/env", O_RDONLY) == EACCES)
      var arguments: [UnsafeMutablePointer<CChar>?] = unsafe [strdup("true"), nil]
      #expect(unsafe execv("/bin/true", &arguments) == -1)
      #expect(errno == EACCES)
      // What a daemon does.
      #expect(failure(opening: "\(path)/etc/downlinkd.yaml", O_RDONLY) == 0)
      #expect(failure(opening: "\(path)/log/events.jsonl", O_RDWR | O_CREAT | O_EXCL) == 0)
      #expect(unsafe rename("\(path)/log/events.jsonl", "\(path)/log/events-1.jsonl") == 0)
      #expect(failure(opening: "\(path)/log/events-1.jsonl", O_WRONLY | O_TRUNC) == 0)
      #expect(unsafe unlink("\(path)/log/events-1.jsonl") == 0)
      #expect(failure(opening: "\(path)/log", O_RDONLY | O_DIRECTORY) == 0)
      #expect(failure(opening: "/dev/null", O_RDWR) == 0)
      #expect(failure(opening: "/proc/self/status", O_RDONLY) == 0)
      #expect(failure(opening: "/proc/self/task", O_RDONLY | O_DIRECTORY) == 0)
      #expect(failure(opening: "/proc/sys/net/core/rmem_max", O_RDONLY) == 0)
      #expect(failure(opening: "/etc/nsswitch.conf", O_RDONLY) != EACCES)
      var addresses = clinux_address()
      #expect(unsafe clinux_resolve("localhost", 1, &addresses, 1) > 0)
    }
  }

  @Test("what comes from a confined thread is confined too")
  func confinesThreads() async throws {
    guard isAvailable else { return }
    await #expect(processExitsWith: .success) {
      _ = Sandbox.enforce(SandboxRules(readable: ["/proc"], writable: []))
      var thread = pthread_t()
      let status = unsafe pthread_create(
        &thread, nil,
        { _ in unsafe UnsafeMutableRawPointer(bitPattern: Int(failure(opening: "/etc/passwd", O_RDONLY))) }, nil)
      #expect(status == 0)
      var result: UnsafeMutableRawPointer?
      #expect(unsafe pthread_join(thread, &result) == 0)
      #expect(Int32(truncatingIfNeeded: Int(bitPattern: result)) == EACCES)
    }
  }

  @Test("the abstract space is left open for a service manager that is there, and only for that")
  func scopes() throws {
    let configuration = try station("/nowhere")
    func scopes(_ notify: String?) -> UInt32 {
      SandboxRules(configuration, path: "x") { $0 == "NOTIFY_SOCKET" ? notify : nil }.scopes
    }
    // include/uapi/linux/landlock.h: LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET is bit 0, LANDLOCK_SCOPE_SIGNAL bit 1.
    #expect(scopes("@/run/notify") == 2)
    #expect(scopes("/run/systemd/notify") == 3)
    #expect(scopes(nil) == 3)
  }

  @Test("the service manager's directories are allowed: state to be written, credentials to be read")
  func takesDirectoriesOfService() throws {
    let variables = ["STATE_DIRECTORY": "/var/lib/a:/var/lib/b", "CREDENTIALS_DIRECTORY": "/run/credentials/x"]
    let rules = SandboxRules(try station("/nowhere"), path: "/etc/downlinkd/downlinkd.yaml") { variables[$0] }
    #expect(rules.writable == ["/nowhere/log", "/nowhere/run", "/var/lib/a", "/var/lib/b"])
    #expect(rules.readable.contains("/run/credentials/x"))
    #expect(rules.readable.contains("/etc/downlinkd"))
    #expect(rules.directoriesToMake == ["/nowhere/log", "/nowhere/run"])
  }
}
