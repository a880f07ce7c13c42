import CKernels

/// The decoder in C, 32 codewords at a time.
@safe
struct AVX2ReedSolomonDecoder: ~Copyable {
  private let parameters: ReedSolomonParameters
  private let decoder: OpaquePointer
  private let batchCount: Int

  init(_ parameters: ReedSolomonParameters) {
    ReedSolomonCode.check(parameters)
    let decoder = unsafe ckernels_reed_solomon_create(
      Int32(parameters.capability.rawValue), Int32(parameters.interleavingDepth),
      Int32(parameters.virtualFillSymbolCount), parameters.basis == .dual ? 1 : 0)
    guard let decoder = unsafe decoder else { preconditionFailure("there is memory for a decoder") }
    self.parameters = parameters
    unsafe self.decoder = decoder
    batchCount = unsafe ckernels_reed_solomon_batch(decoder)
  }

  deinit { unsafe ckernels_reed_solomon_destroy(decoder) }

  /// The range has been checked.
  mutating func decode(
    _ slab: inout MutableRawSpan, stride: Int, range: Range<Int>, corrections: inout [CodewordCorrections]
  ) {
    let decoder = unsafe decoder
    let batchCount = batchCount
    let depth = parameters.interleavingDepth
    unsafe slab.withUnsafeMutableBytes { bytes in
      guard let start = unsafe bytes.assumingMemoryBound(to: UInt8.self).baseAddress else { return }
      var found = InlineArray<32, UInt64>(repeating: 0)
      for first in Swift.stride(from: range.lowerBound, to: range.upperBound, by: batchCount) {
        let count = min(batchCount, range.upperBound - first)
        var span = found.mutableSpan
        unsafe span.withUnsafeMutableBufferPointer { found in
          unsafe ckernels_reed_solomon_decode(decoder, start + first * stride, stride, count, found.baseAddress)
        }
        for index in 0..<count { corrections[first + index] = CodewordCorrections(count: depth, packed: found[index]) }
      }
    }
  }
}
