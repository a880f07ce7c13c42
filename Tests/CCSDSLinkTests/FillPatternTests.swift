import CCSDSLink
import CCSDSWire
import TestSupport
import Testing

/// Fill that runs on from frame to frame, by its recurrence, a bit at a time.
private struct FillSequence {
  private var bits = [UInt8](repeating: 1, count: 32)

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in
      var byte: UInt8 = 0
      for _ in 0..<8 {
        byte = byte << 1 | bits[0]
        bits.append(bits[31] ^ bits[30] ^ bits[10] ^ bits[0])
        bits.removeFirst()
      }
      return byte
    }
  }
}

@Suite("Fill of idle frames")
struct FillPatternTests {
  /// All that a pattern found in these fills, in order.
  private static func compare(
    _ pattern: inout FillPattern, _ fills: [[UInt8]]
  ) -> FillPattern.Comparison {
    var sum = FillPattern.Comparison()
    for fill in fills {
      let comparison = pattern.compare(unsafe fill.span.bytes)
      sum.bitCount += comparison.bitCount
      sum.errorCount += comparison.errorCount
    }
    return sum
  }

  private static func flip(_ bit: Int, of fill: inout [UInt8]) { fill[bit / 8] ^= 0x80 >> UInt8(bit % 8) }

  // MARK: The sequence

  /// Vector pn, oid-fill-32: the first twenty bytes are published in the standards, the rest is its author's.
  @Test("the sequence begins with these 80 bytes")
  func generatesVector() {
    let vector =
      "ffffffff6db6d861451f11f19716723cbe7e00b1de90b262107af83494cee3323f0354bef5c1528c9bb9ed35fdbc23d9"
      + "bc2f07576d987881bdf84845cbcc7f38959ba73e4f69c80256ba6c7b92d4d82d"
    var sequence = FillSequence()
    let text = sequence.bytes(80).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    #expect(text == vector)
  }

  @Test("the sequence is known after eight idle frames, whatever came between them, and then all but 32 bits count")
  func recognizesSequence() {
    var sequence = FillSequence()
    var pattern = FillPattern()
    for _ in 0..<7 {
      #expect(Self.compare(&pattern, [sequence.bytes(80)]) == .init())
      _ = sequence.bytes(13)
      #expect(pattern.kind == nil)
    }
    #expect(Self.compare(&pattern, [sequence.bytes(80)]) == .init(bitCount: 608, errorCount: 0))
    #expect(pattern.kind == .sequence)
    #expect(Self.compare(&pattern, [sequence.bytes(80)]) == .init(bitCount: 608, errorCount: 0))
  }

  @Test("wrong bits that lie apart are all counted, once each", arguments: [1, 2, 3] as [UInt64])
  func countsErrorsInSequence(seed: UInt64) {
    print("seed", seed)
    var generator = SeededGenerator(seed: seed)
    var sequence = FillSequence()
    var pattern = FillPattern()
    _ = Self.compare(&pattern, (0..<8).map { _ in sequence.bytes(200) })
    var wrongCount = 0
    var found = FillPattern.Comparison()
    for _ in 0..<500 {
      var fill = sequence.bytes(200)
      var bit = 32 + Int.random(in: 0..<400, using: &generator)
      // A wrong bit spoils predictions up to 32 bits further on.
      while bit < 1600 - 32 {
        Self.flip(bit, of: &fill)
        wrongCount += 1
        bit += 33 + Int.random(in: 0..<600, using: &generator)
      }
      let comparison = Self.compare(&pattern, [fill])
      found.bitCount += comparison.bitCount
      found.errorCount += comparison.errorCount
    }
    #expect(found == .init(bitCount: 500 * (1600 - 32), errorCount: wrongCount))
    #expect(wrongCount > 1000)
  }

  @Test("no more than 256 bytes of a frame are compared")
  func comparesNoMore() {
    var sequence = FillSequence()
    var pattern = FillPattern()
    _ = Self.compare(&pattern, (0..<8).map { _ in sequence.bytes(1000) })
    var fill = sequence.bytes(1000)
    Self.flip(2048, of: &fill)
    Self.flip(7777, of: &fill)
    #expect(Self.compare(&pattern, [fill]) == .init(bitCount: 2016, errorCount: 0))
  }

