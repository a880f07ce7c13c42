import CCSDSCoding
import CKernels
import TestSupport
import Testing

@Suite("Reed–Solomon kernels, CCSDS 131.0-B-5 §4")
struct ReedSolomonKernelTests {
  /// Codeblocks in a row with gaps between them, damaged at random.
  private struct Slab {
    var parameters: ReedSolomonParameters
    var stride: Int
    var count: Int
    var sent: [UInt8]
    var received: [UInt8]
    /// By codeblock and codeword.
    var errorCounts: [[Int]]

    init(_ parameters: ReedSolomonParameters, count: Int, _ generator: inout SeededGenerator) {
      self.parameters = parameters
      self.count = count
      stride = parameters.codeblockByteCount + Int.random(in: 0...9, using: &generator)
      let encoder = ReedSolomonEncoder(parameters)
      sent = []
      for _ in 0..<count {
        sent += encoder.codeblock(
          of: generator.bytes(parameters.codeblockByteCount - parameters.parityByteCount))
        sent += generator.bytes(stride - parameters.codeblockByteCount)
      }
      // Nothing lies behind the last codeblock.
      sent.removeLast(stride - parameters.codeblockByteCount)
      received = sent
      errorCounts = []
      for block in 0..<count {
        let base = block * stride
        errorCounts.append(
          (0..<parameters.interleavingDepth).map { codeword in
            damage(base + codeword, most: parameters.capability.rawValue + 2, &generator)
          })
      }
    }

    /// No error in one codeword of three; else any number of them.
    private mutating func damage(_ start: Int, most: Int, _ generator: inout SeededGenerator) -> Int {
      guard Int.random(in: 0..<3, using: &generator) > 0 else { return 0 }
      let errorCount = Int.random(in: 1...most, using: &generator)
      var symbols = Set<Int>()
      while symbols.count < errorCount {
        symbols.insert(Int.random(in: 0..<parameters.sentSymbolCount, using: &generator))
      }
      for symbol in symbols {
        received[start + symbol * parameters.interleavingDepth] ^= UInt8.random(in: 1...255, using: &generator)
      }
      return errorCount
    }
  }

  @Test("a process that is told to does without every special kernel")
  func canBeForcedPortable() async {
    await #expect(processExitsWith: .success) {
      ckernels_force_portable()
      precondition(ReedSolomonKernel.best == .portable && ErrorControlKernel.best == .portable)
      precondition(ckernels_has_avx2() == 0 && ckernels_has_pclmul() == 0)
    }
  }

  private static let configurations = ReedSolomonParameters.interleavingDepths.flatMap { depth in
    ReedSolomonParameters.Capability.allCases.map { (depth, $0) }
  }

  @Test("every kernel corrects what can be corrected, alike on any range of any slab", arguments: configurations)
  func kernelsAgree(depth: Int, capability: ReedSolomonParameters.Capability) {
    var generator = SeededGenerator(seed: UInt64(depth * 100 + capability.rawValue))
    for round in 0..<60 {
      let largestFill = 254 - capability.paritySymbolCount
      let fill = [0, 1, 3, largestFill, Int.random(in: 0...largestFill, using: &generator)][round % 5]
      let basis: ReedSolomonParameters.Basis = round % 2 == 0 ? .dual : .conventional
      let parameters = ReedSolomonParameters(capability, depth: depth, basis, fill: fill)
      let slab = Slab(parameters, count: Int.random(in: 1...70, using: &generator), &generator)
      let begin = Int.random(in: 0..<slab.count, using: &generator)
      let range = begin..<Int.random(in: begin + 1...slab.count, using: &generator)
      var results: [(bytes: [UInt8], corrections: [CodewordCorrections])] = []
      for kernel in ReedSolomonKernel.available {
        var decoder = ReedSolomonDecoder(parameters, kernel: kernel)
        // Twice, so that what the first left behind is there for the second.
        _ = decode(slab.received, &decoder, stride: slab.stride, range: 0..<slab.count)
        results.append(decode(slab.received, &decoder, stride: slab.stride, range: range))
      }
      for result in results.dropFirst() {
        #expect(result.bytes == results[0].bytes && result.corrections == results[0].corrections, "\(parameters)")
      }
      check(results[0], slab, range)
    }
  }

  private func check(_ result: (bytes: [UInt8], corrections: [CodewordCorrections]), _ slab: Slab, _ range: Range<Int>)
  {
    var expected = slab.received
    let depth = slab.parameters.interleavingDepth
    for block in range {
      for codeword in 0..<depth {
        let errorCount = slab.errorCounts[block][codeword]
        let places = (0..<slab.parameters.sentSymbolCount).map { block * slab.stride + codeword + $0 * depth }
        let found = result.corrections[block][codeword]
        if errorCount <= slab.parameters.capability.rawValue {
          #expect(found == errorCount, "codeword \(codeword) of codeblock \(block), \(slab.parameters)")
          for place in places { expected[place] = slab.sent[place] }
        } else if found != nil {
          // Another codeword was nearer: which one is the oracle's affair.
          for place in places { expected[place] = result.bytes[place] }
        }
      }
    }
    for block in 0..<range.lowerBound { #expect(result.corrections[block].count == 0) }
    #expect(result.bytes == expected, "\(slab.parameters), codeblocks \(range) of \(slab.count)")
  }
}
