/// Frames of one length, one behind the other in a file or a pipe.
package struct FrameFileReader {
  /// What they come from; tells how far reading has got.
  package let stream: ByteStreamReader
  private let frameByteCount: Int

  /// - Parameter frameByteCount: At least 1.
  package init(_ stream: ByteStreamReader, frameByteCount: Int) {
    precondition(frameByteCount > 0)
    self.stream = stream
    self.frameByteCount = frameByteCount
    stream.reserve(frameByteCount)
  }

  /// Lends the next frame. What is left over at the end, being less than a frame, is lent too.
  /// - Returns: False at the end, when nothing was lent.
  package func next(_ body: (RawSpan) -> Void) throws(IngestError) -> Bool {
    try stream.lend(stream.fill(frameByteCount), body)
  }
}
