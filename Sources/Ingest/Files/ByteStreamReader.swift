internal import Glibc

/// Bytes of a file, a pipe or standard input through one buffer: any size at constant memory.
///
/// It blocks while a pipe has nothing to give. One owner uses it, from one queue.
@safe package final class ByteStreamReader {
  /// Enough that a system call is paid for many frames, and little enough to stay in the cache.
  package static let defaultBufferByteCount = 256 << 10

  /// What messages call it.
  package let path: String
  /// How many bytes there are to come at the beginning, where that can be known: for a regular file.
  package let totalByteCount: Int?
  /// Bytes that have been handed on.
  package private(set) var consumedByteCount = 0

  private let fileDescriptor: Int32
  private let closesDescriptor: Bool
  private var buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var isAtEnd = false
  private(set) var failure: IngestError?

  /// Opens a file; `-` is standard input.
  package static func open(path: String) throws(IngestError) -> ByteStreamReader {
    if path == "-" { return ByteStreamReader(fileDescriptor: STDIN_FILENO, path: "standard input", closing: false) }
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, errno: errno) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      close(descriptor)
      throw .cannotOpen(path: path, errno: EISDIR)
    }
    return ByteStreamReader(fileDescriptor: descriptor, path: path, closing: true)
  }

  /// Reads from a descriptor that is open already.
  package init(
    fileDescriptor: Int32, path: String, closing: Bool, bufferByteCount: Int = defaultBufferByteCount
  ) {
    self.fileDescriptor = fileDescriptor
    self.path = path
    closesDescriptor = closing
    totalByteCount = Self.remainingByteCount(of: fileDescriptor)
    unsafe buffer = .allocate(byteCount: max(bufferByteCount, InputFileKind.prefixByteCount), alignment: 64)
  }

  deinit {
    unsafe buffer.deallocate()
    if closesDescriptor { close(fileDescriptor) }
  }

  /// What the stream holds, told by its first bytes, which stay to be read.
  package func detectKind() throws(IngestError) -> InputFileKind {
    try fill(InputFileKind.prefixByteCount)
    return InputFileKind(detecting: available(InputFileKind.prefixByteCount))
  }

  /// Lends the next bytes as they come, at most `maximumByteCount` of them.
  /// - Returns: False at the end, when nothing was lent.
  package func next(upTo maximumByteCount: Int, _ body: (RawSpan) -> Void) throws(IngestError) -> Bool {
    try fill(1)
    return lend(min(maximumByteCount, end - start), body)
  }

  /// Makes the buffer hold at least this much, for units that are lent whole.
  func reserve(_ byteCount: Int) {
    guard unsafe byteCount > buffer.count else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
    unsafe buffer.deallocate()
    unsafe buffer = larger
    end -= start
    start = 0
  }

  /// Reads until so many bytes are there, or no more come.
  /// - Returns: How many of them are there.
  @discardableResult
  func fill(_ byteCount: Int) throws(IngestError) -> Int {
    while end - start < byteCount, !isAtEnd { try readSome(toHold: byteCount) }
    return min(end - start, byteCount)
  }

  /// The next bytes, which stay to be read; fewer when `fill` found fewer.
  @_lifetime(borrow self)
  func available(_ maximumByteCount: Int) -> RawSpan {
    let count = min(maximumByteCount, end - start)
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: buffer[start..<(start + count)])
    return unsafe _overrideLifetime(RawSpan(_unsafeBytes: bytes), borrowing: self)
  }

  /// Hands on bytes that `fill` has made available.
  func lend(_ byteCount: Int, _ body: (RawSpan) -> Void) -> Bool {
    guard byteCount > 0 else { return false }
    let bytes = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: buffer[start..<(start + byteCount)]))
    start += byteCount
    consumedByteCount += byteCount
    body(bytes)
    return true
  }

  /// Hands on a copy of bytes, as `read` does: 0 at the end, -1 with `failure` set.
  func copy(into destination: UnsafeMutableRawBufferPointer) -> Int {
    do throws(IngestError) {
      if start == end, !isAtEnd {
        let count = try unsafe read(into: destination)
        isAtEnd = count == 0
        consumedByteCount += count
        return count
      }
    } catch { return -1 }
    let count = min(destination.count, end - start)
    unsafe destination.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<(start + count)]))
    start += count
    consumedByteCount += count
    return count
  }

  private func readSome(toHold byteCount: Int) throws(IngestError) {
    if start == end {
      start = 0
      end = 0
    } else if unsafe start + byteCount > buffer.count {
      unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
      end -= start
      start = 0
    }
    let count = unsafe try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
    end += count
    isAtEnd = count == 0
  }

  /// One `read`, taken up again where a signal or an empty non-blocking pipe ended it.
  private func read(into destination: UnsafeMutableRawBufferPointer) throws(IngestError) -> Int {
    if let failure { throw failure }
    while true {
      let count = unsafe Glibc.read(fileDescriptor, destination.baseAddress, destination.count)
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: waitUntilReadable()
      case let number:
        let failed = IngestError.cannotRead(path: path, byteOffset: consumedByteCount + end - start, errno: number)
        failure = failed
        throw failed
      }
    }
  }

  /// Standard input may have been made non-blocking by whoever shares it.
  private func waitUntilReadable() {
    var wanted = pollfd(fd: fileDescriptor, events: Int16(POLLIN), revents: 0)
    _ = unsafe poll(&wanted, 1, -1)
  }

  private static func remainingByteCount(of descriptor: Int32) -> Int? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let position = lseek(descriptor, 0, SEEK_CUR)
    return position >= 0 ? max(0, Int(status.st_size) - Int(position)) : nil
  }
}
