import CCSDSLink
import CCSDSWire
import TestSupport
import Testing

@Suite("Loss, repetition and reordering together, over several TM channels")
struct ReorderingTests {
  /// What was withheld is what is missing: nothing is lost before the first frame or after the last, each loss is
  /// short, and no frame comes more than eight places late.
  @Test("the losses counted are the frames withheld", arguments: 1...100 as ClosedRange<UInt64>)
  func countsWhatWasWithheld(seed: UInt64) {
    print("seed", seed)
    var generator = SeededGenerator(seed: seed)
    let channelCount = Int.random(in: 1...3, using: &generator)
    let isTimed = Bool.random(using: &generator)
    var sent: [(place: Int, vcid: Int, frame: [UInt8])] = []
    var counts = [0, 0, 0]
    var missing = [0, 0, 0]
    for index in 0..<1000 {
      let vcid = Int.random(in: 0..<channelCount, using: &generator)
      let frame = FrameMaker.tm(
        vcid: vcid, master: index, count: counts[vcid], zone: generator.bytes(8))
      counts[vcid] += 1
      let isEdge = index < 40 || index > 960
      if !isEdge, Int.random(in: 0..<20, using: &generator) == 0 {
        missing[vcid] += 1
        continue
      }
      let isLate = !isEdge && Int.random(in: 0..<20, using: &generator) == 0
      sent.append((index + (isLate ? Int.random(in: 1...8, using: &generator) : 0), vcid, frame))
      if !isEdge, Int.random(in: 0..<20, using: &generator) == 0 {
        sent.append((index + Int.random(in: 0...8, using: &generator), vcid, frame))
      }
    }
    var bench = Bench(Bench.tm(16))
    let inOrder = sent.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
    for (_, item) in inOrder { bench.receive(item.frame, at: isTimed ? Double(item.place) / 1000 : nil) }
    var counted = [0, 0, 0]
    for frame in bench.recorder.accepted {
      let vcid = Self.vcid(ofChannel: frame.virtualChannel, in: bench.recorder.events)
      switch frame.continuity {
      case .gap(let missing, _): counted[vcid] += missing
      case .late(fillsGap: true): counted[vcid] -= 1
      case .first, .inSequence, .duplicate, .late, .frozen, .uncounted, .discontinuity: break
      }
    }
    #expect(counted == missing)
    let total = missing.reduce(0, +)
    #expect(bench.channel.masterChannelMissing(0) == (total, total))
    #expect(bench.unaccountedFrameCount == 0)
  }

  private static func vcid(ofChannel index: Int, in events: [LinkEvent]) -> Int {
    for case .virtualChannelAdded(index, let identity) in events { return Int(identity.virtualChannelID.rawValue) }
    return 0
  }
}
