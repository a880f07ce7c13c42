import CCSDSLink
import CCSDSWire
import Testing

@Suite("Service data units in USLP frames, CCSDS 732.1-B-3 §4.1.4")
struct ServiceDataTests {
  /// One frame of an access point: its rule, where the unit ends in its zone of ten bytes, and whether it arrives.
  private struct Step {
    var rule: Int
    var pointer: Int?
    var protocolID = 5
    var isLost = false
  }

  private static func run(_ steps: [Step], limit: Int? = nil) -> Recorder {
    var parameters = Bench.variableUSLP()
    if let limit { parameters.limits.maximumServiceDataUnitByteCount = limit }
    var bench = Bench(parameters)
    for (count, step) in steps.enumerated() where !step.isLost {
      var parts = FrameMaker.USLP(map: 4)
      parts.count = count
      let pointer = step.rule < 3 ? step.pointer ?? 0xFFFF : nil
      let zone = [UInt8](repeating: 9, count: 10)
      bench.receive(
        FrameMaker.uslp(parts, rule: step.rule, protocolID: step.protocolID, pointer: pointer, zone: zone))
    }
    #expect(bench.unaccountedServiceDataByteCount == 0)
    #expect(bench.unaccountedByteCount == 0)
    return bench.recorder
  }

  // Rules 1 and 2: zones of fixed length.

  @Test("a unit ends at its last valid byte, and fill follows up to the end of the zone", arguments: 0..<10)
  func endsAtPointer(pointer: Int) {
    let recorder = Self.run([Step(rule: 1, pointer: pointer)])
    #expect(recorder.serviceDataUnits == [pointer + 1])
    #expect(recorder.serviceData.last == (pointer == 9 ? .completed(byteCount: 10) : .fill(byteCount: 9 - pointer)))
    let long = Self.run([Step(rule: 1), Step(rule: 2), Step(rule: 2, pointer: pointer), Step(rule: 1, pointer: 9)])
    #expect(long.serviceDataUnits == [21 + pointer, 10])
  }

  @Test("a pointer behind the zone makes no sense, and gives up the unit that had begun")
  func refusesPointer() {
    let recorder = Self.run([Step(rule: 1), Step(rule: 2, pointer: 10), Step(rule: 2, pointer: 3)])
    #expect(recorder.serviceDataUnits == [])
    #expect(recorder.abandonedServiceData == [.dataField])
    // The zone and the three bytes before it: nothing is known of the field.
    #expect(recorder.discardedServiceData == [.dataField: 23, .unsynchronized: 4])
  }

  @Test("a continuation without a beginning is discarded, its fill is fill all the same")
  func refusesContinuation() {
    let recorder = Self.run([Step(rule: 2), Step(rule: 2, pointer: 5)])
    #expect(recorder.discardedServiceData == [.unsynchronized: 16])
    #expect(recorder.serviceData.last == .fill(byteCount: 4))
  }

  @Test("a beginning before the end gives up the unit that had begun")
  func refusesSecondBeginning() {
    let recorder = Self.run([Step(rule: 1), Step(rule: 1), Step(rule: 2, pointer: 0)])
    #expect(recorder.abandonedServiceData == [.segmentOrder])
    #expect(recorder.discardedServiceData == [.segmentOrder: 10])
    #expect(recorder.serviceDataUnits == [11])
  }

  // Rules 4 to 7: zones of any length.

  @Test("segments make a unit, and a frame without segmentation is one")
  func joinsSegments() {
    #expect(Self.run([Step(rule: 4), Step(rule: 5), Step(rule: 5), Step(rule: 6)]).serviceDataUnits == [40])
    #expect(Self.run([Step(rule: 4), Step(rule: 6), Step(rule: 7)]).serviceDataUnits == [20, 10])
  }

