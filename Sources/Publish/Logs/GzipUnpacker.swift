import CZlib

/// Unpacks one gzip member, whatever its bytes are, and checks the sum and the length that it ends with.
@safe
final class GzipUnpacker {
  /// How far it has come.
  enum State: Equatable {
    /// More bytes are needed.
    case unfinished
    /// The member is whole.
    case finished
    /// These bytes are no gzip member, or a damaged one.
    case damaged
  }

  private static let roomByteCount = 64 << 10

  /// How far it has come.
  private(set) var state = State.unfinished
  private let stream: UnsafeMutablePointer<z_stream>
  private var room = [UInt8](repeating: 0, count: roomByteCount)

  init() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    if unsafe gzip_unpack_init(stream) != Z_OK { state = .damaged }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Unpacks the next bytes. What follows a whole member is damage.
  func unpack(_ bytes: [UInt8], _ take: (ArraySlice<UInt8>) -> Void) {
    var input = bytes
    unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe stream.pointee.next_in = input.baseAddress
      unsafe stream.pointee.avail_in = UInt32(input.count)
      guard state != .finished else {
        state = .damaged
        return
      }
      while state == .unfinished, turn(take) {}
      if state == .finished, unsafe stream.pointee.avail_in > 0 { state = .damaged }
    }
  }

  /// - Returns: Whether there may be more to take without more bytes.
  private func turn(_ take: (ArraySlice<UInt8>) -> Void) -> Bool {
    let result = unsafe room.withUnsafeMutableBufferPointer { room in
      unsafe stream.pointee.next_out = room.baseAddress
      unsafe stream.pointee.avail_out = UInt32(room.count)
      return unsafe inflate(stream, Z_NO_FLUSH)
    }
    let count = unsafe Self.roomByteCount - Int(stream.pointee.avail_out)
    if count > 0 { take(room[..<count]) }
    switch result {
    case Z_OK: return count > 0
    case Z_STREAM_END: state = .finished
    case Z_BUF_ERROR: break
    default: state = .damaged
    }
    return false
  }
}

/// What stands before the packed bytes of a gzip member.
///
///     |1F 8B|method 8|flags 8|time 32|extra flags 8|system 8| extra field, name, comment, sum, as the flags say ...
///
/// Standard: RFC 1952 §2.3.
enum GzipHeader {
  private static let fixedByteCount = 10
  private static let extraFlag: UInt8 = 4
  private static let nameFlag: UInt8 = 8
  private static let commentFlag: UInt8 = 16

  /// The comment of a member that begins with these bytes, if it has one and it ends within them.
  static func comment(in bytes: [UInt8]) -> String? {
    guard bytes.count >= fixedByteCount, bytes.starts(with: [0x1F, 0x8B, 8]) else { return nil }
    let flags = bytes[3]
    var rest = bytes[fixedByteCount...]
    if flags & extraFlag != 0 {
      guard rest.count >= 2 else { return nil }
      let byteCount = Int(rest[rest.startIndex]) | Int(rest[rest.startIndex + 1]) << 8
      rest = rest.dropFirst(2 + byteCount)
    }
    if flags & nameFlag != 0 {
      guard let end = rest.firstIndex(of: 0) else { return nil }
      rest = rest[(end + 1)...]
    }
    guard flags & commentFlag != 0, let end = rest.firstIndex(of: 0) else { return nil }
    return String(decoding: rest[..<end], as: UTF8.self)
  }
}
