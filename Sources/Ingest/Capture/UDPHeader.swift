/// The header of a UDP datagram, and its payload.
///
///     |source port 16|destination port 16|length 16|checksum 16|
///
/// The checksum is not looked at: captures made by the sender hold what its network card had yet to fill in.
struct UDPHeader: Equatable {
  var sourcePort: UInt16
  var destinationPort: UInt16
  /// The payload that was captured.
  var payload: Range<Int>
  /// The payload that was sent.
  var originalByteCount: Int

  /// - Parameters:
  ///   - datagram: What was captured of it, perhaps with padding behind.
  ///   - declaredByteCount: What the IP packet says its length is.
  /// - Returns: Nothing when the header is cut or its length contradicts the IP packet's.
  init?(_ datagram: RawSpan, declaredByteCount: Int) {
    guard datagram.byteCount >= Self.byteCount, declaredByteCount >= Self.byteCount else { return nil }
    let length = Int(datagram.bigEndian16(at: 4))
    // Length 0 is a jumbogram, or left to the network card: then it is the rest of the IP packet.
    let datagramByteCount = length == 0 ? declaredByteCount : length
    guard datagramByteCount >= Self.byteCount, datagramByteCount <= declaredByteCount else { return nil }
    sourcePort = datagram.bigEndian16(at: 0)
    destinationPort = datagram.bigEndian16(at: 2)
    payload = Self.byteCount..<min(datagram.byteCount, datagramByteCount)
    originalByteCount = datagramByteCount - Self.byteCount
  }

  private static let byteCount = 8
}
