/// Frames that say their own length, one behind the other in a file or a pipe.
package struct VariableFrameFileReader {
  /// What stands at the front of some bytes.
  package enum Measure: Equatable, Sendable {
    case frame(byteCount: Int)
    /// The bytes end before the length.
    case cutOff
    case notAFrame
  }

  /// What they come from; tells how far reading has got.
  package let stream: ByteStreamReader
  private let longestFrameByteCount: Int
  private let headerByteCount: Int
  private let measure: (RawSpan) -> Measure
  private var hasLostTrack = false

  /// - Parameters:
  ///   - longestFrameByteCount: No frame is longer; at least `headerByteCount`.
  ///   - headerByteCount: So many bytes tell any frame's length.
  ///   - measure: Looks at so many bytes, or at fewer where the file ends.
  package init(
    _ stream: ByteStreamReader, longestFrameByteCount: Int, headerByteCount: Int,
    measure: @escaping (RawSpan) -> Measure
  ) {
    self.stream = stream
    self.longestFrameByteCount = max(longestFrameByteCount, headerByteCount)
    self.headerByteCount = headerByteCount
    self.measure = measure
    stream.reserve(self.longestFrameByteCount)
  }

  /// Lends the next frame, true; or, once something is none, the rest of the file in parts of the longest frame, false.
  /// - Returns: False at the end, when nothing was lent.
  package mutating func next(_ body: (RawSpan, Bool) -> Void) throws(IngestError) -> Bool {
    if !hasLostTrack {
      let available = try stream.fill(headerByteCount)
      guard available > 0 else { return false }
      switch measure(stream.available(available)) {
      case .frame(let byteCount) where 1...longestFrameByteCount ~= byteCount:
        let filled = try stream.fill(byteCount)
        return stream.lend(filled) { body($0, filled == byteCount) }
      case .frame, .cutOff, .notAFrame: hasLostTrack = true
      }
    }
    return try stream.lend(stream.fill(longestFrameByteCount)) { body($0, false) }
  }
}
