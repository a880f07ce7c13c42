import Foundation
import Glibc

/// A folder that is gone when the test is.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("service-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Writes a file, and says where it is.
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    try Data(bytes).write(to: url.appendingPathComponent(name))
    return path(name)
  }

  /// The bytes of a file; none when there is no such file.
  func bytes(of name: String) -> [UInt8] {
    (try? Data(contentsOf: url.appendingPathComponent(name))).map { [UInt8]($0) } ?? []
  }

  /// What is in a folder of it.
  func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path(folder))) ?? []).sorted()
  }

  /// A pipe that has a name, into which another thread writes bytes in parts of odd sizes once somebody reads them.
  func pipe(_ name: String, feeding bytes: [UInt8]) throws -> String {
    let path = path(name)
    guard unsafe mkfifo(path, 0o600) == 0 else { throw CocoaError(.fileWriteUnknown) }
    Thread.detachNewThread {
      let descriptor = unsafe open(path, O_WRONLY)
      Self.feed(bytes, to: descriptor)
    }
    return path
  }

  /// Writes bytes in parts of odd sizes, and closes the descriptor.
  static func feed(_ bytes: [UInt8], to descriptor: Int32) {
    var offset = 0
    var size = 1
    while offset < bytes.count {
      let written = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Glibc.write(descriptor, bytes.baseAddress?.advanced(by: offset), min(size, bytes.count - offset))
      }
      guard written > 0 else { break }
      offset += written
      size = size % 5000 + 777
    }
    close(descriptor)
  }
}
