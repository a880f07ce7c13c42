import Dispatch
import Glibc
import Ingest
import Testing

/// A file that is gone when the test is.
final class TemporaryFile {
  let path: String

  init(_ bytes: [UInt8] = []) throws {
    var template = Array("/tmp/ingest-test-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&template)
    try #require(descriptor >= 0)
    path = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
    let written = unsafe write(descriptor, bytes, bytes.count)
    close(descriptor)
    try #require(written == bytes.count)
  }

  deinit { unsafe unlink(path) }

  func contents() throws -> [UInt8] {
    var contents: [UInt8] = []
    let stream = try ByteStreamReader.open(path: path)
    while try stream.next(upTo: 65_536, { contents += [UInt8](copying: $0) }) {}
    return contents
  }
}

/// A pipe that another thread writes bytes into, in parts of odd sizes, and closes.
func pipe(feeding bytes: [UInt8], bufferByteCount: Int = ByteStreamReader.defaultBufferByteCount) throws
  -> ByteStreamReader
{
  var ends: [Int32] = [0, 0]
  try #require(unsafe pipe(&ends) == 0)
  let (reading, writing) = (ends[0], ends[1])
  DispatchQueue.global().async { @Sendable in
    var offset = 0
    var size = 1
    while offset < bytes.count {
      let count = min(size, bytes.count - offset)
      let written = unsafe bytes.withUnsafeBytes { unsafe write(writing, $0.baseAddress?.advanced(by: offset), count) }
      guard written > 0 else { break }
      offset += written
      size = size % 5000 + 777
    }
    close(writing)
  }
  return ByteStreamReader(fileDescriptor: reading, path: "pipe", closing: true, bufferByteCount: bufferByteCount)
}
