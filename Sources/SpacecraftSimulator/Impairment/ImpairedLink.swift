/// The way between the spacecraft and the receiver: frames go in, datagrams come out, not all and not in order.
struct ImpairedLink: Sendable {
  /// What arrives later than it was sent, or was never sent by ours.
  private struct WaitingDatagram: Sendable {
    let bytes: [UInt8]
    let record: FrameRecord
    /// It arrives right after the frame of this place.
    let place: Int
  }

  private let link: LinkPlan
  private let impairments: Impairments
  private let isClean: Bool
  private var source: FrameSource
  private var random: SeededRandom
  private var waiting: [WaitingDatagram] = []
  private var burstFrameCount = 0
  private var foreignFrameCount = 0
  private var isResetDue = false
  /// Channels of which a frame has arrived unharmed: only then is a delayed one late rather than the first.
  private var hasArrived: [Bool]

  init(_ scenario: Scenario) {
    link = scenario.link
    impairments = scenario.impairments
    isClean = scenario.impairments == .none
    source = FrameSource(scenario)
    random = SeededRandom(seed: scenario.link.seed, stream: 2)
    hasArrived = source.channels.map { _ in false }
  }

  var channels: [VirtualChannelTransmitter] { source.channels }

  /// The frames sent so far, whatever became of them.
  var sentFrameCount: Int { source.frameCount }

  /// Writes the next datagram to arrive; false at the end.
  mutating func next(into datagram: inout [UInt8], _ record: inout FrameRecord) -> Bool {
    if isClean { return source.next(into: &datagram, &record) }
    while true {
      if takeWaiting(upTo: source.frameCount, &datagram, &record) { return true }
      if isResetDue, waiting.isEmpty {
        source.resetCounters()
        isResetDue = false
      }
      guard source.next(into: &datagram, &record) else {
        return takeWaiting(upTo: .max, &datagram, &record)
      }
      if impair(&datagram, &record) { return true }
    }
  }

  /// Lends the first datagram whose place has come.
  private mutating func takeWaiting(upTo place: Int, _ datagram: inout [UInt8], _ record: inout FrameRecord) -> Bool {
    var first: Int?
    for index in waiting.indices where waiting[index].place <= place {
      if let earlier = first, waiting[earlier].place <= waiting[index].place { continue }
      first = index
    }
    guard let first else { return false }
    let taken = waiting.remove(at: first)
    datagram.removeAll(keepingCapacity: true)
    datagram.append(contentsOf: taken.bytes)
    record = taken.record
    return true
  }

  private mutating func wait(_ bytes: [UInt8], _ record: FrameRecord, places: Int) {
    waiting.append(WaitingDatagram(bytes: bytes, record: record, place: source.frameCount + places))
  }

  /// Does to a frame what is to be done to it, and says whether it arrives now.
  private mutating func impair(_ frame: inout [UInt8], _ record: inout FrameRecord) -> Bool {
    if random.chance(impairments.counterResetProbability) { isResetDue = true }
    insert(frame, record)
    let isInBurst = burstFrameCount > 0
    burstFrameCount = max(0, burstFrameCount - 1)
    if record.isSpared { return arrives(record) }
    if record.isFrozen { return duplicate(frame, record, delays: 0...0) }
    if isInBurst { return false }
    if random.chance(impairments.dropProbability) {
      burstFrameCount = random.within(impairments.dropBurstFrameCounts) - 1
      return false
    }
    if link.hasErrorControl, random.chance(impairments.corruptProbability) {
      corrupt(&frame, &record)
      return true
    }
    if random.chance(impairments.truncateProbability) {
      frame.removeLast(random.within(1...frame.count - 1))
      record.condition = .wrongLength
      return true
    }
    if random.chance(impairments.oversizeProbability) {
      for _ in 0..<random.within(1...16) { frame.append(UInt8(truncatingIfNeeded: random.next())) }
      record.condition = .wrongLength
      return true
    }
    if !isResetDue, hasArrived[record.channel], random.chance(impairments.reorderProbability) {
      wait(frame, record, places: random.within(impairments.reorderDelays))
      return false
    }
    return duplicate(frame, record, delays: isResetDue ? 0...0 : impairments.duplicateDelays)
  }

  private mutating func arrives(_ record: FrameRecord) -> Bool {
    hasArrived[record.channel] = true
    return true
  }

  private mutating func duplicate(_ frame: [UInt8], _ record: FrameRecord, delays: ClosedRange<Int>) -> Bool {
    if random.chance(impairments.duplicateProbability) { wait(frame, record, places: random.within(delays)) }
    return arrives(record)
  }

  /// Lets arrive, behind this frame, what the plan's spacecraft never sent.
  private mutating func insert(_ frame: [UInt8], _ record: FrameRecord) {
    if random.chance(impairments.foreignVersionProbability) {
      var copy = frame
      var copyRecord = record
      source.changeVersion(of: &copy, &copyRecord)
      wait(copy, copyRecord, places: 0)
    }
    if foreignFrameCount < impairments.foreignFrameLimit, random.chance(impairments.foreignProbability) {
      var foreign: [UInt8] = []
      var foreignRecord = record
      if source.foreignFrame(into: &foreign, &foreignRecord) {
        foreignFrameCount += 1
        wait(foreign, foreignRecord, places: 0)
      }
    }
    if random.chance(impairments.emptyProbability) {
      var emptyRecord = record
      emptyRecord.condition = .empty
      wait([], emptyRecord, places: 0)
    }
  }

  /// Turns one to eight bits behind the header, and more until the error control field tells.
  private mutating func corrupt(_ frame: inout [UInt8], _ record: inout FrameRecord) {
    let start = min(FrameLayout(link: link).dataField.lowerBound, frame.count - 1)
    var flipCount = random.within(1...8)
    while flipCount > 0 || source.isSealed(frame) {
      frame[random.within(start...frame.count - 1)] ^= 1 << UInt8(random.below(8))
      flipCount -= 1
    }
    record.condition = .damaged
  }
}
