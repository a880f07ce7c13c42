import Glibc
import Publish
import TestSupport

/// Asks a running daemon for its status.
enum StatusQuestion {
  static func ask(_ path: String) throws -> JSONValue {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    guard let address = UnixSocketAddress(path: path),
      unsafe address.withSockaddr({ unsafe connect(descriptor, $0, $1) }) == 0
    else { throw PeerError.system("connect", errno) }
    let question = Array("status\n".utf8)
    guard unsafe write(descriptor, question, question.count) == question.count else {
      throw PeerError.system("write", errno)
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    // The greeting is a line, and so is the answer.
    while bytes.count(where: { $0 == UInt8(ascii: "\n") }) < 2 {
      let count = unsafe read(descriptor, &buffer, buffer.count)
      guard count > 0 else { throw PeerError.system("read", errno) }
      bytes += buffer[..<count]
    }
    let answer = try JSONReader.read(Array(bytes.split(separator: UInt8(ascii: "\n"))[1]))
    guard let result = answer["result"] else { throw PeerError.nothingHappened }
    return result
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