  @Test("a frame that does not follow the sequence at all is not compared, and eight in a row end it")
  func dropsSequence() {
    var generator = SeededGenerator(seed: 5)
    var sequence = FillSequence()
    var pattern = FillPattern()
    _ = Self.compare(&pattern, (0..<8).map { _ in sequence.bytes(80) })
    #expect(Self.compare(&pattern, (0..<7).map { _ in generator.bytes(80) }) == .init())
    #expect(pattern.kind == .sequence)
    #expect(Self.compare(&pattern, [sequence.bytes(80)]).bitCount == 608)
    #expect(Self.compare(&pattern, (0..<8).map { _ in generator.bytes(80) }) == .init())
    #expect(pattern.kind == nil)
  }

  // MARK: The same bytes

  @Test("bytes that eight idle frames have in common are known, and compared from the ninth on")
  func recognizesRepetition() {
    var generator = SeededGenerator(seed: 7)
    let fill = generator.bytes(100)
    var pattern = FillPattern()
    #expect(Self.compare(&pattern, Array(repeating: fill, count: 7)) == .init())
    #expect(pattern.kind == nil)
    #expect(Self.compare(&pattern, [fill]) == .init())
    #expect(pattern.kind == .repeated)
    // Twelve whole words of 100 bytes.
    #expect(Self.compare(&pattern, [fill]) == .init(bitCount: 768, errorCount: 0))
  }

  @Test("zeros are the same bytes in every frame, and not the sequence, which they satisfy too")
  func prefersRepetition() {
    var pattern = FillPattern()
    _ = Self.compare(&pattern, Array(repeating: [UInt8](repeating: 0, count: 64), count: 8))
    #expect(pattern.kind == .repeated)
  }

  @Test("wrong bits are counted, all of them, when the right ones come back", arguments: [1, 2] as [UInt64])
  func countsErrorsInRepetition(seed: UInt64) {
    print("seed", seed)
    var generator = SeededGenerator(seed: seed)
    let fill = generator.bytes(256)
    var pattern = FillPattern()
    _ = Self.compare(&pattern, Array(repeating: fill, count: 8))
    var wrongCount = 0
    var found = FillPattern.Comparison()
    for frame in 0..<400 {
      var received = fill
      if frame % 2 == 0 {
        let bits = Set((0..<5).map { _ in Int.random(in: 0..<2048, using: &generator) })
        for bit in bits { Self.flip(bit, of: &received) }
        wrongCount += bits.count
      }
      let comparison = Self.compare(&pattern, [received])
      found.bitCount += comparison.bitCount
      found.errorCount += comparison.errorCount
    }
    #expect(found == .init(bitCount: 400 * 2048, errorCount: wrongCount))
  }

  @Test("a wrong bit in the first frame does not become the pattern")
  func survivesDamagedBeginning() {
    let fill = [UInt8](repeating: 0x55, count: 16)
    var damaged = fill
    Self.flip(3, of: &damaged)
    var pattern = FillPattern()
    _ = Self.compare(&pattern, [damaged] + Array(repeating: fill, count: 8))
    #expect(Self.compare(&pattern, [fill]) == .init(bitCount: 128, errorCount: 0))
  }

  @Test("fill that has changed for good is no error, and is learned anew")
  func followsChange() {
    let old = [UInt8](repeating: 0x55, count: 64)
    let new = [UInt8](repeating: 0xCA, count: 64)
    var pattern = FillPattern()
    _ = Self.compare(&pattern, Array(repeating: old, count: 10))
    #expect(Self.compare(&pattern, Array(repeating: new, count: 8)) == .init())
    #expect(pattern.kind == nil)
    #expect(Self.compare(&pattern, Array(repeating: new, count: 8)) == .init())
    #expect(pattern.kind == .repeated)
    #expect(Self.compare(&pattern, [new]) == .init(bitCount: 512, errorCount: 0))
  }

  @Test("a count in the fill is no error, fast or slow; the rest of the fill is compared")
  func leavesCounterOut() {
    var pattern = FillPattern()
    let fills = (0..<3000).map { frame -> [UInt8] in
      let slow = frame / 100
      return [0, 0, 0, 0, 0, 0, UInt8(frame >> 8), UInt8(frame & 0xFF), 0, 0, 0, 0, 0, 0, 0, UInt8(slow)]
        + [UInt8](repeating: 0x55, count: 16)
    }
    let found = Self.compare(&pattern, fills)
    #expect(found.errorCount == 0)
    #expect(found.bitCount > 2900 * 128)
  }

  // MARK: Neither

  @Test("of random fill nothing is measured, and after 64 frames that is said")
  func measuresNothing() {
    var generator = SeededGenerator(seed: 9)
    var pattern = FillPattern()
    #expect(Self.compare(&pattern, (0..<63).map { _ in generator.bytes(300) }) == .init())
    #expect(pattern.kind == nil)
    #expect(Self.compare(&pattern, (0..<500).map { _ in generator.bytes(300) }) == .init())
    #expect(pattern.kind == .irregular)
    _ = Self.compare(&pattern, Array(repeating: [UInt8](repeating: 1, count: 300), count: 8))
    #expect(pattern.kind == .repeated)
  }

