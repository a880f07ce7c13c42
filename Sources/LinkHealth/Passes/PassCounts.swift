import CCSDSCoding
package import CCSDSLink
import CCSDSWire

/// What was counted during a pass, over all channels, from its first good frame to its last.
package struct PassCounts: Sendable, Equatable {
  /// Frames that came in, whatever became of them.
  package var frames = 0
  package var delivered = 0
  package var idle = 0
  package var unlisted = 0
  package var rejections = Tally<FrameRejection>()
  package var codeblocks = 0
  package var uncorrectableCodeblocks = 0
  package var correctedCodewords = 0
  package var correctedSymbols = 0
  package var packets = 0
  package var idlePackets = 0
  package var rejectedPackets = 0
  package var packetByteCount = 0

  package init() {}

  /// Frames and codeblocks of which nothing came.
  package var undecodable: Int { rejections.total + uncorrectableCodeblocks }

  /// Takes what was counted since the last good frame, and begins it anew.
  ///
  /// - Parameter isPlain: Whether nothing but frames and clean codeblocks were counted, as is usual.
  mutating func take(_ tail: inout PassCounts, isPlain: Bool) {
    frames += tail.frames
    tail.frames = 0
    codeblocks += tail.codeblocks
    tail.codeblocks = 0
    guard !isPlain else { return }
    for path in Self.others {
      self[keyPath: path] += tail[keyPath: path]
      tail[keyPath: path] = 0
    }
    for reason in FrameRejection.allCases {
      rejections[reason] += tail.rejections[reason]
      tail.rejections[reason] = 0
    }
  }

  private static var others: [WritableKeyPath<PassCounts, Int>] {
    [
      \.delivered, \.idle, \.unlisted, \.uncorrectableCodeblocks, \.correctedCodewords, \.correctedSymbols, \.packets,
      \.idlePackets, \.rejectedPackets, \.packetByteCount,
    ]
  }

  /// Saves or restores it.
  mutating func archive(_ archive: inout StateArchive) {
    archive.count(&frames)
    archive.count(&codeblocks)
    for path in Self.others { archive.byteCount(&self[keyPath: path]) }
    rejections.archive(&archive)
  }
}
