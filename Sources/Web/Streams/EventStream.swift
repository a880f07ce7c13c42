import NIOCore
import Publish

/// One client that is told events as they come. Confined to the server's thread.
struct EventStream {
  /// What is handed to the kernel at a time.
  private static let writeByteCount = 32 << 10

  let channel: any Channel
  var watch: EventWatch
  var queue: OutboundQueue
  /// Whether what it was given last is still on its way.
  var isWriting = false
  /// Whether somebody is about to give it what waits.
  var isDue = false
  /// When it last took anything, or was last idle, by the clock that is never set.
  var progressTime: Int64
  /// When it was last told anything.
  var wordTime: Int64

  init(_ channel: any Channel, _ watch: EventWatch, byteCount: Int, now: Int64) {
    self.channel = channel
    self.watch = watch
    queue = OutboundQueue(capacity: byteCount) { StreamMessage.lost($0) }
    (progressTime, wordTime) = (now, now)
  }

  /// Adds a message; what there is no room for makes older ones give way.
  mutating func add(_ bytes: [UInt8], kind: OutboundQueue.Kind, at now: Int64) {
    if queue.isEmpty, !isWriting { progressTime = now }
    queue.append(bytes, kind: kind)
    wordTime = now
  }

  /// Takes what is to be written next; `nil` when there is nothing, or when it is not done with the last.
  mutating func take(_ allocator: ByteBufferAllocator) -> ByteBuffer? {
    guard !isWriting, !queue.isEmpty else { return nil }
    var buffer = allocator.buffer(capacity: min(queue.byteCount + 64, Self.writeByteCount))
    while buffer.readableBytes < Self.writeByteCount, let next = queue.next() {
      let piece = next.bytes[next.offset...].prefix(Self.writeByteCount - buffer.readableBytes)
      buffer.writeBytes(piece)
      queue.advance(by: piece.count)
    }
    isWriting = true
    return buffer
  }
}
