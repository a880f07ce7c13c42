import CLinux
import Foundation
import Glibc
import Publish
import Synchronization
import TestSupport

/// A service manager as a daemon sees one: it is told what goes on, keeps descriptors, and hands them to the next
/// process.
///
/// A thread of its own answers, as the daemon waits for it.
final class ServiceManager: Sendable {
  struct Kept: Equatable {
    let name: String
    let descriptor: Int32
  }

  private struct Content {
    var kept: [Kept] = []
    var readyCount = 0
    var isOver = false
    var putCount = 0
  }

  let path: String
  private let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  private let content = Mutex(Content())

  /// - Parameter path: Where its socket is to be.
  init(path: String) throws {
    self.path = path
    guard let address = UnixSocketAddress(path: path),
      unsafe address.withSockaddr({ unsafe bind(descriptor, $0, $1) }) == 0
    else { throw PeerError.system("bind", errno) }
    Thread.detachNewThread { while self.answer() {} }
  }

  /// Lets everything go.
  func end() {
    content.withLock { content in
      content.isOver = true
      for kept in content.kept { close(kept.descriptor) }
      content.kept = []
    }
  }

  var store: DescriptorStore { DescriptorStore { $0 == "NOTIFY_SOCKET" ? self.path : nil } }

  /// What is kept, in the order it came in.
  var kept: [Kept] { content.withLock { $0.kept } }

  /// How often anything was put into the store.
  var putCount: Int { content.withLock { $0.putCount } }

  var readyCount: Int { content.withLock { $0.readyCount } }

  /// What the next process in this process is given: its own descriptors for all that is kept.
  func handOver() -> [InheritedDescriptor] {
    kept.map { InheritedDescriptor(descriptor: dup($0.descriptor), name: $0.name) }
  }

  private func answer() -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = unsafe poll(&waiting, 1, 100)
    var buffer = [UInt8](repeating: 0, count: 4096)
    var passed: Int32 = -1
    let count = unsafe clinux_receive_descriptor(descriptor, &buffer, buffer.count, &passed)
    return content.withLock { content in
      if count > 0 { note(String(decoding: buffer[..<Int(count)], as: UTF8.self), passed, &content) }
      if content.isOver { close(descriptor) }
      return !content.isOver
    }
  }

  private func note(_ text: String, _ passed: Int32, _ content: inout Content) {
    let lines = text.split(separator: "\n").map(String.init)
    let name = lines.first { $0.hasPrefix("FDNAME=") }.map { String($0.dropFirst(7)) } ?? "stored"
    if lines.contains("READY=1") { content.readyCount += 1 }
    if lines.contains("FDSTORE=1") {
      content.kept.append(Kept(name: name, descriptor: passed))
      content.putCount += 1
    } else if passed >= 0 {
      close(passed)
    }
    if lines.contains("FDSTOREREMOVE=1") {
      for kept in content.kept where kept.name == name { close(kept.descriptor) }
      content.kept.removeAll { $0.name == name }
    }
  }
}

extension ServiceManager {
  /// A daemon in a process of its own.
  final class Service {
    private(set) var process: pid_t = 0
    private let manager: ServiceManager
    private let arguments: [String]

    /// - Parameter arguments: The executable, and what it is told.
    init(_ manager: ServiceManager, _ arguments: [String]) {
      self.manager = manager
      self.arguments = arguments
    }

    deinit { if process > 0 { end(SIGKILL) } }

    /// Starts it with all that is kept, and waits until it is ready.
    func start() throws {
      let readyCount = manager.readyCount
      let kept = manager.kept
      // First out of the way of the numbers that they are to have.
      let high = kept.map { fcntl($0.descriptor, F_DUPFD_CLOEXEC, 200) }
      defer { for descriptor in high { close(descriptor) } }
      var actions = unsafe posix_spawn_file_actions_t()
      unsafe posix_spawn_file_actions_init(&actions)
      defer { unsafe posix_spawn_file_actions_destroy(&actions) }
      for (index, descriptor) in high.enumerated() {
        unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, 3 + Int32(index))
      }
      var environment = ["PATH=/usr/bin:/bin", "NOTIFY_SOCKET=" + manager.path, "SWIFT_BACKTRACE=enable=no"]
      environment += Sanitizer.environment.map { "\($0)=\($1)" }
      if !kept.isEmpty {
        environment += ["LISTEN_FDS=\(kept.count)", "LISTEN_FDNAMES=" + kept.map(\.name).joined(separator: ":")]
      }
      // Only the process itself knows its number before it runs.
      let shell = ["/bin/sh", "-c", #"export LISTEN_PID=$$; exec "$@""#, "sh"]
      var argumentPointers: [UnsafeMutablePointer<CChar>?] =
        unsafe (shell + arguments).map { unsafe strdup($0) } + [nil]
      var environmentPointers: [UnsafeMutablePointer<CChar>?] = unsafe environment.map { unsafe strdup($0) } + [nil]
      defer {
        for index in unsafe argumentPointers.indices { unsafe free(argumentPointers[index]) }
        for index in unsafe environmentPointers.indices { unsafe free(environmentPointers[index]) }
      }
      let result = unsafe posix_spawn(&process, "/bin/sh", &actions, nil, &argumentPointers, &environmentPointers)
      guard result == 0 else { throw PeerError.system("posix_spawn", result) }
      while manager.readyCount == readyCount {
        var status: Int32 = 0
        guard unsafe waitpid(process, &status, WNOHANG) == 0 else {
          process = 0
          throw PeerError.system("the daemon ended, status", status)
        }
        usleep(1000)
      }
    }

    /// Ends it, and waits for that.
    func end(_ signal: Int32) {
      kill(process, signal)
      var status: Int32 = 0
      _ = unsafe waitpid(process, &status, 0)
      process = 0
    }
  }
}
