internal import CCSDSCoding

/// Which Reed-Solomon codes go with frames of one length, for hints.
struct ReedSolomonAdvice {
  typealias Code = ReedSolomonParameters

  let frameByteCount: Int
  let capability: Code.Capability
  /// Zero where there is no marker.
  let markerByteCount: Int

  /// Why frames of this length do not fill codeblocks; nothing when they do.
  func misfit(_ code: Code, writtenFill: Int?) -> String? {
    let (capacity, depth) = (code.largestFrameByteCount, code.interleavingDepth)
    let fill = capacity - frameByteCount
    if let writtenFill {
      if writtenFill % depth != 0 { return "virtual_fill \(writtenFill) is not a multiple of interleave \(depth)" }
      guard writtenFill != fill else { return nil }
      return
        "frames.length \(frameByteCount) and virtual_fill \(writtenFill) are \(frameByteCount + writtenFill) bytes,"
        + " but interleave \(depth) takes \(capacity)"
    }
    if fill < 0 { return "frames.length \(frameByteCount) is more than interleave \(depth) takes: \(capacity) bytes" }
    guard fill % depth != 0 else { return nil }
    return
      "interleave \(depth) takes \(capacity) bytes; frames.length \(frameByteCount) leaves a virtual fill of \(fill),"
      + " which is not a multiple of \(depth)"
  }

  /// What to write where the depth is missing; nothing where no depth fits.
  var depthHint: String? {
    guard let depth = depthWithoutFill(capability) ?? depthWithFill else { return nil }
    return "write 'interleave: \(depth)', which goes with frames.length \(frameByteCount)"
  }

  /// What would fit, or which lengths do.
  ///
  /// - Parameter depth: The one that was written.
  func hint(_ depth: Int) -> String {
    if let depth = depthWithoutFill(capability) {
      return "frames.length \(frameByteCount) goes with interleave \(depth) (no virtual fill)"
    }
    let other: Code.Capability = capability == .sixteen ? .eight : .sixteen
    if let depth = depthWithoutFill(other) {
      return "frames.length \(frameByteCount) goes with errors \(other.rawValue) and interleave \(depth)"
        + " (no virtual fill)"
    }
    if let hint = codeblockHint(depth) { return hint }
    if let depth = depthWithFill {
      let fill = capacity(depth) - frameByteCount
      return "frames.length \(frameByteCount) goes with interleave \(depth) (virtual_fill \(fill))"
    }
    return "interleave \(depth) takes frames of \(capacity(depth)) bytes, less a multiple of \(depth)"
  }

  // MARK: Helpers

  private func capacity(_ depth: Int) -> Int { (255 - capability.paritySymbolCount) * depth }

  private func depthWithoutFill(_ capability: Code.Capability) -> Int? {
    Code.interleavingDepths.first { (255 - capability.paritySymbolCount) * $0 == frameByteCount }
  }

  private var depthWithFill: Int? {
    Code.interleavingDepths.first { capacity($0) >= frameByteCount && frameByteCount % $0 == 0 }
  }

  /// What to write where the length is that of a whole codeblock or CADU.
  private func codeblockHint(_ written: Int) -> String? {
    for depth in Code.interleavingDepths {
      let codeblock = Code.codewordSymbolCount * depth
      guard [codeblock, codeblock + markerByteCount].contains(frameByteCount) else { continue }
      let parts = frameByteCount == codeblock ? "parity" : "parity and sync marker"
      let also = depth == written ? "" : " and 'interleave: \(depth)'"
      return "write 'length: \(capacity(depth))'\(also): a frame is counted without \(parts)"
    }
    return nil
  }
}
