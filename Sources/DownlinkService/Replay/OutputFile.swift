import CCSDSWire
import Glibc

/// A file that is written from front to back through one buffer.
final class OutputFile {
  private static let bufferByteCount = 256 << 10

  let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// Why writing stopped: the file holds everything before that.
  private(set) var failure: ServiceError?

  /// Creates the file, or empties the one that is there.
  init(path: String) throws(ServiceError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw .cannotCreate(path: path, errno: errno) }
    self.path = path
    self.descriptor = descriptor
    buffer.reserveCapacity(Self.bufferByteCount)
  }

  deinit { close(descriptor) }

  func append(_ bytes: RawSpan) {
    if buffer.count + bytes.byteCount > Self.bufferByteCount { flush() }
    unsafe bytes.withUnsafeBytes { unsafe buffer.append(contentsOf: $0) }
  }

  func append(line: String) {
    if buffer.count + line.utf8.count > Self.bufferByteCount { flush() }
    buffer.append(contentsOf: line.utf8)
    buffer.append(UInt8(ascii: "\n"))
  }

  func append(_ text: StaticString) {
    if buffer.count + text.utf8CodeUnitCount > Self.bufferByteCount { flush() }
    text.withUTF8Buffer { unsafe buffer.append(contentsOf: $0) }
  }

  /// A text and a decimal number behind it.
  func append(_ text: StaticString, _ number: Int) {
    append(text)
    if buffer.count + Self.longestNumberByteCount > Self.bufferByteCount { flush() }
    if number < 0 { buffer.append(UInt8(ascii: "-")) }
    // From the first digit on: to turn them round would make a copy of the buffer.
    var unit: UInt = 1
    while number.magnitude / unit >= 10 { unit *= 10 }
    while unit > 0 {
      buffer.append(UInt8(ascii: "0") + UInt8(number.magnitude / unit % 10))
      unit /= 10
    }
  }

  private static let longestNumberByteCount = 20

  /// Writes what is still in the buffer, and says whether all could be written.
  func finish() throws(ServiceError) {
    flush()
    if let failure { throw failure }
  }

  private func flush() {
    var written = 0
    while written < buffer.count, failure == nil {
      let count = unsafe buffer.withUnsafeBytes { bytes in
        unsafe write(descriptor, bytes.baseAddress.map { unsafe $0 + written }, bytes.count - written)
      }
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        failure = .cannotWrite(path: path, errno: errno)
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
