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
  private let insertions: [(probability: Double, impairment: Impairment)]
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
    insertions = [
      (impairments.counterResetProbability, .counterReset),
      (impairments.foreignVersionProbability, .foreignVersion),
      (impairments.foreignProbability, .foreign),
      (impairments.emptyProbability, .empty),
    ]
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
      if isResetDue, waiting.isEmpty, source.isTurnFree {
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

  /// Does to a frame what is planned, or else what chance will have, and says whether it arrives now.
  private mutating func impair(_ frame: inout [UInt8], _ record: inout FrameRecord) -> Bool {
    if let planned = impairments.planned[source.frameCount - 1] { return apply(planned, &frame, &record) }
    for (probability, insertion) in insertions where random.chance(probability) {
      insert(insertion, frame, record)
    }
    guard let fate = drawFate(record) else { return arrives(record) }
    return apply(fate, &frame, &record)
  }

  /// What the dice say of a frame of ours.
  private mutating func drawFate(_ record: FrameRecord) -> Impairment? {
    let isInBurst = burstFrameCount > 0
    burstFrameCount = max(0, burstFrameCount - 1)
    if record.isSpared { return nil }
    if record.isFrozen { return random.chance(impairments.duplicateProbability) ? .duplicate(places: 0) : nil }
    if isInBurst { return .drop }
    if random.chance(impairments.dropProbability) {
      burstFrameCount = random.within(impairments.dropBurstFrameCounts) - 1
      return .drop
    }
    if link.hasErrorControl, random.chance(impairments.corruptProbability) { return .corrupt }
    if random.chance(impairments.truncateProbability) { return .truncate }
    if random.chance(impairments.oversizeProbability) { return .oversize }
    // Nothing may be on its way when a count starts again, and a first frame cannot be late.
    if !isResetDue, hasArrived[record.channel], random.chance(impairments.reorderProbability) {
      return .delay(places: random.within(impairments.reorderDelays))
    }
    guard random.chance(impairments.duplicateProbability) else { return nil }
    return .duplicate(places: isResetDue ? 0 : random.within(impairments.duplicateDelays))
  }

  private mutating func apply(_ impairment: Impairment, _ frame: inout [UInt8], _ record: inout FrameRecord) -> Bool {
    switch impairment {
    case .drop:
      return false
    case .duplicate(let places):
      wait(frame, record, places: places)
      return arrives(record)
    case .delay(let places):
      wait(frame, record, places: places)
      return false
    case .corrupt:
      corrupt(&frame, &record)
      return true
    case .truncate:
      frame.removeLast(random.within(1...frame.count - 1))
      record.condition = .wrongLength
      return true
    case .oversize:
      for _ in 0..<random.within(1...16) { frame.append(UInt8(truncatingIfNeeded: random.next())) }
      record.condition = .wrongLength
      return true
    case .counterReset, .foreign, .foreignVersion, .empty:
      insert(impairment, frame, record)
      return arrives(record)
    }
  }

  private mutating func arrives(_ record: FrameRecord) -> Bool {
    hasArrived[record.channel] = true
    return true
  }

  /// Lets follow this frame what is not its own fate.
  private mutating func insert(_ impairment: Impairment, _ frame: [UInt8], _ record: FrameRecord) {
    var bytes: [UInt8] = []
    var record = record
    switch impairment {
    case .drop, .duplicate, .delay, .corrupt, .truncate, .oversize:
      return
    case .counterReset:
      isResetDue = true
      return
    case .foreign:
      guard foreignFrameCount < impairments.foreignFrameLimit, source.foreignFrame(into: &bytes, &record) else {
        return
      }
      foreignFrameCount += 1
    case .foreignVersion:
      bytes = frame
      source.changeVersion(of: &bytes, &record)
    case .empty:
      record.condition = .empty
    }
    wait(bytes, record, places: 0)
  }

  /// Turns one to eight bits behind the header, and more until the error control field tells.
  private mutating func corrupt(_ frame: inout [UInt8], _ record: inout FrameRecord) {
    let start = min(FrameLayout(link: link).dataField.lowerBound, frame.count - 1)
    var flipCount = random.within(1...8)
    while flipCount > 0 || link.hasErrorControl && source.isSealed(frame) {
      frame[random.within(start...frame.count - 1)] ^= 1 << UInt8(random.below(8))
      flipCount -= 1
    }
    record.condition = .damaged
  }
}
