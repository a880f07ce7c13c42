import CCSDSCoding
import TestSupport
import Testing

/// Keeps what a decoder finds, in the order in which it says so.
private struct Collector: CodingSink, ~Copyable {
  var frames: [[UInt8]] = []
  var uncorrectable: [[UInt8]] = []
  var observations: [CodeblockObservation] = []
  var refusedByteCounts: [Int] = []
  var times: [Int64?] = []

  mutating func take(frame: RawSpan, receivedAt: Int64?) {
    frames.append(unsafe frame.withUnsafeBytes { unsafe [UInt8]($0) })
    times.append(receivedAt)
  }

  mutating func take(uncorrectable codeblock: RawSpan) {
    uncorrectable.append(unsafe codeblock.withUnsafeBytes { unsafe [UInt8]($0) })
  }

  mutating func observe(_ event: CodingEvent) {
    switch event {
    case .codeblock(let observation): observations.append(observation)
    case .codeblockRefused(let byteCount): refusedByteCounts.append(byteCount)
    case .lock, .bytesSkipped: break
    }
  }
}

/// The bits of a stream, one to an element, so that nothing here works as the decoder does.
private struct Bits {
  var bits: [UInt8] = []

  mutating func append(_ bytes: [UInt8], isInverted: Bool = false) {
    for byte in bytes {
      for place in (0..<8).reversed() { bits.append((byte >> UInt8(place) & 1) ^ (isInverted ? 1 : 0)) }
    }
  }

  /// Filled up with zeros to whole bytes.
  var bytes: [UInt8] {
    stride(from: 0, to: bits.count, by: 8).map { start in
      (0..<8).reduce(UInt8(0)) { $0 << 1 | (start + $1 < bits.count ? bits[start + $1] : 0) }
    }
  }
}

@Suite("Channel decoder: from bits to frames, CCSDS 131.0-B-5")
struct ChannelDecoderTests {
  private static let marker: [UInt8] = [0x1A, 0xCF, 0xFC, 0x1D]

  private static func coding(_ frameByteCount: Int, _ sequence: Randomizer.Sequence) -> ChannelCoding {
    var coding = ChannelCoding(frameByteCount: frameByteCount)
    coding.syncMarker = .standard
    coding.randomizer = sequence
    return coding
  }

  @Test(
    "units at any bit offset and in either polarity give the frames that were sent",
    arguments: 0..<8, Randomizer.Sequence.allCases)
  func realigns(shift: Int, sequence: Randomizer.Sequence) {
    var random = SeededGenerator(seed: UInt64(shift) << 8)
    for frameByteCount in [1, 7, 8, 9, 31, 32, 33, 64, 223] {
      for isInverted in [false, true] {
        let added = Randomizer.bytes(of: sequence, count: frameByteCount)
        var stream = Bits(bits: Array(repeating: 1, count: shift))
        var frames: [[UInt8]] = []
        for _ in 0..<5 {
          let frame = random.bytes(frameByteCount)
          frames.append(frame)
          stream.append(Self.marker + zip(frame, added).map { $0 ^ $1 }, isInverted: isInverted)
        }
        var decoder = ChannelDecoder(Self.coding(frameByteCount, sequence))
        var found = Collector()
        unsafe decoder.receive(stream.bytes.span.bytes, endsUnit: false, receivedAt: 7, into: &found)
        decoder.finish(into: &found)
        #expect(found.frames == frames, "\(frameByteCount) bytes, inverted \(isInverted)")
        #expect(found.observations.allSatisfy { $0.marker?.errorCount == 0 && $0.marker?.isInverted == isInverted })
        #expect(found.times.allSatisfy { $0 == 7 })
      }
    }
  }

