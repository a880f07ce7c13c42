import AllocationCounter
import CCSDSCoding
import TestSupport
import Testing

@Suite("What Reed–Solomon decoding proves, and what not, CCSDS 131.0-B-5 §4")
struct ReedSolomonTrapTests {
  typealias Parameters = ReedSolomonParameters

  private static let codes = Parameters.Capability.allCases.flatMap { capability in
    Parameters.Basis.allCases.flatMap { basis in
      ReedSolomonKernel.available.map { (capability, basis, $0) }
    }
  }

  @Test("zeros are a codeword, whatever the code", arguments: codes)
  func acceptsZeros(capability: Parameters.Capability, basis: Parameters.Basis, kernel: ReedSolomonKernel) {
    for fill in [0, 1, 100] {
      let parameters = Parameters(capability, basis, fill: fill)
      let zeros = [UInt8](repeating: 0, count: parameters.codeblockByteCount)
      #expect(decode(zeros, parameters, kernel).corrections.isClean)
    }
  }

  @Test("the complement of a codeword of full length is one, that of a shortened one is not", arguments: codes)
  func tellsNoPolarity(capability: Parameters.Capability, basis: Parameters.Basis, kernel: ReedSolomonKernel) {
    var generator = SeededGenerator(seed: 0xFF)
    for depth in Parameters.interleavingDepths {
      for fill in [0, 20] {
        let parameters = Parameters(capability, depth: depth, basis, fill: fill)
        let frame = generator.bytes(parameters.codeblockByteCount - parameters.parityByteCount)
        let inverted = ReedSolomonEncoder(parameters).codeblock(of: frame).map { ~$0 }
        let outcome = decode(inverted, parameters, kernel)
        #expect(outcome.bytes == inverted)
        #expect(outcome.corrections.isClean == (fill == 0))
        #expect((0..<depth).allSatisfy { outcome.corrections[$0] == (fill == 0 ? 0 : nil) })
      }
    }
  }

  @Test("the other basis, or another depth, leaves nothing that can be corrected", arguments: codes)
  func refusesOtherCodes(capability: Parameters.Capability, basis: Parameters.Basis, kernel: ReedSolomonKernel) {
    var generator = SeededGenerator(seed: 0xBA)
    let sent = Parameters(capability, depth: 4, basis)
    let codeblock = ReedSolomonEncoder(sent).codeblock(of: generator.bytes(sent.largestFrameByteCount))
    var others = [Parameters(capability, depth: 4, basis == .dual ? .conventional : .dual)]
    others += [1, 2].map { Parameters(capability, depth: $0, basis) }
    for parameters in others {
      let outcome = decode(Array(codeblock.prefix(parameters.codeblockByteCount)), parameters, kernel)
      #expect((0..<parameters.interleavingDepth).allSatisfy { outcome.corrections[$0] == nil })
    }
  }

  @Test("an error inside the fill is a failure, though the code could correct it", arguments: codes)
  func refusesErrorsInFill(capability: Parameters.Capability, basis: Parameters.Basis, kernel: ReedSolomonKernel) {
    var generator = SeededGenerator(seed: 0xF1)
    let full = Parameters(capability, basis)
    for fill in [1, 31, 32, 33, 64, 100] {
      // A codeword that is zero before symbol `fill`, but for the one symbol just before it.
      var frame = generator.bytes(full.largestFrameByteCount)
      for symbol in 0..<fill { frame[symbol] = 0 }
      frame[fill - 1] = UInt8.random(in: 1...255, using: &generator)
      var codeblock = ReedSolomonEncoder(full).codeblock(of: frame)
      codeblock[fill - 1] = 0
      #expect(decode(codeblock, full, kernel).corrections[0] == 1)

      let shortened = Array(codeblock.dropFirst(fill))
      let outcome = decode(shortened, Parameters(capability, basis, fill: fill), kernel)
      #expect(outcome.corrections[0] == nil, "fill \(fill)")
      #expect(outcome.bytes == shortened)
    }
  }

  @Test("a burst of E symbols per codeword is corrected wherever it is", arguments: codes)
  func correctsBursts(capability: Parameters.Capability, basis: Parameters.Basis, kernel: ReedSolomonKernel) {
    var generator = SeededGenerator(seed: 0xB5)
    let parameters = Parameters(capability, depth: 5, basis)
    let sent = ReedSolomonEncoder(parameters).codeblock(of: generator.bytes(parameters.largestFrameByteCount))
    let burstByteCount = 5 * capability.rawValue
    for start in 0...sent.count - burstByteCount {
      var received = sent
      for place in start..<start + burstByteCount { received[place] = ~received[place] }
      let outcome = decode(received, parameters, kernel)
      #expect(outcome.bytes == sent && outcome.corrections.correctedSymbolCount == burstByteCount, "from byte \(start)")
    }
  }

  @Test(
    "decoding asks for no memory", .enabled(if: allocation_counter_is_counting(), "a sanitizer has its own allocator"),
    arguments: ReedSolomonKernel.available)
  func takesNoMemory(kernel: ReedSolomonKernel) {
    var generator = SeededGenerator(seed: 0xA1)
    let parameters = Parameters(.sixteen, depth: 5)
    let count = 40
    let sent = ReedSolomonEncoder(parameters).codeblock(of: generator.bytes(parameters.largestFrameByteCount))
    var slab = (0..<count).flatMap { _ in sent }
    var corrections = [CodewordCorrections](repeating: CodewordCorrections(count: 5), count: count)
    var decoder = ReedSolomonDecoder(parameters, kernel: kernel)
    var span = slab.mutableSpan
    var bytes = unsafe span.mutableBytes
    let before = allocation_counter_count()
    for round in 0..<50 {
      // From none to more errors than can be corrected, which then pile up.
      for place in Swift.stride(from: 0, to: bytes.byteCount, by: 200 - round) {
        bytes.storeBytes(of: UInt8(truncatingIfNeeded: place), toByteOffset: place, as: UInt8.self)
      }
      decoder.decode(&bytes, stride: sent.count, range: 0..<count, corrections: &corrections)
    }
    let requests = allocation_counter_count() - before
    #expect(requests == 0)
    #expect(corrections.contains { !$0.isClean })
  }
}