  @Test("fill of less than eight bytes is not compared", arguments: 0..<8)
  func ignoresShortFill(byteCount: Int) {
    var pattern = FillPattern()
    let fills = Array(repeating: [UInt8](repeating: 0x55, count: byteCount), count: 100)
    #expect(Self.compare(&pattern, fills) == .init())
    #expect(pattern.kind == nil)
  }

  @Test("short frames in which nothing is known take nothing from what is known of longer ones")
  func keepsWhatLongerFramesHave() {
    var pattern = FillPattern()
    var generator = SeededGenerator(seed: 3)
    func fill(_ constantByteCount: Int) -> [UInt8] {
      generator.bytes(16) + [UInt8](repeating: 0x55, count: constantByteCount)
    }
    for _ in 0..<8 { _ = pattern.compare(unsafe fill(64).span.bytes) }
    #expect(pattern.kind == .repeated)
    for _ in 0..<20 { #expect(pattern.compare(unsafe fill(0).span.bytes) == FillPattern.Comparison()) }
    #expect(pattern.kind == .repeated)
    #expect(pattern.compare(unsafe fill(64).span.bytes) == FillPattern.Comparison(bitCount: 512, errorCount: 0))
  }

  @Test("fill that is longer and shorter by turns traps nothing")
  func survivesLengths() {
    var generator = SeededGenerator(seed: 10)
    var sequence = FillSequence()
    var pattern = FillPattern()
    for _ in 0..<2000 {
      let count = Int.random(in: 0...300, using: &generator)
      let fill = Bool.random(using: &generator) ? sequence.bytes(count) : [UInt8](repeating: 0, count: count)
      _ = Self.compare(&pattern, [fill])
    }
  }
}

@Suite("Fill of idle frames, on a link")
struct LinkFillTests {
  private static func receive(_ type: TransferFrameType, _ frames: [[UInt8]]) -> [LinkEvent] {
    var parameters = PhysicalChannelParameters(frameType: type, frameByteCount: frames[0].count)
    parameters.errorControl = .crc16
    parameters.spacecraftIDs = [.init(100)]
    var channel = PhysicalChannel(parameters: parameters)
    var recorder = Recorder()
    for frame in frames { channel.receive(unsafe frame.span.bytes, at: nil, into: &recorder) }
    return recorder.events.filter {
      switch $0 {
      case .fillRecognized, .fillCompared: true
      default: false
      }
    }
  }

  @Test("TM: the data field of frames with only idle data is compared, from the ninth on")
  func comparesTM() {
    var frames = (0..<10).map {
      FrameMaker.tm(master: $0, count: $0, pointer: 0x7FE, zone: [UInt8](repeating: 0x55, count: 24))
    }
    #expect(
      Self.receive(.tm, frames) == [
        .fillRecognized(virtualChannel: 0, .repeated), .fillCompared(virtualChannel: 0, bitCount: 192, errorCount: 0),
        .fillCompared(virtualChannel: 0, bitCount: 192, errorCount: 0),
      ])
    // A packet's bytes are none of its business, and a repeated frame is nothing new.
    frames.append(frames[9])
    frames.append(FrameMaker.tm(master: 10, count: 10, pointer: 0x7FF, zone: [UInt8](repeating: 0, count: 24)))
    #expect(Self.receive(.tm, frames).count == 3)
  }

  @Test("AOS: what follows the pointer is compared, on the channel for fill and on others")
  func comparesAOS() {
    var sequence = FillSequence()
    let frames = (0..<9).map {
      FrameMaker.aos(vcid: $0 < 8 ? 1 : 63, count: $0, pointer: 0x7FE, zone: sequence.bytes(24))
    }
    #expect(
      Self.receive(.aos, frames) == [
        .fillRecognized(virtualChannel: 0, .sequence), .fillCompared(virtualChannel: 0, bitCount: 160, errorCount: 0),
      ])
    let idle = (0..<9).map {
      FrameMaker.aos(vcid: 63, count: $0, pointer: 0x7FE, zone: [UInt8](repeating: 9, count: 24))
    }
    #expect(
      Self.receive(.aos, idle) == [
        .fillRecognized(virtualChannel: 0, .repeated), .fillCompared(virtualChannel: 0, bitCount: 192, errorCount: 0),
      ])
  }
}
