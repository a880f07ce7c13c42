import Dispatch
import Glibc

/// One connection to the status socket. Confined to the server's queue.
final class StatusClient {
  let id: Int
  let credentials: UnixSocket.PeerCredentials
  /// Nanoseconds since 1970.
  let connectTime: Int64
  /// The same by the monotonic clock.
  let admissionTime: Int64
  var input = LineBuffer(maximumLineByteCount: StatusRequest.maximumByteCount)
  var output: OutboundQueue
  /// What it watches, if it does.
  var watch: EventWatch?
  /// Whether it has ever sent a request.
  var hasAsked = false
  /// The command it waits for; its other requests wait with it.
  var commandNumber: Int?
  /// The client has ended its side; what it has asked for is still answered.
  var hasEnded = false
  /// Closed as soon as everything is written.
  var isClosing = false
  /// When it last took anything, or was last idle, by the monotonic clock.
  var progressTime: Int64

  let descriptor: Int32
  let readSource: SwitchableSource
  let writeSource: SwitchableSource

  /// How a client's sources find the server again.
  struct Handlers {
    let readable: @Sendable () -> Void
    let writable: @Sendable () -> Void
  }

  /// - Parameter writeDescriptor: A duplicate of `descriptor`, so that each source has one to itself and closes it.
  init(
    id: Int, descriptor: Int32, writeDescriptor: Int32, queue: DispatchQueue, handlers: Handlers,
    outboundByteCount: Int, connectTime: Int64, progressTime: Int64
  ) {
    self.id = id
    self.descriptor = descriptor
    self.connectTime = connectTime
    self.progressTime = progressTime
    admissionTime = progressTime
    credentials = UnixSocket.credentials(of: descriptor)
    output = OutboundQueue(capacity: outboundByteCount)
    readSource = SwitchableSource(
      DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue), handler: handlers.readable,
      closing: descriptor)
    writeSource = SwitchableSource(
      DispatchSource.makeWriteSource(fileDescriptor: writeDescriptor, queue: queue), handler: handlers.writable,
      closing: writeDescriptor)
  }

  /// Writes what the kernel takes.
  func flush(at now: Int64) throws(SocketFailure) {
    while let next = output.next() {
      guard let count = try UnixSocket.send(descriptor, next.bytes, from: next.offset) else { return }
      output.advance(by: count)
      progressTime = now
    }
  }

  func add(_ bytes: [UInt8], kind: OutboundQueue.Kind, at now: Int64) {
    if output.isEmpty { progressTime = now }
    output.append(bytes, kind: kind)
  }

  /// Ends the connection at once; the descriptors are closed when the sources have let go of them.
  func disconnect() {
    _ = shutdown(descriptor, Int32(SHUT_RDWR))
    readSource.cancel()
    writeSource.cancel()
  }
}
