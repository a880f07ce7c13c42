import Glibc
import Publish
import TestSupport

/// Asks a running daemon.
enum StatusQuestion {
  /// The status.
  static func ask(_ path: String) throws -> JSONValue {
    guard let result = try JSONReader.read(Array(line(path, "status").utf8))["result"] else {
      throw PeerError.nothingHappened
    }
    return result
  }

  /// The reply to one request, as it was written.
  static func line(_ path: String, _ request: String) throws -> String {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    guard let address = UnixSocketAddress(path: path),
      unsafe address.withSockaddr({ unsafe connect(descriptor, $0, $1) }) == 0
    else { throw PeerError.system("connect", errno) }
    let question = Array((request + "\n").utf8)
    guard unsafe write(descriptor, question, question.count) == question.count else {
      throw PeerError.system("write", errno)
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    // The greeting is a line, and so is the answer.
    var lineCount = 0
    while lineCount < 2 {
      let count = unsafe read(descriptor, &buffer, buffer.count)
      guard count > 0 else { throw PeerError.system("read", errno) }
      lineCount += buffer[..<count].count { $0 == UInt8(ascii: "\n") }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes.split(separator: UInt8(ascii: "\n"))[1], as: UTF8.self)
  }
}

extension JSONValue {
  /// The only link of a status.
  var link: JSONValue? {
    guard case .array(let links) = self["links"] else { return nil }
    return links.first
  }

  /// A count that lies some objects deep.
  func count(_ path: String...) -> Int? {
    var value: JSONValue? = self
    for name in path { value = value?[name] }
    return value?.integer
  }
}
