/// What is known of a datagram besides its payload.
package struct DatagramInfo: Equatable, Sendable {
  /// When the kernel, or whoever made the capture, received it, if that is known: nanoseconds since 1970 in UTC.
  package let receivedAtNanoseconds: Int64?
  /// Who sent it.
  package let source: SocketAddress
  /// The port that it was sent to.
  package let destinationPort: UInt16
  /// The payload bytes that were sent, which may be more than were lent.
  package let originalByteCount: Int
  /// The payload was cut: by a receive slot that is too small, or by the snapshot length of a capture.
  package let isTruncated: Bool

  package init(
    receivedAtNanoseconds: Int64?, source: SocketAddress, destinationPort: UInt16, originalByteCount: Int,
    isTruncated: Bool
  ) {
    self.receivedAtNanoseconds = receivedAtNanoseconds
    self.source = source
    self.destinationPort = destinationPort
    self.originalByteCount = originalByteCount
    self.isTruncated = isTruncated
  }
}