  @Test(
    "segments out of order give up what had begun, and are no beginning themselves",
    arguments: [
      ([6], [], [], [.unsynchronized: 10]), ([5, 6], [], [], [.unsynchronized: 20]),
      ([4, 4, 6], [20], [.segmentOrder], [.segmentOrder: 10]),
      ([4, 7, 6], [10], [.segmentOrder], [.segmentOrder: 10, .unsynchronized: 10]),
      // The rules of fixed and of variable length are of two kinds of unit.
      ([1, 6], [], [.segmentOrder], [.segmentOrder: 10, .unsynchronized: 10]),
      ([4, 2], [], [.segmentOrder], [.segmentOrder: 10, .unsynchronized: 10]),
    ] as [([Int], [Int], [ZoneDiscard], [ZoneDiscard: Int])])
  func refusesDisorder(rules: [Int], units: [Int], abandoned: [ZoneDiscard], discarded: [ZoneDiscard: Int]) {
    let recorder = Self.run(rules.map { Step(rule: $0) })
    #expect(recorder.serviceDataUnits == units)
    #expect(recorder.abandonedServiceData == abandoned)
    #expect(recorder.discardedServiceData == discarded)
  }

  @Test("a lost frame takes the unit with it", arguments: [(1, 2), (4, 5)])
  func losesUnit(first: Int, next: Int) {
    let recorder = Self.run([
      Step(rule: first), Step(rule: next, isLost: true), Step(rule: next), Step(rule: 7),
    ])
    #expect(recorder.abandonedServiceData == [.gap])
    #expect(recorder.discardedServiceData == [.gap: 10, .unsynchronized: 10])
    #expect(recorder.serviceDataUnits == [10])
  }

  @Test("a part of another protocol continues nothing")
  func refusesOtherProtocol() {
    let recorder = Self.run([Step(rule: 4), Step(rule: 6, protocolID: 1)])
    #expect(recorder.abandonedServiceData == [.segmentOrder])
    #expect(recorder.discardedServiceData == [.segmentOrder: 10, .unsynchronized: 10])
  }

  @Test("a unit longer than is believed is given up, and what follows continues nothing")
  func boundsUnit() {
    let recorder = Self.run([Step(rule: 4), Step(rule: 5), Step(rule: 5), Step(rule: 6)], limit: 25)
    #expect(recorder.serviceDataUnits == [])
    #expect(recorder.abandonedServiceData == [.length])
    #expect(recorder.discardedServiceData == [.length: 30, .unsynchronized: 10])
    #expect(Self.run([Step(rule: 4), Step(rule: 6)], limit: 20).serviceDataUnits == [20])
    #expect(Self.run([Step(rule: 7)], limit: 9).serviceDataUnits == [])
  }

  // Rule 3.

  @Test("a stream is delivered as it comes, and has no units")
  func deliversStream() {
    let recorder = Self.run([
      Step(rule: 3, protocolID: 4), Step(rule: 3, protocolID: 4, isLost: true), Step(rule: 3, protocolID: 4),
    ])
    #expect(recorder.serviceDataUnits == [])
    #expect(recorder.serviceData.filter { $0 == .streamed(byteCount: 10) }.count == 2)
  }

  // What cannot be.

  @Test("a protocol comes under its own rules, and under no other; reserved ones under none")
  func knowsWhatIsPossible() {
    for protocolID in 1..<31 {
      for rule in 0..<8 {
        let recorder = Self.run([Step(rule: rule, pointer: rule == 0 ? 0 : 9, protocolID: protocolID)])
        let isStream = protocolID == 4
        let isPossible = protocolID < 9 && (isStream ? rule == 3 : rule != 0 && rule != 3)
        #expect(
          recorder.discardedServiceData[.dataField] == (isPossible ? nil : 10), "protocol \(protocolID), rule \(rule)")
        #expect(recorder.accepted.count == 1)
      }
    }
  }

  @Test("idle data are neither packets nor units, on whatever channel and under whatever rule", arguments: 0..<8)
  func skipsIdleData(rule: Int) {
    let recorder = Self.run([Step(rule: rule, pointer: 9, protocolID: 31)])
    #expect(recorder.accepted.map(\.isIdle) == [true])
    #expect(recorder.serviceData == [])
    #expect(recorder.zoneByteCount == 0)
  }

  @Test("an idle frame between two parts gives nothing up")
  func keepsUnitAcrossIdleData() {
    #expect(Self.run([Step(rule: 4), Step(rule: 1, protocolID: 31), Step(rule: 6)]).serviceDataUnits == [20])
  }
}
