import CCSDSCoding

extension ReedSolomonKernel {
  /// Those that this processor can run.
  static let available = allCases.filter(\.isAvailable)
}

extension ReedSolomonParameters {
  init(
    _ capability: Capability, depth: Int = 1, _ basis: Basis = .dual, fill: Int = 0
  ) {
    self.init()
    self.capability = capability
    interleavingDepth = depth
    self.basis = basis
    virtualFillSymbolCount = fill
  }
}

/// What decoding one codeblock leaves and finds.
func decode(
  _ codeblock: [UInt8], _ parameters: ReedSolomonParameters, _ kernel: ReedSolomonKernel
) -> (bytes: [UInt8], corrections: CodewordCorrections) {
  var decoder = ReedSolomonDecoder(parameters, kernel: kernel)
  let outcome = decode(codeblock, &decoder, stride: codeblock.count, range: 0..<1)
  return (outcome.bytes, outcome.corrections[0])
}

/// What decoding the codeblocks of `range` leaves and finds; codeblocks before it count no codewords.
func decode(
  _ slab: [UInt8], _ decoder: inout ReedSolomonDecoder, stride: Int, range: Range<Int>
) -> (bytes: [UInt8], corrections: [CodewordCorrections]) {
  var bytes = slab
  var corrections = [CodewordCorrections](repeating: CodewordCorrections(count: 0), count: range.upperBound)
  var span = bytes.mutableSpan
  var rawSpan = unsafe span.mutableBytes
  decoder.decode(&rawSpan, stride: stride, range: range, corrections: &corrections)
  return (bytes, corrections)
}
