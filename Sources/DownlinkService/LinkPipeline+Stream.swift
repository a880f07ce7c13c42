package import CCSDSLink
import LinkHealth

/// Streams of frames of fixed length.
extension LinkPipeline {
  /// Takes the next bytes of a stream: of a connection or a file.
  package mutating func receive(stream bytes: RawSpan, at time: ReceptionTime?) {
    guard case .frames(let parameters) = parameters else { return }
    unsafe bytes.withUnsafeBytes { unsafe incompleteFrame.append(contentsOf: $0) }
    let byteCount = parameters.frameByteCount
    while incompleteFrame.count >= byteCount {
      let frame = Array(incompleteFrame.prefix(byteCount))
      unsafe receive(frame.span.bytes, UnitDescription(time: time, originalByteCount: byteCount))
      incompleteFrame.removeFirst(byteCount)
    }
  }

  /// The stream broke: what is incomplete is given up, and what comes next begins anew.
  package mutating func breakStream() {
    guard !incompleteFrame.isEmpty else { return }
    let rest = incompleteFrame
    incompleteFrame = []
    unsafe receive(rest.span.bytes, UnitDescription(originalByteCount: rest.count, rejection: .truncated))
  }

  /// Delivers what is decoded together: call after each batch of datagrams or read of a stream.
  package mutating func flush() {}
}
