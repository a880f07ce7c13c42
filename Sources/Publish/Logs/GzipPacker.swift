import CZlib

/// Packs a stream of bytes into one gzip member.
@safe
package final class GzipPacker {
  private static let roomByteCount = 64 << 10

  private let stream: UnsafeMutablePointer<z_stream>
  private let header: UnsafeMutablePointer<gz_header>
  private let comment: UnsafeMutablePointer<UInt8>
  private var room = [UInt8](repeating: 0, count: roomByteCount)

  /// A packer whose member carries `comment` in its header; `nil` when there is no memory for it.
  init?(comment text: String) {
    let bytes = Array(text.utf8.filter { $0 != 0 }) + [0]
    unsafe stream = .allocate(capacity: 1)
    unsafe header = .allocate(capacity: 1)
    unsafe comment = .allocate(capacity: bytes.count)
    unsafe stream.initialize(to: z_stream())
    unsafe header.initialize(to: gz_header())
    for (index, byte) in bytes.enumerated() { unsafe comment[index] = byte }
    unsafe header.pointee.os = 3
    unsafe header.pointee.comment = comment
    guard unsafe gzip_pack_init(stream) == Z_OK, unsafe deflateSetHeader(stream, header) == Z_OK else { return nil }
  }

  deinit {
    unsafe deflateEnd(stream)
    unsafe stream.deallocate()
    unsafe header.deallocate()
    unsafe comment.deallocate()
  }

  /// All of it packed; `nil` when there is no memory for that.
  package static func packed(_ bytes: [UInt8]) -> [UInt8]? {
    GzipPacker(comment: "")?.pack(bytes, isLast: true)
  }

  /// Packs the next bytes, or the last ones, and gives what of the member is ready.
  func pack(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
    var packed: [UInt8] = []
    var input = bytes
    unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe stream.pointee.next_in = input.baseAddress
      unsafe stream.pointee.avail_in = UInt32(input.count)
      repeat {
        unsafe room.withUnsafeMutableBufferPointer { room in
          unsafe stream.pointee.next_out = room.baseAddress
          unsafe stream.pointee.avail_out = UInt32(room.count)
          unsafe deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
        }
        unsafe packed.append(contentsOf: room.prefix(Self.roomByteCount - Int(stream.pointee.avail_out)))
      } while unsafe stream.pointee.avail_out == 0
    }
    return packed
  }
}
