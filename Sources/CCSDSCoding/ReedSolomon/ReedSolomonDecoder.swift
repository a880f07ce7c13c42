/// Corrects codeblocks in place, as many codewords at a time as its kernel can.
///
/// Owns all the room that takes: decoding asks for no memory.
///
/// Standard: CCSDS 131.0-B-5 §4.
package struct ReedSolomonDecoder: ~Copyable {
  /// What is decoded.
  package let parameters: ReedSolomonParameters
  /// One of the two is there.
  private var vectorized: AVX2ReedSolomonDecoder?
  private var portable: PortableReedSolomonDecoder?

  /// - Parameter kernel: One that this processor can run.
  package init(_ parameters: ReedSolomonParameters, kernel: ReedSolomonKernel = .best) {
    precondition(kernel.isAvailable, "this processor can run the kernel")
    self.parameters = parameters
    switch kernel {
    case .avx2: vectorized = AVX2ReedSolomonDecoder(parameters)
    case .portable: portable = PortableReedSolomonDecoder(parameters)
    }
  }

  /// Corrects the codeblocks of `range`; codeblock i begins at i * `stride` in `slab` and has `codeblockByteCount`
  /// bytes, the interleaved frame and the interleaved parity.
  ///
  /// A codeword with too many errors is left as it was received; the others of its codeblock are still corrected.
  ///
  /// - Parameter corrections: Element i becomes what was found in codeblock i.
  package mutating func decode(
    _ slab: inout MutableRawSpan, stride: Int, range: Range<Int>, corrections: inout [CodewordCorrections]
  ) {
    guard let last = range.last else { return }
    precondition(range.lowerBound >= 0 && last < corrections.count, "every codeblock has its corrections")
    precondition(stride >= parameters.codeblockByteCount, "codeblocks lie apart")
    precondition(
      last * stride <= slab.byteCount - parameters.codeblockByteCount, "every codeblock of the range lies in the slab")
    vectorized?.decode(&slab, stride: stride, range: range, corrections: &corrections)
    portable?.decode(&slab, stride: stride, range: range, corrections: &corrections)
  }
}
