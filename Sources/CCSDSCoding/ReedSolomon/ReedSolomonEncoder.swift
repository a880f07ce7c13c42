import CCSDSWire

/// Computes the parity of codeblocks.
///
/// Standard: CCSDS 131.0-B-5 §4.3.
package struct ReedSolomonEncoder: Sendable {
  private let code: ReedSolomonCode

  package init(_ parameters: ReedSolomonParameters) { code = ReedSolomonCode(parameters) }

  /// What is encoded.
  package var parameters: ReedSolomonParameters { code.parameters }

  /// Writes the parity of a codeblock behind its frame.
  ///
  /// - Parameter codeblock: The frame, and room for the parity, which are exactly `codeblockByteCount` bytes.
  package func encode(_ codeblock: inout MutableRawSpan) {
    let depth = parameters.interleavingDepth
    precondition(codeblock.byteCount == parameters.codeblockByteCount, "a frame and its parity")
    for first in stride(from: 0, to: depth, by: 4) {
      // A codeword too many is done again.
      let codewords: InlineArray<4, Int> = [
        first, min(first + 1, depth - 1), min(first + 2, depth - 1), min(first + 3, depth - 1),
      ]
      let parities = code.parities(in: codeblock.bytes, at: codewords)
      let parityOffset = codeblock.byteCount - parameters.parityByteCount
      for index in codewords.indices {
        for symbol in 0..<parameters.capability.paritySymbolCount {
          codeblock.storeBytes(
            of: parities[index][symbol], toByteOffset: parityOffset + symbol * depth + codewords[index], as: UInt8.self)
        }
      }
    }
  }

  /// The codeblock of a frame.
  ///
  /// - Parameter frame: As many bytes as the code has room for.
  package func codeblock(of frame: [UInt8]) -> [UInt8] {
    var codeblock = frame + [UInt8](repeating: 0, count: parameters.parityByteCount)
    var bytes = codeblock.mutableSpan
    var codeblockBytes = unsafe bytes.mutableBytes
    encode(&codeblockBytes)
    return codeblock
  }
}
