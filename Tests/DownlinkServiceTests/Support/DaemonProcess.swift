import Foundation
import Glibc
import Publish
import TestSupport

/// The daemon as a process of its own, under a service manager that only listens.
final class DaemonProcess {
  let folder: TemporaryFolder
  let manager: ListeningManager
  private let process = Process()

  /// - Parameters:
  ///   - links: The items of the list of links.
  ///   - eventLog: What an earlier one has left in its log of events.
  init(
    _ links: [String], more: String = "", arguments: [String] = [], environment: [String: String] = [:],
    eventLog: String? = nil
  ) throws {
    folder = try TemporaryFolder()
    manager = try ListeningManager(path: folder.path("notify"))
    try folder.writeStation(links, more: more)
    if let eventLog {
      let directory = folder.path("log")
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
      try Data(eventLog.utf8).write(to: URL(fileURLWithPath: directory + "/events.jsonl"))
    }
    process.executableURL = try Self.executable()
    process.arguments = ["run", "--allow-root", "-c", folder.path("downlinkd.yaml")] + arguments
    process.environment =
      environment.merging(["NOTIFY_SOCKET": folder.path("notify")]) { $1 }.merging(Sanitizer.environment) { $1 }
    process.standardError = FileHandle(forWritingAtPath: try folder.write([], to: "console"))
    try process.run()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  /// The daemon that was built with these tests.
  private static func executable() throws -> URL {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("downlinkd")
  }

  /// What it has said on standard error so far.
  var console: String { String(decoding: folder.bytes(of: "console"), as: UTF8.self) }

  var isRunning: Bool { process.isRunning }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// How many sockets and files it has open; what Dispatch keeps for its own use comes and goes.
  var descriptorCount: Int {
    let folder = "/proc/\(process.processIdentifier)/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.count { name in
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: folder + "/" + name)
      return target?.hasPrefix("anon_inode:") == false
    }
  }

  /// Waits for its end, and gives its exit code.
  func exitCode() -> Int32 {
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }
}

/// A socket such as service managers have, and what daemons tell it.
final class ListeningManager {
  private let descriptor: Int32

  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard let address = UnixSocketAddress(path: path) else { throw CocoaError(.fileWriteInvalidFileName) }
    let result = unsafe address.withSockaddr { unsafe bind(descriptor, $0, $1) }
    guard result == 0 else { throw CocoaError(.fileWriteUnknown) }
  }

  deinit { close(descriptor) }

  /// All that was said and not read yet; nothing is waited for.
  func rest() -> [String] {
    var texts: [String] = []
    while let text = receive(flags: Int32(MSG_DONTWAIT)) { texts.append(text) }
    return texts
  }

  /// Waits for a datagram with these words in it, and gives all up to it. There is no limit but that of the test.
  @discardableResult
  func wait(for words: String) -> [String] {
    var texts: [String] = []
    while texts.last?.contains(words) != true {
      if let text = receive() { texts.append(text) }
    }
    return texts
  }

  private func receive(flags: Int32 = 0) -> String? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe recv(descriptor, &bytes, bytes.count, flags)
    return count >= 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
  }
}
