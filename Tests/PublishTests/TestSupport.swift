import Dispatch
import FoundationEssentials
import Glibc
import Publish
import Synchronization

/// 2026-11-21T09:24:37.251547Z.
let morning: Int64 = 1_795_253_077_251_547_000
let second: Int64 = 1_000_000_000

/// A clock that moves when a test says so.
final class ManualClock: Sendable {
  private let time: Atomic<Int64>

  init(_ time: Int64 = morning) { self.time = Atomic(time) }

  var now: Int64 { time.load(ordering: .relaxed) }

  func advance(seconds: Int64) { time.add(seconds * second, ordering: .relaxed) }
}

/// What handlers on other queues have handed over.
final class Collected<Element: Sendable>: Sendable {
  private let storage = Mutex<[Element]>([])

  var elements: [Element] { storage.withLock { $0 } }

  func append(_ element: Element) { storage.withLock { $0.append(element) } }
}

/// A directory of a test's own, removed with it.
final class TemporaryDirectory: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/downlinkd-publish-XXXXXX".utf8CString)
    path = unsafe String(cString: mkdtemp(&template))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

  func bytes(_ name: String) throws -> [UInt8] {
    Array(try FileManager.default.contents(atPath: file(name)) ?? { throw CocoaError(.fileNoSuchFile) }())
  }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  /// What `gzip` makes of a packed file.
  func unpacked(_ name: String) -> String? { Shell.run("gzip -dc '\(file(name))'") }

  /// Has `gzip` pack a file, packed or not, as an operator would.
  func packAnew(_ name: String, keepingSource: Bool = false) throws {
    if name.hasSuffix(".gz") { _ = try unwrap(Shell.run("gzip -d '\(file(name))'")) }
    let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    _ = try unwrap(Shell.run("gzip \(keepingSource ? "-k" : "") '\(file(plain))'"))
  }

  func lines(_ name: String) throws -> [String] {
    try text(name).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  func write(_ text: String, to name: String) {
    _ = FileManager.default.createFile(atPath: file(name), contents: Data(text.utf8))
  }
}

/// A file system of 64 KiB in memory; only root can have one.
final class SmallDisk {
  static let isAvailable: Bool = {
    let directory = TemporaryDirectory()
    return SmallDisk(path: directory.path) != nil
  }()

  private let path: String

  init?(path: String) {
    self.path = path
    guard geteuid() == 0, unsafe mount("none", path, "tmpfs", 0, "size=64k") == 0 else { return nil }
  }

  deinit { _ = unsafe umount2(path, Int32(MNT_DETACH)) }
}

/// The programs of the system.
enum Shell {
  /// What a command writes; `nil` when it fails.
  static func run(_ command: String) -> String? {
    guard let pipe = unsafe popen(command, "r") else { return nil }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = unsafe fread(&buffer, 1, buffer.count, pipe), count > 0 { output += buffer[..<count] }
    return unsafe pclose(pipe) == 0 ? String(decoding: output, as: UTF8.self) : nil
  }
}

/// The program at the other end of a Unix socket. Nothing here waits longer than five seconds.
final class TestClient {
  private let descriptor: Int32
  private var pending: [UInt8] = []

  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let address = try unwrap(UnixSocketAddress(path: path))
    guard unsafe address.withSockaddr({ unsafe connect(descriptor, $0, $1) }) == 0 else {
      throw SocketFailure(errno: errno)
    }
    var limit = timeval(tv_sec: 5, tv_usec: 0)
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  func send(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) {
    _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  func endSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next line; `nil` at the end, or after five seconds of nothing.
  func line() -> String? {
    while true {
      if let end = pending.firstIndex(of: 0x0A) {
        let line = String(decoding: pending[..<end], as: UTF8.self)
        pending.removeFirst(end + 1)
        return line
      }
      guard receiveMore() else { return nil }
    }
  }

  /// Everything up to the end of the connection.
  func linesToEnd() -> [String] {
    while receiveMore() {}
    let lines = String(decoding: pending, as: UTF8.self).split(separator: "\n").map(String.init)
    pending = []
    return lines
  }

  func ask(_ request: String) -> String? {
    send(request + "\n")
    return line()
  }

  private func receiveMore() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return false }
    pending.append(contentsOf: buffer[..<count])
    return true
  }
}

/// The system refused what a test needs.
struct SocketFailure: Error {
  let errno: Int32
}

struct MissingValue: Error {}

func unwrap<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw MissingValue() }
  return value
}
