import CCSDSCoding
import SpacecraftSimulator
import TestSupport
import Testing

@Suite("Trials of undecoded input")
struct DecodingTrialTests {
  /// A code of the standard with a randomizer.
  struct Setting: CustomTestStringConvertible {
    var plan: CodingPlan
    var testDescription: String {
      let code = plan.reedSolomon.map { "E=\($0.errors) I=\($0.interleave) \($0.basis)" } ?? "no code"
      return "\(code), \(plan.randomizer)"
    }
  }

  private static let settings = [16, 8].flatMap { errors in
    [1, 2, 3, 4, 5, 8].flatMap { interleave in
      CodingPlan.ReedSolomon.Basis.allCases.flatMap { basis in
        CodingPlan.Randomizer.allCases.map { randomizer in
          var plan = CodingPlan()
          plan.reedSolomon = CodingPlan.ReedSolomon(errors: errors, interleave: interleave, basis: basis)
          plan.randomizer = randomizer
          return Setting(plan: plan)
        }
      }
    }
  }

  /// A link that was told something else in every respect but the type of the frames.
  private static func wrong(_ version: TransferFrameVersion) -> TrialExpectation {
    var coding = ChannelCoding(frameByteCount: 1784)
    coding.syncMarker = .standard
    coding.reedSolomon = ReedSolomonParameters()
    coding.reedSolomon?.interleavingDepth = 8
    return TrialExpectation(coding: coding, frameByteCount: 1784, version: version)
  }

  @Test("every code with every randomizer is recognized, in frames of noise and in frames of fill", arguments: settings)
  func recognizesEveryCode(setting: Setting) throws {
    for fill in [0, 7] {
      for content in TrialStream.Content.allCases {
        for version in [TransferFrameVersion.tm, .aos, .uslp] {
          let code = try #require(setting.plan.reedSolomon)
          var stream = TrialStream(plan: setting.plan, version: version)
          stream.frameByteCount = code.largestFrameByteCount - fill * code.interleave
          stream.content = content
          let sample = InputSample(stream: stream.units().flatMap(\.self))
          let reading = DecodingTrial.findings(in: sample, expecting: Self.wrong(version)).reading
          #expect(reading?.coding == stream.expectation.coding, "fill \(fill), \(content), \(version)")
          #expect(reading?.version == version)
          #expect(reading?.decodedUnitCount == reading?.triedUnitCount)
          #expect(reading?.isRandomizerAmbiguous == false, "fill \(fill), \(content), \(version)")
        }
      }
    }
  }

  @Test("units that come without marker are recognized just so, upright and inverted", arguments: settings)
  func recognizesUnitsWithoutMarker(setting: Setting) throws {
    for isInverted in [false, true] {
      let code = try #require(setting.plan.reedSolomon)
      var stream = TrialStream(plan: setting.plan, frameByteCount: code.largestFrameByteCount)
      stream.plan.syncMarker = []
      let units = stream.units().map { isInverted ? $0.map(~) : $0 }
      for sample in [InputSample(units: units), InputSample(stream: units.flatMap(\.self))] {
        let findings = DecodingTrial.findings(in: sample, expecting: Self.wrong(.aos))
        #expect(findings.census == nil)
        #expect(findings.reading?.coding == stream.expectation.coding)
        #expect(findings.reading?.isInverted == isInverted)
      }
    }
  }

  @Test("nothing is made of random data", arguments: 0..<UInt64(Sanitizer.count(200, or: 20)))
  func findsNothingInNoise(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let byteCount = [259, 1024, 1279, 2044, 892, 255][Int(seed % 6)]
    let units = (0..<(64 << 10) / byteCount).map { _ in generator.bytes(byteCount) }
    for expectation in [Self.wrong(.tm), TrialExpectation(coding: nil, frameByteCount: 255, version: .aos)] {
      #expect(DecodingTrial.findings(in: InputSample(units: units), expecting: expectation).isEmpty)
      let stream = InputSample(stream: units.flatMap(\.self))
      #expect(DecodingTrial.findings(in: stream, expecting: expectation).isEmpty)
    }
  }

  @Test("nothing is made of a pattern, whichever codewords it consists of", arguments: 1...16)
  func findsNothingInPatterns(period: Int) {
    var generator = SeededGenerator(seed: UInt64(period))
    let patterns = [generator.bytes(period), [0x00], [0xFF], [0x55, 0xAA]]
    for pattern in patterns {
      let bytes = (0..<40_800).map { pattern[$0 % pattern.count] }
      let units = (0..<40).map { Array(bytes[$0 * 1020..<($0 + 1) * 1020]) }
      for sample in [InputSample(units: units), InputSample(stream: bytes)] {
        let findings = DecodingTrial.findings(in: sample, expecting: Self.wrong(.tm))
        #expect(findings.reading == nil && findings.census == nil)
      }
    }
  }

  @Test("the short sequence itself, which is a codeword, is no unit")
  func findsNothingInSequence() {
    let encoder = UnitEncoder(Self.settings[1].plan, frameByteCount: 223)
    let unit = encoder.unit(of: [UInt8](repeating: 0, count: 223))
    for unit in [unit, Array(unit.dropFirst(4))] {
      let sample = InputSample(units: Array(repeating: unit, count: 20))
      #expect(DecodingTrial.findings(in: sample, expecting: Self.wrong(.tm)).reading == nil)
    }
  }

  @Test("frames of fill without a code are no codewords, although fill is one", arguments: [255, 510, 1020, 1275])
  func findsNoCodeInFill(byteCount: Int) {
    var stream = TrialStream(version: .tm, frameByteCount: byteCount, content: .idle)
    stream.hasErrorControl = true
    let sample = InputSample(stream: stream.units().flatMap(\.self))
    let reading = DecodingTrial.findings(in: sample, expecting: Self.wrong(.tm)).reading
    #expect(reading?.coding == stream.expectation.coding)
    #expect(reading?.hasFrameErrorControl == true)
  }

  @Test("what is almost a pattern takes no longer than anything else", .timeLimit(.minutes(10)))
  func isBoundedByTheSample() {
    var generator = SeededGenerator(seed: 9)
    let byteCount = InputSample.capacity
    var silence = [UInt8](repeating: 0, count: byteCount)
    silence[byteCount - 5] = 1
    // A frame with error control, and zeros, which leave a CRC of zero as it is.
    var filled = generator.bytes(200)
    let check = TrialStream.crc16(filled)
    filled += [UInt8(check >> 8), UInt8(check & 0xFF)] + [UInt8](repeating: 0, count: byteCount - 202)
    let beginnings = (0..<byteCount).map { ([0x1A, 0xCF] as [UInt8])[$0 % 2] }
    for _ in 0..<60 {
      for bytes in [silence, filled, beginnings] {
        #expect(DecodingTrial.findings(in: InputSample(stream: bytes), expecting: Self.wrong(.aos)).reading == nil)
      }
    }
  }
}
