import CCSDSCoding
import SpacecraftSimulator
import TestSupport
import Testing

@Suite("Trials of input without a code")
struct PlainTrialTests {
  private static let expectation = TrialExpectation(coding: nil, frameByteCount: 1115, version: .aos)

  @Test(
    "frames behind markers are recognized by their error control", arguments: CodingPlan.Randomizer.allCases)
  func recognizesFramesBehindMarkers(randomizer: CodingPlan.Randomizer) {
    for version in TransferFrameVersion.allCases {
      for content in TrialStream.Content.allCases {
        var stream = TrialStream(version: version, frameByteCount: 892, hasErrorControl: true, content: content)
        stream.plan.randomizer = randomizer
        let sample = InputSample(stream: stream.units().flatMap(\.self))
        let findings = DecodingTrial.findings(in: sample, expecting: Self.expectation)
        #expect(findings.reading?.coding == stream.expectation.coding)
        #expect(findings.reading?.hasFrameErrorControl == true)
        #expect(findings.reading?.version == version)
      }
    }
  }

  @Test(
    "without error control they are recognized by their counts", arguments: CodingPlan.Randomizer.allCases)
  func recognizesFramesByCounts(randomizer: CodingPlan.Randomizer) {
    for version in TransferFrameVersion.allCases {
      var stream = TrialStream(version: version, frameByteCount: 892)
      stream.plan.randomizer = randomizer
      for marker in [CodingPlan.standardMarker, []] {
        stream.plan.syncMarker = marker
        for sample in [InputSample(stream: stream.units().flatMap(\.self)), InputSample(units: stream.units())] {
          let findings = DecodingTrial.findings(in: sample, expecting: Self.expectation)
          #expect(findings.reading?.coding == stream.expectation.coding, "\(version) \(marker.count)")
          #expect(findings.reading?.version == version)
        }
      }
    }
  }

  @Test("the length of frames in a file is found", arguments: [223, 892, 1115, 2048, 8160])
  func findsLength(byteCount: Int) {
    for hasErrorControl in [true, false] {
      var stream = TrialStream(version: .aos, frameByteCount: byteCount, hasErrorControl: hasErrorControl)
      stream.plan.syncMarker = []
      stream.unitCount = 12
      let bytes = stream.units().flatMap(\.self)
      // As a link cuts a file by the length it was told.
      let cut = stride(from: 0, to: bytes.count, by: 1000).map { Array(bytes[$0..<min($0 + 1000, bytes.count)]) }
      for sample in [InputSample(stream: bytes), InputSample(units: cut)] {
        let reading = DecodingTrial.findings(in: sample, expecting: Self.expectation).reading
        #expect(reading?.coding == stream.expectation.coding)
        #expect(reading?.hasFrameErrorControl == hasErrorControl)
      }
    }
  }

  @Test("several frames in a datagram are told apart", arguments: 2...8)
  func countsFramesInDatagram(count: Int) {
    var stream = TrialStream(version: .tm, frameByteCount: 446, hasErrorControl: true, unitCount: 64)
    stream.plan.syncMarker = []
    let units = stream.units()
    let datagrams = stride(from: 0, through: units.count - count, by: count).map {
      units[$0..<$0 + count].flatMap(\.self)
    }
    let reading = DecodingTrial.findings(in: InputSample(units: datagrams), expecting: Self.expectation).reading
    #expect(reading?.coding == stream.expectation.coding)
    #expect(reading?.unitsPerDatagram == count)
  }

  @Test("codeblocks beyond correction are not taken for frames without a code")
  func distrustsBrokenCodeblocks() {
    var stream = TrialStream(frameByteCount: 892)
    stream.plan.reedSolomon = CodingPlan.ReedSolomon(interleave: 4)
    let units = stream.units().map { unit in
      // 80 of 1020 symbols, 20 in each codeword, behind the header.
      unit.enumerated().map { $0 >= 40 && $0 < 120 ? ~$1 : $1 }
    }
    let findings = DecodingTrial.findings(
      in: InputSample(stream: units.flatMap(\.self)), expecting: stream.expectation)
    #expect(findings.reading == nil)
    #expect(findings.census?.byteDistance == 1024)
    #expect(findings.census?.distanceCount == 23)
  }
}
