import CCSDSCoding
import CLibfec

/// Reed–Solomon codeblocks, clean and damaged, beside libfec, which decodes the same codewords one by one.
enum ReedSolomonBenchmark {
  private static let codeblockCount = 256

  static func contests() -> [Contest] {
    [5, 4].flatMap { depth in
      [0, 4, 16].map { contest(depth: depth, errorCount: $0) }
    }
  }

  private static func contest(depth: Int, errorCount: Int) -> Contest {
    var parameters = ReedSolomonParameters()
    parameters.interleavingDepth = depth
    let codeblocks = damagedCodeblocks(parameters, errorCount: errorCount)
    let kernels = ReedSolomonKernel.allCases.filter(\.isAvailable)
    return Contest(
      name: "rs E=16 I=\(depth), \(errorCount) errors per codeword", byteCount: codeblocks.count, unit: "codeword",
      unitCount: codeblockCount * depth, reference: oracle(codeblocks, depth: depth),
      contenders: kernels.map { contender($0, codeblocks, parameters) })
  }

  private static func contender(
    _ kernel: ReedSolomonKernel, _ codeblocks: [UInt8], _ parameters: ReedSolomonParameters
  ) -> Contender {
    let bench = ReedSolomonBench(parameters, kernel, codeblocks)
    return Contender(name: "\(kernel)", prepare: { bench.refill(codeblocks) }, run: { bench.decode() })
  }

  /// The library takes a codeword at a time; taking them out and putting them back is part of the work.
  private static func oracle(_ codeblocks: [UInt8], depth: Int) -> Contender {
    let bench = ReedSolomonBench(codeblocks: codeblocks)
    return Contender(
      name: "libfec", prepare: { bench.refill(codeblocks) }, run: { bench.decodeByLibrary(depth: depth) })
  }

  /// Each codeword with as many wrong symbols as said, at random places.
  private static func damagedCodeblocks(_ parameters: ReedSolomonParameters, errorCount: Int) -> [UInt8] {
    let depth = parameters.interleavingDepth
    let encoder = ReedSolomonEncoder(parameters)
    let frames = BenchmarkInput.bytes(codeblockCount * parameters.largestFrameByteCount)
    // Places and values of the errors come out of the same bytes, as good as any.
    var choices = frames.reversed().makeIterator()
    var codeblocks: [UInt8] = []
    for start in stride(from: 0, to: frames.count, by: parameters.largestFrameByteCount) {
      var codeblock = encoder.codeblock(of: Array(frames[start..<start + parameters.largestFrameByteCount]))
      for codeword in 0..<depth {
        var damaged = Set<Int>()
        while damaged.count < errorCount, let symbol = choices.next(), let value = choices.next() {
          guard symbol < 255, value != 0, damaged.insert(Int(symbol)).inserted else { continue }
          codeblock[Int(symbol) * depth + codeword] ^= value
        }
      }
      codeblocks += codeblock
    }
    return codeblocks
  }
}

/// The room that one contender decodes in.
private final class ReedSolomonBench {
  private var bytes: [UInt8]
  private var corrections: [CodewordCorrections] = []
  private var decoder: ReedSolomonDecoder?
  private var stride = 0
  private var codeword = [UInt8](repeating: 0, count: 255)

  init(codeblocks: [UInt8]) { bytes = codeblocks }

  convenience init(_ parameters: ReedSolomonParameters, _ kernel: ReedSolomonKernel, _ codeblocks: [UInt8]) {
    self.init(codeblocks: codeblocks)
    decoder = ReedSolomonDecoder(parameters, kernel: kernel)
    stride = parameters.codeblockByteCount
    let clean = CodewordCorrections(count: parameters.interleavingDepth)
    corrections = [CodewordCorrections](repeating: clean, count: codeblocks.count / stride)
  }

  func refill(_ codeblocks: [UInt8]) {
    for index in codeblocks.indices { bytes[index] = codeblocks[index] }
  }

  /// The symbols corrected.
  func decode() -> UInt64 {
    var span = bytes.mutableSpan
    var rawSpan = unsafe span.mutableBytes
    decoder?.decode(&rawSpan, stride: stride, range: corrections.indices, corrections: &corrections)
    return corrections.reduce(0) { $0 + UInt64($1.correctedSymbolCount) }
  }

  func decodeByLibrary(depth: Int) -> UInt64 {
    var correctedSymbolCount: UInt64 = 0
    for start in Swift.stride(from: 0, to: bytes.count, by: 255 * depth) {
      for first in start..<start + depth {
        for symbol in 0..<255 { codeword[symbol] = bytes[first + symbol * depth] }
        let count = unsafe decode_rs_ccsds(&codeword, nil, 0, 0)
        guard count > 0 else { continue }
        correctedSymbolCount += UInt64(count)
        for symbol in 0..<255 { bytes[first + symbol * depth] = codeword[symbol] }
      }
    }
    return correctedSymbolCount
  }
}