  @Test("a unit that comes without marker is decoded by itself; one of another length is refused and counted")
  func takesUnitsWithoutMarker() {
    var coding = ChannelCoding(frameByteCount: 20)
    coding.randomizer = .short255
    let sent: [UInt8] = (0..<20).map { UInt8($0) ^ Randomizer.bytes(of: .short255, count: 20)[$0] }
    var decoder = ChannelDecoder(coding)
    var found = Collector()
    for unit in [sent, Array(sent.dropLast()), sent + [0], [], sent] {
      unsafe decoder.receive(unit.span.bytes, endsUnit: true, receivedAt: nil, into: &found)
    }
    decoder.flush(into: &found)
    #expect(found.frames == [Array(0..<20), Array(0..<20)])
    #expect(found.refusedByteCounts == [19, 21, 0])
    #expect(decoder.streamCounts == StreamCounts())
  }

  @Test("what is decoded together leaves in the order in which it came, good and bad")
  func keepsOrder() {
    var reedSolomon = ReedSolomonParameters()
    reedSolomon.interleavingDepth = 5
    var coding = ChannelCoding(frameByteCount: 1115)
    coding.reedSolomon = reedSolomon
    var decoder = ChannelDecoder(coding)
    var found = Collector()
    var random = SeededGenerator(seed: 5)
    for number in 0..<100 {
      // The word of nothing but zeros is a codeword; noise is none.
      let unit = number % 3 == 0 ? random.bytes(1275) : [UInt8](repeating: 0, count: 1275)
      unsafe decoder.receive(unit.span.bytes, endsUnit: true, receivedAt: Int64(number), into: &found)
    }
    decoder.flush(into: &found)
    let times: [Int64?] = (0..<100).map { Int64($0) }
    let goodTimes: [Int64?] = times.filter { ($0 ?? 0) % 3 != 0 }
    #expect(found.observations.map(\.receivedAt) == times)
    #expect(found.observations.filter(\.isDecoded).map(\.receivedAt) == goodTimes)
    #expect(found.times == goodTimes)
    #expect(found.uncorrectable.count == 34)
  }

  /// Without a randomizer a codeword that is cut a symbol too early is another codeword, but for that symbol.
  @Test("what could be corrected a few bytes beside its place is not believed where the next marker shows the place")
  func resistsCyclicShift() {
    var coding = Self.coding(892, .none)
    var parameters = ReedSolomonParameters()
    parameters.interleavingDepth = 4
    coding.reedSolomon = parameters
    let encoder = ReedSolomonEncoder(parameters)
    var random = SeededGenerator(seed: 7)
    for garbageByteCount in 1...64 {
      let frames = (0..<12).map { _ in random.bytes(892) }
      var stream: [UInt8] = []
      for (number, frame) in frames.enumerated() {
        if number == 5 { stream += random.bytes(garbageByteCount) }
        stream += Self.marker + encoder.codeblock(of: frame)
      }
      var decoder = ChannelDecoder(coding)
      var found = Collector()
      unsafe decoder.receive(stream.span.bytes, endsUnit: false, receivedAt: nil, into: &found)
      decoder.finish(into: &found)
      #expect(found.frames == frames, "\(garbageByteCount) bytes of garbage")
      #expect(decoder.streamCounts.skipped == garbageByteCount)
    }
  }

  @Test("silence and the bare sequence are codewords, and prove no unit")
  func distrustsTrivialCodewords() {
    for sequence in Randomizer.Sequence.allCases {
      var coding = Self.coding(892, sequence)
      coding.reedSolomon = ReedSolomonParameters()
      coding.reedSolomon?.interleavingDepth = 4
      let silence = Self.marker + [UInt8](repeating: 0, count: 1020)
      let sequenceAlone = Self.marker + Randomizer.bytes(of: sequence, count: 1020)
      for unit in [silence, sequenceAlone] {
        var decoder = ChannelDecoder(coding)
        var found = Collector()
        unsafe decoder.receive(unit.span.bytes, endsUnit: false, receivedAt: nil, into: &found)
        decoder.finish(into: &found)
        #expect(found.frames.isEmpty)
        #expect(decoder.streamCounts.skipped == 1024)
      }
    }
  }
}
